package autark.text.schema;

import autark.text.grammar.GrammarException;
import java.util.Map;
import java.util.Optional;

/// All schemas of a text, and what references between them mean.
///
/// @param byPointer each schema by its place in the text
/// @param dynamic whether `$dynamicRef` occurs, so that the way to a schema matters
record Schemas(
        Node root, Map<String, Resource> resources, Map<String, Node> byPointer, boolean dynamic) {

    /// What `$ref` stands for.
    Node target(Node from, String keyword) {
        String reference = from.text(keyword).orElse("");
        String place = Pointers.append(from.pointer(), keyword);
        String address =
                SchemaReader.Addresses.resolve(from.resource().address(), reference, place);
        int hash = address.indexOf('#');
        String base = hash < 0 ? address : address.substring(0, hash);
        Resource resource = resources.get(base);
        if (resource == null) {
            throw from.error(
                    keyword, "points to " + base + ", outside of this text; nothing is fetched");
        }
        return target(resource, SchemaReader.Addresses.fragment(address, place))
                .orElseThrow(() ->
                        from.error(keyword, "points to " + reference + ", where no schema is"));
    }

    private Optional<Node> target(Resource resource, String fragment) {
        if (fragment.isEmpty()) {
            return resource.root();
        }
        if (fragment.startsWith("/")) {
            return Optional.ofNullable(byPointer.get(resource.pointer() + fragment));
        }
        return resource.anchor(fragment);
    }

    /// What `$dynamicRef` stands for, on the way `scope` (core 2020-12, section 8.2.3.2).
    Node dynamicTarget(Node from, Scope scope) {
        Node plain = target(from, "$dynamicRef");
        String place = Pointers.append(from.pointer(), "$dynamicRef");
        String name = SchemaReader.Addresses.fragment(from.text("$dynamicRef").orElse(""), place);
        boolean mayMove =
                !name.startsWith("/")
                        && plain.resource().dynamicAnchor(name).filter(n -> n == plain).isPresent();
        if (mayMove) {
            for (Resource resource : scope.resources()) {
                Optional<Node> outer = resource.dynamicAnchor(name);
                if (outer.isPresent()) {
                    return outer.get();
                }
            }
        }
        return plain;
    }

    /// The way after one more schema was entered; always the same where it does not matter.
    Scope scope(Scope before, Node entered) {
        return dynamic ? before.entering(entered.resource()) : before;
    }

    /// Refuses schemas that refer to one another in a long chain.
    static void checkDepth(int depth, Node node) {
        if (depth > Limits.REFERENCE_DEPTH) {
            throw new GrammarException(
                    "%s: more than %d schemas lead into one another for one value"
                            .formatted(node, Limits.REFERENCE_DEPTH));
        }
    }

    /// A reference that leads nowhere but to itself.
    static GrammarException circle(Node node) {
        return new GrammarException(
                "%s: '$ref' leads back to itself without entering a value".formatted(node));
    }
}
