package autark.text.schema;

import autark.text.grammar.GrammarException;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Reads the schemas of a text and who they are to references. Each keyword is known or refused:
/// one that is silently passed over is a promise that nobody keeps.
final class SchemaReader {
    /// The address of a text that gives itself none.
    private static final String NAMELESS = "schema:///schema";

    private final Map<String, Resource> resources = new HashMap<>();
    private final Map<String, Node> nodes = new HashMap<>();
    private boolean dynamic;

    private SchemaReader() {}

    /// The schemas of a text.
    static Schemas read(Json json) {
        SchemaReader reader = new SchemaReader();
        Resource whole = new Resource(NAMELESS, "", draft(json, "", Draft.DRAFT_2020_12));
        Node root = reader.node(json, "", whole);
        reader.resources.putIfAbsent(NAMELESS, root.resource());
        return new Schemas(root, reader.resources, reader.nodes, reader.dynamic);
    }

    private static Draft draft(Json json, String pointer, Draft usual) {
        if (!(json instanceof Json.Members(Map<String, Json> members))
                || !members.containsKey("$schema")) {
            return usual;
        }
        if (members.get("$schema") instanceof Json.Text(String address)) {
            String plain =
                    address.endsWith("#") ? address.substring(0, address.length() - 1) : address;
            for (Draft draft : Draft.values()) {
                if (draft.address().equals(plain)) {
                    return draft;
                }
            }
            throw new GrammarException(
                    "%s/$schema: '$schema' names %s; supported are %s and %s"
                            .formatted(
                                    pointer,
                                    address,
                                    Draft.DRAFT_2020_12.address(),
                                    Draft.DRAFT_7.address()));
        }
        throw new GrammarException(pointer + "/$schema: '$schema' expects a string");
    }

    private Node node(Json json, String pointer, Resource outer) {
        if (nodes.size() >= Limits.NODES) {
            throw new GrammarException(
                    "the text holds more than %d schemas".formatted(Limits.NODES));
        }
        if (json == Json.Word.TRUE || json == Json.Word.FALSE) {
            Node.Verdict verdict = json == Json.Word.TRUE ? Node.Verdict.TRUE : Node.Verdict.FALSE;
            return register(new Node(pointer, verdict, outer), outer);
        }
        if (!(json instanceof Json.Members(Map<String, Json> members))) {
            throw new GrammarException(
                    "%s: expected a schema, that is an object, true or false"
                            .formatted(pointer.isEmpty() ? "/" : pointer));
        }
        Resource resource = resource(members, pointer, outer);
        Node node = register(new Node(pointer, Node.Verdict.KEYWORDS, resource), resource);
        members.forEach((name, value) -> keyword(node, name, value, pointer));
        Forms.check(node);
        anchors(node);
        return node;
    }

    private Node register(Node node, Resource resource) {
        nodes.put(node.pointer(), node);
        if (resource.root().isEmpty()) {
            resource.root(node);
        }
        return node;
    }

    /// The resource that a schema begins, or the one that it stands in. In draft 7 the neighbours
    /// of `$ref` mean nothing, `$id` among them, and `$id` may be a mere anchor.
    private Resource resource(Map<String, Json> members, String pointer, Resource outer) {
        Json id = members.get("$id");
        boolean ignored = outer.draft() == Draft.DRAFT_7 && members.containsKey("$ref");
        if (id == null || ignored) {
            return outer;
        }
        if (!(id instanceof Json.Text(String text))) {
            throw new GrammarException(pointer + "/$id: '$id' expects a string");
        }
        if (outer.draft() == Draft.DRAFT_7 && text.startsWith("#")) {
            return outer;
        }
        String address = Addresses.resolve(outer.address(), text, pointer + "/$id");
        if (address.endsWith("#")) {
            address = address.substring(0, address.length() - 1);
        }
        if (address.contains("#")) {
            throw new GrammarException(
                    "%s/$id: '$id' with a fragment is not supported; use '$anchor'"
                            .formatted(pointer));
        }
        Draft draft = draft(new Json.Members(members), pointer, outer.draft());
        if (draft != outer.draft()) {
            throw new GrammarException(
                    "%s/$schema: '$schema' of another draft than around it is not supported"
                            .formatted(pointer));
        }
        Resource resource = new Resource(address, pointer, draft);
        if (resources.put(address, resource) != null) {
            throw new GrammarException(
                    "%s/$id: '$id' %s is used twice".formatted(pointer, address));
        }
        return resource;
    }

