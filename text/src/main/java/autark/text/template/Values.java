package autark.text.template;

import autark.text.template.Value.Bool;
import autark.text.template.Value.Dict;
import autark.text.template.Value.Int;
import autark.text.template.Value.None;
import autark.text.template.Value.Real;
import autark.text.template.Value.Sequence;
import autark.text.template.Value.Str;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Turns Java objects into values of a template. Only plain data gets through.
final class Values {
    private Values() {}

    /// The value of a variable.
    static Value of(String variable, @Nullable Object object) {
        return of(variable, object, 0);
    }

    // The first pattern switch of a process costs ten milliseconds, and this runs at its start.
    @SuppressWarnings("IfChainToSwitch")
    private static Value of(String variable, @Nullable Object object, int depth) {
        if (depth > Limits.MAX_VALUE_DEPTH) {
            throw Limits.exceeded(
                    "variable '"
                            + variable
                            + "' is nested more than "
                            + Limits.MAX_VALUE_DEPTH
                            + " deep");
        }
        if (object == null) {
            return None.NONE;
        } else if (object instanceof String text) {
            return new Str(text);
        } else if (object instanceof Boolean truth) {
            return Bool.of(truth);
        } else if (object instanceof Integer || object instanceof Long) {
            return new Int(((Number) object).longValue());
        } else if (object instanceof Double || object instanceof Float) {
            return new Real(((Number) object).doubleValue());
        } else if (object instanceof Message message) {
            return dict(variable, message.variables(), depth);
        } else if (object instanceof Map<?, ?> map) {
            return dict(variable, map, depth);
        } else if (object instanceof List<?> list) {
            return list(variable, list, depth);
        }
        throw TemplateException.render(
                "variable '"
                        + variable
                        + "' holds a "
                        + object.getClass().getName()
                        + "; templates take maps, lists, texts, numbers and truth values");
    }

    private static Dict dict(String variable, Map<?, ?> map, int depth) {
        Map<Object, Dict.Entry> entries = LinkedHashMap.newLinkedHashMap(map.size());
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            if (!(entry.getKey() instanceof String key)) {
                throw TemplateException.render(
                        "variable '"
                                + variable
                                + "' holds a map whose key is no text: "
                                + entry.getKey());
            }
            Value value = of(variable, entry.getValue(), depth + 1);
            entries.put(key, new Dict.Entry(new Str(key), value));
        }
        return Dict.of(entries);
    }

    private static Sequence list(String variable, List<?> list, int depth) {
        List<Value> items = new ArrayList<>(list.size());
        for (Object item : list) {
            items.add(of(variable, item, depth + 1));
        }
        return Sequence.list(items);
    }
}
