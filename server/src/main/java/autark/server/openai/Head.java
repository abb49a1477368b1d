package autark.server.openai;

import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// What all parts of a completion say.
///
/// @param created seconds since 1970
record Head(String id, long created, String model) {
    /// A part of a kind, to be filled.
    ObjectNode object(String kind) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        object.put("id", id);
        object.put("object", kind);
        object.put("created", created);
        object.put("model", model);
        return object;
    }
}