    private void anchors(Node node) {
        Resource resource = node.resource();
        if (node.draft() == Draft.DRAFT_7) {
            Optional<String> id = node.has("$ref") ? Optional.empty() : node.text("$id");
            id.filter(text -> text.startsWith("#") && text.length() > 1)
                    .ifPresent(text -> anchor(resource, text.substring(1), node, "$id"));
            return;
        }
        node.text("$anchor").ifPresent(name -> anchor(resource, name, node, "$anchor"));
        node.text("$dynamicAnchor")
                .ifPresent(name -> {
                    resource.dynamicAnchor(name, node);
                    anchor(resource, name, node, "$dynamicAnchor");
                });
        dynamic |= node.has("$dynamicRef");
    }

    private static void anchor(Resource resource, String name, Node node, String keyword) {
        if (!resource.anchor(name, node)) {
            throw node.error(keyword, name + " is used twice");
        }
    }

    private void keyword(Node node, String name, Json value, String pointer) {
        Keywords.Form form = Keywords.form(name, node.draft());
        String place = Pointers.append(pointer, name);
        Resource resource = node.resource();
        switch (form) {
            case UNKNOWN ->
                    throw new GrammarException(
                            "%s: '%s' is no keyword of %s that is supported; x-%s would be passed over"
                                    .formatted(place, name, Keywords.name(node.draft()), name));
            case NOTE -> {}
            case VALUE -> node.put(name, value);
            case SCHEMA -> {
                node.put(name, value);
                node.put(name, node(value, place, resource));
            }
            case SCHEMAS -> {
                node.put(name, value);
                node.put(name, list(node, name, value, place));
            }
            case SCHEMA_OR_SCHEMAS -> {
                node.put(name, value);
                if (value instanceof Json.Items) {
                    node.put(name, list(node, name, value, place));
                } else {
                    node.put(name, node(value, place, resource));
                }
            }
            case NAMED_SCHEMAS -> {
                node.put(name, value);
                node.put(name, named(node, name, value, place, Set.of()));
            }
            case DEPENDENCIES -> {
                node.put(name, value);
                node.put(name, named(node, name, value, place, Set.of(Kind.ARRAY)));
            }
        }
    }

    private List<Node> list(Node node, String name, Json value, String place) {
        if (!(value instanceof Json.Items(List<Json> items))) {
            throw node.error(name, "expects an array of schemas");
        }
        boolean mayBeEmpty = name.equals("items");
        if (items.isEmpty() && !mayBeEmpty) {
            throw node.error(name, "expects at least one schema");
        }
        List<Node> schemas = new ArrayList<>();
        for (Json item : items) {
            schemas.add(node(item, place + "/" + schemas.size(), node.resource()));
        }
        return List.copyOf(schemas);
    }

    private Map<String, Node> named(
            Node node, String name, Json value, String place, Set<Kind> passed) {
        if (!(value instanceof Json.Members(Map<String, Json> members))) {
            throw node.error(name, "expects an object of schemas");
        }
        Map<String, Node> schemas = new LinkedHashMap<>();
        members.forEach((key, schema) -> {
            if (!passed.contains(schema.kind())) {
                schemas.put(key, node(schema, Pointers.append(place, key), node.resource()));
            }
        });
        return schemas;
    }

    /// Addresses and how they are resolved (RFC 3986).
    static final class Addresses {
        private Addresses() {}

        static String resolve(String base, String reference, String place) {
            if (reference.isEmpty()) {
                return base;
            }
            try {
                if (reference.startsWith("#")) {
                    return base + new URI(reference);
                }
                return new URI(base).resolve(new URI(reference)).toString();
            } catch (java.net.URISyntaxException e) {
                throw new GrammarException(
                        "%s: %s is no address: %s".formatted(place, reference, e.getReason()));
            }
        }

        /// The fragment of an address without its percent signs.
        static String fragment(String address, String place) {
            int hash = address.indexOf('#');
            if (hash < 0) {
                return "";
            }
            try {
                String fragment = new URI(address.substring(hash)).getFragment();
                return fragment == null ? "" : fragment;
            } catch (java.net.URISyntaxException e) {
                throw new GrammarException(
                        "%s: %s is no address: %s".formatted(place, address, e.getReason()));
            }
        }
    }
}
