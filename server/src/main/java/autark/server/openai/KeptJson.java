package autark.server.openai;

import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// JSON in tables: what this server wrote itself, so it is not held to the limits of requests,
/// whose parts stand deeper in it than they did when they came.
final class KeptJson {
    private static final JsonMapper MAPPER = JsonMapper.shared();

    private KeptJson() {}

    static ObjectNode read(byte[] kept) {
        return (ObjectNode) MAPPER.readTree(kept);
    }

    static byte[] write(JsonNode node) {
        return node.toString().getBytes(StandardCharsets.UTF_8);
    }
}
