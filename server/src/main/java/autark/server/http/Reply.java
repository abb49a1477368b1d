package autark.server.http;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// A whole answer.
public record Reply(int status, String contentType, Map<String, String> headers, byte[] body) {
    public Reply {
        headers = Map.copyOf(headers);
    }

    public static Reply json(JsonNode body) {
        return text("application/json", body.toString());
    }

    public static Reply text(String contentType, String body) {
        return new Reply(200, contentType, Map.of(), body.getBytes(StandardCharsets.UTF_8));
    }

    public Reply withStatus(int newStatus) {
        return new Reply(newStatus, contentType, headers, body);
    }

    public Reply withHeader(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new Reply(status, contentType, more, body);
    }
}
