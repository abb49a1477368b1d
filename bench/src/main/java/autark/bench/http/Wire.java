package autark.bench.http;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/// The plainest client: one request a connection.
final class Wire {
    static final int OK = 200;
    private static final int TIMEOUT_MILLIS = 300_000;

    private Wire() {}

    /// An answer.
    ///
    /// @param seconds from before the connection to the end of the head
    record Answer(int status, Map<String, String> headers, String body, double seconds) {}

    static Answer get(InetSocketAddress address, String path) throws IOException {
        return ask(address, "GET " + path, "");
    }

    static Answer post(InetSocketAddress address, String path, String body) throws IOException {
        return ask(address, "POST " + path, body);
    }

    /// Sends a request and reads the answer to its end.
    static Answer ask(InetSocketAddress address, String line, String body) throws IOException {
        return ask(address, line + " HTTP/1.1", body, "");
    }

    /// As the other form, with a key.
    static Answer postAs(InetSocketAddress address, String path, String body, String key)
            throws IOException {
        return ask(
                address,
                "POST " + path + " HTTP/1.1",
                body,
                "Authorization: Bearer " + key + "\r\n");
    }

    private static Answer ask(InetSocketAddress address, String line, String body, String headers)
            throws IOException {
        long begin = System.nanoTime();
        try (Socket socket = open(address)) {
            socket.getOutputStream().write(request(line, body, headers));
            InputStream in = new BufferedInputStream(socket.getInputStream());
            String head = head(in);
            double seconds = (System.nanoTime() - begin) / 1e9;
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return new Answer(status(head), headers(head), text, seconds);
        }
    }

    static Socket open(InetSocketAddress address) throws IOException {
        Socket socket = new Socket();
        socket.setSoTimeout(TIMEOUT_MILLIS);
        socket.connect(address);
        return socket;
    }

    static byte[] request(String line, String body) {
        return request(line + " HTTP/1.1", body, "");
    }

    private static byte[] request(String line, String body, String headers) {
        byte[] content = body.getBytes(StandardCharsets.UTF_8);
        String head =
                "%s\r\nHost: 127.0.0.1\r\nConnection: close\r\n%s%s\r\n"
                        .formatted(
                                line,
                                headers,
                                line.startsWith("GET ")
                                        ? ""
                                        : "Content-Type: application/json\r\nContent-Length: %d\r\n"
                                                .formatted(content.length));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(head.getBytes(StandardCharsets.US_ASCII));
        out.writeBytes(content);
        return out.toByteArray();
    }

    /// Everything up to the empty line.
    static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("the server hung up after: " + head);
            }
            head.append((char) next);
        }
        return head.toString();
    }

    static int status(String head) {
        return Integer.parseInt(head.substring(9, 12));
    }

    private static Map<String, String> headers(String head) {
        Map<String, String> headers = new HashMap<>();
        head.lines()
                .skip(1)
                .filter(line -> line.indexOf(':') > 0)
                .forEach(line ->
                        headers.put(
                                line.substring(0, line.indexOf(':')).toLowerCase(Locale.ROOT),
                                line.substring(line.indexOf(':') + 1).strip()));
        return headers;
    }
}
