package autark.text.schema;

import java.util.List;

/// How many of the arrays, or of the objects, a schema allows, as far as is seen without looking
/// into them.
enum Extent {
    NONE,
    SOME,
    ALL;

    private Extent turned() {
        return switch (this) {
            case NONE -> ALL;
            case SOME -> SOME;
            case ALL -> NONE;
        };
    }

    /// Works with extents. [#SOME] of [#SOME] may be none: the answer never errs by saying none.
    record OfKind(Kind kind) implements Algebra<Extent> {
        private static final List<String> OF_ARRAYS =
                List.of(
                        "prefixItems items additionalItems contains minItems maxItems uniqueItems"
                                .split(" "));
        private static final List<String> OF_OBJECTS =
                List.of(
                        ("properties patternProperties additionalProperties propertyNames required"
                                        + " minProperties maxProperties dependentRequired"
                                        + " dependentSchemas dependencies")
                                .split(" "));

        @Override
        public Extent all() {
            return ALL;
        }

        @Override
        public Extent none() {
            return NONE;
        }

        @Override
        public Extent and(Extent a, Extent b) {
            return a.compareTo(b) < 0 ? a : b;
        }

        @Override
        public Extent or(Extent a, Extent b) {
            return a.compareTo(b) > 0 ? a : b;
        }

        @Override
        public Extent not(Extent set) {
            return set.turned();
        }

        @Override
        public Extent own(Node node) {
            if (!Types.allows(node, kind == Kind.ARRAY ? "array" : "object")) {
                return NONE;
            }
            List<String> keywords = kind == Kind.ARRAY ? OF_ARRAYS : OF_OBJECTS;
            String unevaluated = kind == Kind.ARRAY ? "unevaluatedItems" : "unevaluatedProperties";
            boolean free = keywords.stream().noneMatch(node::has) && !node.has(unevaluated);
            return free ? ALL : SOME;
        }

        @Override
        public Extent among(List<Json> values) {
            return values.stream().anyMatch(value -> value.kind() == kind) ? SOME : NONE;
        }
    }
}
