package autark.text.template;

import autark.text.template.Value.Dict;
import autark.text.template.Value.Generator;
import autark.text.template.Value.Int;
import autark.text.template.Value.None;
import autark.text.template.Value.Real;
import autark.text.template.Value.Sequence;
import autark.text.template.Value.Str;
import autark.text.template.Value.Undefined;
import java.util.ArrayList;
import java.util.List;

/// The filters: `value|name(arguments)`. Those of dicts and numbers are here.
final class Filters {
    /// A longer text is not read as a number.
    private static final int MAX_NUMBER_CHARS = 400;

    private Filters() {}

    static Value apply(String name, Value value, Arguments arguments, Rendering rendering) {
        return switch (name) {
            case "default", "d" -> fallback(name, value, arguments);
            case "length", "count" -> {
                arguments.requireNone(name);
                rendering.charge(value instanceof Str ? value.weight() : 1);
                yield new Int(length(value));
            }
            case "items" -> items(value, arguments, rendering);
            case "dictsort" -> dictSort(value, arguments, rendering);
            case "tojson" -> Json.write(value, arguments, rendering);
            case "int" -> integer(value, arguments, rendering);
            case "float" -> {
                rendering.charge(Limits.STEPS_PER_FLOAT);
                yield real(value, arguments);
            }
            case "abs" -> absolute(value, arguments);
            case "round" -> {
                rendering.charge(Limits.STEPS_PER_FLOAT);
                yield round(value, arguments);
            }
            default -> ListFilters.apply(name, value, arguments, rendering);
        };
    }

    private static Value fallback(String name, Value value, Arguments arguments) {
        Arguments.Bound bound = arguments.bind(name, "default_value", "boolean");
        boolean replaces = value instanceof Undefined || (bound.truth(1, false) && !value.truth());
        return replaces ? bound.or(0, Str.EMPTY) : value;
    }

    static int length(Value value) {
        if (value instanceof Str str) {
            return str.length();
        }
        if (value instanceof Sequence sequence) {
            return sequence.items().size();
        }
        if (value instanceof Dict dict) {
            return dict.entries().size();
        }
        if (value instanceof Undefined) {
            return 0;
        }
        throw TemplateException.render("a value of type " + value.typeName() + " has no length");
    }

    private static Generator items(Value value, Arguments arguments, Rendering rendering) {
        arguments.requireNone("items");
        if (value instanceof Undefined) {
            return new Generator(List.of());
        }
        return new Generator(dict("items", value, rendering).items());
    }

    private static Dict dict(String filter, Value value, Rendering rendering) {
        Operators.requireDefined(value);
        if (value instanceof Dict dict) {
            rendering.reserveItems(dict.entries().size());
            return dict;
        }
        throw TemplateException.render(filter + " expects a dict, found " + value.typeName());
    }

    private static Sequence dictSort(Value value, Arguments arguments, Rendering rendering) {
        Arguments.Bound bound = arguments.bind("dictsort", "case_sensitive", "by", "reverse");
        String by = bound.text(1, "key");
        if (!by.equals("key") && !by.equals("value")) {
            throw TemplateException.render(
                    "dictsort sorts by 'key' or 'value', found '" + by + "'");
        }
        Sorting sorting =
                new Sorting(
                        List.of(new AttributePath(new Int(by.equals("key") ? 0 : 1))),
                        bound.truth(0, false),
                        bound.truth(2, false));
        return Sequence.list(sorting.sorted(dict("dictsort", value, rendering).items(), rendering));
    }

    /// As Python's `int`, but what is no number gives the default.
    private static Value integer(Value value, Arguments arguments, Rendering rendering) {
        Arguments.Bound bound = arguments.bind("int", "default", "base");
        Operators.requireDefined(value);
        if (Numbers.whole(value) instanceof Int number) {
            return number;
        }
        rendering.charge(Limits.STEPS_PER_FLOAT);
        String text = numberText(value);
        Value number = value instanceof Real ? value : parsed(text);
        try {
            return new Int(Long.parseLong(text, bound.count(1, 10)));
        } catch (NumberFormatException e) {
            if (!(number instanceof Real(double real)) || !Double.isFinite(real)) {
                return bound.or(0, new Int(0));
            }
            if (Math.abs(real) >= 0x1p63) {
                throw TemplateException.render("whole numbers have 64 bits, found " + real);
            }
            return new Int((long) real);
        }
    }

    /// The text of a value that may spell a number, or an empty one.
    private static String numberText(Value value) {
        return value instanceof Str str && str.text().length() <= MAX_NUMBER_CHARS
                ? Stripping.space(str.text(), Stripping.Side.BOTH)
                : "";
    }

    private static Value real(Value value, Arguments arguments) {
        Value fallback = arguments.bind("float", "default").or(0, new Real(0));
        Operators.requireDefined(value);
        if (Numbers.isNumber(value)) {
            return new Real(Numbers.real(value));
        }
        Value number = parsed(numberText(value));
        return number == None.NONE ? fallback : number;
    }

    /// The float that a text spells, or none. Java alone reads `1d` and `0x1p3`.
    private static Value parsed(String text) {
        for (int i = 0; i < text.length(); i++) {
            if ("0123456789+-.eE".indexOf(text.charAt(i)) < 0) {
                return None.NONE;
            }
        }
        try {
            return new Real(Double.parseDouble(text));
        } catch (NumberFormatException e) {
            return None.NONE;
        }
    }

    private static Value absolute(Value value, Arguments arguments) {
        arguments.requireNone("abs");
        if (!Numbers.isNumber(value)) {
            Operators.requireDefined(value);
            throw TemplateException.render("abs expects a number, found " + value.typeName());
        }
        boolean negative = Numbers.real(value) < 0;
        return Numbers.signed(
                negative ? Operators.Arithmetic.SUBTRACT : Operators.Arithmetic.ADD, value);
    }

    private static Value round(Value value, Arguments arguments) {
        Arguments.Bound bound = arguments.bind("round", "precision", "method");
        if (!Numbers.isNumber(value)) {
            Operators.requireDefined(value);
            throw TemplateException.render("round expects a number, found " + value.typeName());
        }
        return Numbers.round(value, bound.count(0, 0), bound.text(1, "common"));
    }

    /// Applies a filter to each value.
    static List<Value> applyAll(
            String name, List<Value> values, Arguments arguments, Rendering rendering) {
        List<Value> results = new ArrayList<>(values.size());
        for (Value value : values) {
            rendering.charge(1);
            results.add(apply(name, value, arguments, rendering));
        }
        return results;
    }
}
