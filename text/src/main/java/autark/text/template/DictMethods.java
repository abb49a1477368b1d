package autark.text.template;

import autark.text.template.Value.Dict;
import autark.text.template.Value.None;
import autark.text.template.Value.Sequence;
import autark.text.template.Value.Str;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The methods of a dict.
final class DictMethods {
    static final Set<String> NAMES = Set.of("get", "items", "keys", "values", "copy");

    /// Methods that Python has and templates must not use.
    static final Set<String> CHANGING = Set.of("clear", "pop", "popitem", "setdefault", "update");

    private DictMethods() {}

    static Value call(Dict dict, String name, Arguments arguments, Rendering rendering) {
        if (name.equals("get")) {
            return get(dict, arguments);
        }
        arguments.requireNone(name);
        rendering.reserveItems(dict.entries().size());
        return switch (name) {
            case "items" -> Sequence.of(Sequence.Kind.ITEMS, dict.items());
            case "keys" -> Sequence.of(Sequence.Kind.KEYS, dict.keys());
            case "values" -> Sequence.of(Sequence.Kind.VALUES, dict.values());
            case "copy" -> dict;
            default -> throw new AssertionError("not a method of a dict: " + name);
        };
    }

    private static Value get(Dict dict, Arguments arguments) {
        Arguments.Bound bound = arguments.bind("get", "key", "default");
        Dict.Entry entry = dict.entries().get(Operators.key(bound.required(0)));
        return entry == null ? bound.or(1, None.NONE) : entry.value();
    }

    /// A dict of the entries of the first argument, if there is one, and of the named arguments.
    static Dict merged(Arguments arguments) {
        Map<Object, Dict.Entry> entries = new LinkedHashMap<>();
        List<Value> positional = arguments.positional();
        if (positional.size() > 1) {
            throw TemplateException.render(
                    "expected one dict at most, found " + positional.size() + " arguments");
        }
        if (!positional.isEmpty()) {
            if (!(positional.getFirst() instanceof Dict dict)) {
                throw TemplateException.render(
                        "expected a dict, found " + positional.getFirst().typeName());
            }
            entries.putAll(dict.entries());
        }
        for (Map.Entry<String, Value> named : arguments.named().entrySet()) {
            Operators.put(entries, new Str(named.getKey()), named.getValue());
        }
        return Dict.of(entries);
    }
}
