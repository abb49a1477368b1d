package autark.text.template;

import autark.text.template.Value.Int;
import autark.text.template.Value.Sequence;
import java.util.List;
import java.util.Set;

/// The methods of a list and of a tuple.
final class SequenceMethods {
    /// Methods that Python has and templates must not use.
    static final Set<String> CHANGING =
            Set.of("append", "clear", "extend", "insert", "pop", "remove", "reverse", "sort");

    private SequenceMethods() {}

    static boolean has(Sequence.Kind kind, String name) {
        return switch (name) {
            case "count", "index" -> kind.indexed();
            case "copy" -> kind == Sequence.Kind.LIST;
            default -> false;
        };
    }

    static Value call(Sequence sequence, String name, Arguments arguments, Rendering rendering) {
        if (name.equals("copy")) {
            arguments.requireNone(name);
            return sequence;
        }
        Value wanted = arguments.bind(name, "value").required(0);
        List<Value> items = sequence.items();
        int count = 0;
        for (int i = 0; i < items.size(); i++) {
            if (Operators.equal(items.get(i), wanted, rendering)) {
                if (name.equals("index")) {
                    return new Int(i);
                }
                count++;
            }
        }
        if (name.equals("index")) {
            throw TemplateException.render("the value is not in the " + sequence.typeName());
        }
        return new Int(count);
    }
}
