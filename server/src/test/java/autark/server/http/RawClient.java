package autark.server.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// A client that sends what a test tells it, byte by byte, and reads answers without mercy: what is
/// not HTTP fails the test.
public final class RawClient implements AutoCloseable {
    /// A wait that only a hanging server reaches.
    private static final int PATIENCE_MILLIS = 20_000;

    private final Socket socket;
    private final InputStream in;

    public RawClient(int port) {
        this(connected(port));
    }

    RawClient(Socket socket) {
        try {
            this.socket = socket;
            socket.setSoTimeout(PATIENCE_MILLIS);
            this.in = socket.getInputStream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Socket connected(int port) {
        return connected(port, 0);
    }

    /// @param receiveBytes that the system takes in for this client; 0 for the usual
    static Socket connected(int port, int receiveBytes) {
        try {
            Socket socket = new Socket();
            if (receiveBytes > 0) {
                socket.setReceiveBufferSize(receiveBytes);
            }
            socket.setTcpNoDelay(true);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return socket;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// An answer. The body of a chunked one is joined.
    public record Answer(int status, Map<String, String> headers, String body) {
        public String header(String name) {
            return headers.getOrDefault(name, "");
        }
    }

    public RawClient send(String text) {
        return send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    RawClient send(byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The next answer.
    public Answer receive() {
        return next().orElseThrow(
                        () -> new AssertionError("the connection ended, expected an answer"));
    }

    /// The next answer; empty if the connection has ended in peace.
    Optional<Answer> next() {
        try {
            String status = line();
            if (status.isEmpty()) {
                return Optional.empty();
            }
            Map<String, String> headers = new LinkedHashMap<>();
            for (String line = line(); !line.isEmpty(); line = line()) {
                int colon = line.indexOf(": ");
                headers.put(
                        line.substring(0, colon).toLowerCase(Locale.ROOT),
                        line.substring(colon + 2));
            }
            int code = Integer.parseInt(status.split(" ", 3)[1]);
            if (!status.startsWith("HTTP/1.1 ")) {
                throw new AssertionError("found " + status);
            }
            boolean bare = code == 204 || code == 100;
            return Optional.of(new Answer(code, headers, bare ? "" : body(headers)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String body(Map<String, String> headers) throws IOException {
        if (headers.containsKey("content-length")) {
            return text(Integer.parseInt(headers.get("content-length")));
        }
        if (!"chunked".equals(headers.get("transfer-encoding"))) {
            throw new AssertionError("found an answer without a length");
        }
        StringBuilder body = new StringBuilder();
        for (Optional<String> chunk = chunk(); chunk.isPresent(); chunk = chunk()) {
            body.append(chunk.get());
        }
        return body.toString();
    }

    /// The next chunk of an answer whose head was read by [#receiveHead]; empty for the last one.
    Optional<String> chunk() throws IOException {
        int size = Integer.parseInt(line(), 16);
        String chunk = text(size);
        if (!line().isEmpty()) {
            throw new AssertionError("found a chunk without an end");
        }
        return size == 0 ? Optional.empty() : Optional.of(chunk);
    }

    /// The status and header of an answer in chunks.
    public String receiveHead() {
        try {
            StringBuilder head = new StringBuilder();
            for (String line = line(); !line.isEmpty(); line = line()) {
                head.append(line).append('\n');
            }
            return head.toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String text(int byteCount) throws IOException {
        byte[] bytes = in.readNBytes(byteCount);
        if (bytes.length < byteCount) {
            throw new AssertionError("the connection ended in a body");
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = in.read(); next >= 0; next = in.read()) {
            if (next == '\n') {
                String text = line.toString(StandardCharsets.ISO_8859_1);
                if (!text.endsWith("\r")) {
                    throw new AssertionError("found a line that ends without a return: " + text);
                }
                return text.substring(0, text.length() - 1);
            }
            line.write(next);
        }
        return "";
    }

    /// Reads on until the server ends the connection, in peace or not.
    ///
    /// @return how many bytes came
    long drainToEnd() {
        long count = 0;
        try {
            byte[] block = new byte[8192];
            for (int read = in.read(block); read >= 0; read = in.read(block)) {
                count += read;
            }
        } catch (SocketException e) {
            return count; // it was cut
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return count;
    }

    /// Ends the half that this client sends on.
    void finish() {
        try {
            socket.shutdownOutput();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Hangs up as a client does whose process is killed: a reset, no goodbye.
    public void reset() {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
