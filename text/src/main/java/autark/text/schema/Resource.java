package autark.text.schema;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A schema with an address of its own (`$id`), or the whole text: what references are resolved
/// against (JSON Schema core 2020-12, sections 8.2 and 9).
final class Resource {
    private final String address;
    private final String pointer;
    private final Draft draft;
    private final Map<String, Node> anchors = new HashMap<>();
    private final Map<String, Node> dynamicAnchors = new HashMap<>();
    private @Nullable Node root;

    Resource(String address, String pointer, Draft draft) {
        this.address = address;
        this.pointer = pointer;
        this.draft = draft;
    }

    String address() {
        return address;
    }

    /// Where it stands in the text.
    String pointer() {
        return pointer;
    }

    Draft draft() {
        return draft;
    }

    void root(Node node) {
        root = node;
    }

    Optional<Node> root() {
        return Optional.ofNullable(root);
    }

    boolean anchor(String name, Node node) {
        return anchors.put(name, node) == null;
    }

    void dynamicAnchor(String name, Node node) {
        dynamicAnchors.put(name, node);
    }

    Optional<Node> anchor(String name) {
        return Optional.ofNullable(anchors.get(name));
    }

    Optional<Node> dynamicAnchor(String name) {
        return Optional.ofNullable(dynamicAnchors.get(name));
    }
}
