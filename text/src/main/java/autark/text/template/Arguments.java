package autark.text.template;

import autark.text.template.Value.Bool;
import autark.text.template.Value.Int;
import autark.text.template.Value.None;
import autark.text.template.Value.Str;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The arguments of a call.
record Arguments(List<Value> positional, Map<String, Value> named) {
    static final Arguments NONE = new Arguments(List.of(), Map.of());

    /// The arguments without the first one.
    Arguments withoutFirst() {
        return new Arguments(positional.subList(1, positional.size()), named);
    }

    /// The arguments in the order of the parameters of `function`.
    Bound bind(String function, String... parameters) {
        if (positional.size() > parameters.length) {
            throw TemplateException.render(
                    function
                            + " takes "
                            + parameters.length
                            + " arguments, found "
                            + positional.size());
        }
        @Nullable Value[] values = new @Nullable Value[parameters.length];
        for (int i = 0; i < positional.size(); i++) {
            values[i] = positional.get(i);
        }
        for (Map.Entry<String, Value> entry : named.entrySet()) {
            int index = Arrays.asList(parameters).indexOf(entry.getKey());
            if (index < 0 || values[index] != null) {
                throw TemplateException.render(
                        function
                                + " takes "
                                + Arrays.toString(parameters)
                                + ", found '"
                                + entry.getKey()
                                + (index < 0 ? "'" : "' twice"));
            }
            values[index] = entry.getValue();
        }
        return new Bound(function, parameters, values);
    }

    /// The arguments of a function that has none.
    void requireNone(String function) {
        bind(function);
    }

    /// Arguments by the position of their parameter.
    static final class Bound {
        private final String function;
        private final String[] parameters;
        private final @Nullable Value[] values;

        private Bound(String function, String[] parameters, @Nullable Value[] values) {
            this.function = function;
            this.parameters = parameters;
            this.values = values;
        }

        boolean has(int index) {
            return values[index] != null;
        }

        Value required(int index) {
            Value value = values[index];
            if (value == null) {
                throw TemplateException.render(
                        function + " expects the argument '" + parameters[index] + "'");
            }
            return value;
        }

        Value or(int index, Value fallback) {
            Value value = values[index];
            return value == null ? fallback : value;
        }

        boolean truth(int index, boolean fallback) {
            return or(index, Bool.of(fallback)).truth();
        }

        /// A whole number within the range of a count; none and absence mean `fallback`.
        int count(int index, int fallback) {
            Value value = or(index, None.NONE);
            if (value == None.NONE) {
                return fallback;
            }
            if (Numbers.whole(value) instanceof Int(long number)) {
                return Math.clamp(number, -Integer.MAX_VALUE, Integer.MAX_VALUE);
            }
            throw wrongType(index, "a whole number", value);
        }

        String text(int index) {
            return text(index, required(index));
        }

        /// A text; none and absence mean `fallback`.
        String text(int index, String fallback) {
            Value value = or(index, None.NONE);
            return value == None.NONE ? fallback : text(index, value);
        }

        private String text(int index, Value value) {
            if (value instanceof Str str) {
                return str.text();
            }
            throw wrongType(index, "a text", value);
        }

        private TemplateException wrongType(int index, String expected, Value found) {
            return TemplateException.render(
                    function
                            + " expects "
                            + expected
                            + " as '"
                            + parameters[index]
                            + "', found "
                            + found.typeName());
        }
    }
}
