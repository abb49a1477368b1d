package autark.text.template;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The variables that a statement sees: its own and those around it. Loops, macros and blocks open
/// a scope; what is set inside is gone after it.
final class Scope {
    private final @Nullable Scope outer;
    private final Rendering rendering;
    private final Map<String, Value> variables = new HashMap<>();

    /// The scope of a whole template.
    Scope(Rendering rendering) {
        this.outer = null;
        this.rendering = rendering;
    }

    /// A scope inside another one.
    Scope(Scope outer) {
        this.outer = outer;
        this.rendering = outer.rendering;
    }

    Rendering rendering() {
        return rendering;
    }

    Value get(String name) {
        for (Scope scope = this; scope != null; scope = scope.outer) {
            Value value = scope.variables.get(name);
            if (value != null) {
                return value;
            }
        }
        return Function.named(name);
    }

    void set(String name, Value value) {
        variables.put(name, value);
    }
}
