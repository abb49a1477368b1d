package autark.cli.pull;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

/// A server on the loopback address that answers as the test wants, also against the rules of HTTP:
/// what it writes is written by hand. One request a connection.
public final class HubServer implements AutoCloseable {
    /// A request as it came in.
    ///
    /// @param line for instance `GET /path HTTP/1.1`
    /// @param headers by their names in lower case
    public record Request(String line, Map<String, String> headers) {
        String method() {
            return line.substring(0, line.indexOf(' '));
        }

        /// The first byte that is asked for.
        int firstByte() {
            String range = headers.getOrDefault("range", "bytes=0-");
            return Integer.parseInt(range.replaceAll("[^0-9]", ""));
        }
    }

    /// Writes the whole answer.
    public interface Handler {
        void answer(Request request, OutputStream out) throws IOException;
    }

    private final ServerSocket socket;
    private final Handler handler;
    private final List<Request> requests = new CopyOnWriteArrayList<>();

    private HubServer(ServerSocket socket, Handler handler) {
        this.socket = socket;
        this.handler = handler;
    }

    public static HubServer start(Handler handler) throws IOException {
        HubServer server =
                new HubServer(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), handler);
        Thread.ofVirtual().start(server::serve);
        return server;
    }

    /// Answers as a hub does: the digest and the size in headers of their own, and parts of the
    /// file if they are asked for.
    public static void answerAsHub(byte[] content, Request request, OutputStream out)
            throws IOException {
        int first = request.firstByte();
        String size = "%d-%d/%d".formatted(first, content.length - 1, content.length);
        head(
                out,
                first == 0 ? "200 OK" : "206 Partial Content",
                "X-Linked-Etag: \"" + SampleModel.sha256(content) + "\"",
                "X-Linked-Size: " + content.length,
                "Content-Length: " + (content.length - first),
                first == 0 ? "Accept-Ranges: bytes" : "Content-Range: bytes " + size);
        if (request.method().equals("GET")) {
            out.write(content, first, content.length - first);
        }
    }

    /// Writes a status line and headers.
    static void head(OutputStream out, String status, String... headers) throws IOException {
        StringBuilder head = new StringBuilder("HTTP/1.1 " + status + "\r\n");
        Arrays.stream(headers).forEach(header -> head.append(header).append("\r\n"));
        head.append("Connection: close\r\n\r\n");
        out.write(head.toString().getBytes(StandardCharsets.ISO_8859_1));
    }

    public String endpoint() {
        return "http://127.0.0.1:" + socket.getLocalPort();
    }

    /// All requests so far.
    List<Request> requests() {
        return requests;
    }

    /// The requests for content so far.
    List<Request> gets() {
        return requests.stream().filter(request -> request.method().equals("GET")).toList();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private void serve() {
        while (!socket.isClosed()) {
            try {
                Socket connection = socket.accept();
                Thread.ofVirtual().start(() -> answer(connection));
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void answer(Socket connection) {
        try (connection) {
            BufferedReader in =
                    new BufferedReader(
                            new InputStreamReader(
                                    connection.getInputStream(), StandardCharsets.ISO_8859_1));
            String line = in.readLine();
            Map<String, String> headers = new TreeMap<>();
            String header = in.readLine();
            while (header != null && !header.isEmpty()) {
                String[] parts = header.split(": ", 2);
                headers.put(parts[0].toLowerCase(Locale.ROOT), parts[1]);
                header = in.readLine();
            }
            Request request = new Request(line, headers);
            requests.add(request);
            handler.answer(request, connection.getOutputStream());
        } catch (IOException e) {
            // The client went away, as some tests want it to.
        }
    }
}
