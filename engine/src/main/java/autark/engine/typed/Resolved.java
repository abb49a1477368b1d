package autark.engine.typed;

import java.util.List;
import java.util.stream.Collectors;

/// A Java type without variables.
///
/// @param raw its class
/// @param arguments its type arguments; of an array, the type of its items
record Resolved(Class<?> raw, List<Resolved> arguments) {
    /// As it stands in a program.
    @Override
    public String toString() {
        if (raw.isArray()) {
            return arguments.getFirst() + "[]";
        }
        return arguments.isEmpty()
                ? raw.getTypeName()
                : raw.getTypeName()
                        + arguments.stream()
                                .map(Resolved::toString)
                                .collect(Collectors.joining(", ", "<", ">"));
    }
}
