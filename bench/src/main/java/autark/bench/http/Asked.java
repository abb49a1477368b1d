package autark.bench.http;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Locale;

/// One streamed answer, as its client sees it.
///
/// @param status of HTTP
/// @param retryAfter whether a refusal says when to come again
/// @param headSeconds to the end of the head
/// @param firstSeconds to the first written piece
/// @param pieces that came
/// @param whole whether the stream ended as it has to
record Asked(
        int status,
        boolean retryAfter,
        double headSeconds,
        double firstSeconds,
        int pieces,
        boolean whole) {
    /// @param tokens most tokens of the answer
    /// @param number makes the prompt another one
    static Asked chat(InetSocketAddress address, String model, int tokens, long number)
            throws IOException {
        long begin = System.nanoTime();
        try (Socket socket = Wire.open(address)) {
            socket.getOutputStream()
                    .write(Wire.request("POST /v1/chat/completions", body(model, tokens, number)));
            InputStream in = new BufferedInputStream(socket.getInputStream());
            String head = Wire.head(in);
            double headSeconds = seconds(begin);
            double first = Double.NaN;
            int pieces = 0;
            boolean whole = false;
            StringBuilder line = new StringBuilder();
            for (int next = in.read(); next >= 0; next = in.read()) {
                if (next != '\n') {
                    line.append((char) next);
                    continue;
                }
                if (line.indexOf("\"content\":\"") > 0 && line.indexOf("\"content\":\"\"") < 0) {
                    first = pieces++ == 0 ? seconds(begin) : first;
                }
                whole |= line.indexOf("[DONE]") >= 0;
                line.setLength(0);
            }
            boolean retryAfter = head.toLowerCase(Locale.ROOT).contains("retry-after:");
            return new Asked(Wire.status(head), retryAfter, headSeconds, first, pieces, whole);
        }
    }

    static String body(String model, int tokens, long number) {
        return """
        {"model": "%s", "stream": true, "max_tokens": %d, "temperature": 0,
         "messages": [{"role": "user", "content": "Tell me a long story about the number %d."}]}\
        """
                .formatted(model, tokens, number);
    }

    private static double seconds(long begin) {
        return (System.nanoTime() - begin) / 1e9;
    }
}
