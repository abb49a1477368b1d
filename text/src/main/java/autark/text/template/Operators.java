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
import java.util.Map;

/// The operators between two values, as Python defines them.
final class Operators {
    private Operators() {}

    /// Operators that give a new value.
    enum Arithmetic {
        ADD("+"),
        SUBTRACT("-"),
        MULTIPLY("*"),
        DIVIDE("/"),
        FLOOR_DIVIDE("//"),
        REMAINDER("%"),
        POWER("**");

        private final String sign;

        Arithmetic(String sign) {
            this.sign = sign;
        }

        static Arithmetic of(String sign) {
            for (Arithmetic operator : values()) {
                if (operator.sign.equals(sign)) {
                    return operator;
                }
            }
            throw new AssertionError("the parser knows no operator " + sign);
        }

        String sign() {
            return sign;
        }
    }

    /// Operators that hold or do not hold.
    enum Comparison {
        EQUAL("=="),
        UNEQUAL("!="),
        LESS("<"),
        AT_MOST("<="),
        GREATER(">"),
        AT_LEAST(">="),
        IN("in"),
        NOT_IN("not in"),
        /// No comparison stands there.
        NOTHING("");

        private final String sign;

        Comparison(String sign) {
            this.sign = sign;
        }

        /// Takes the comparison that stands at the current token.
        static Comparison at(TokenCursor tokens) {
            if (tokens.at(Token.Kind.OPERATOR)) {
                for (Comparison comparison : values()) {
                    if (tokens.skipOperator(comparison.sign)) {
                        return comparison;
                    }
                }
            } else if (tokens.skipName("in")) {
                return IN;
            } else if (tokens.atName("not") && tokens.following().is(Token.Kind.NAME, "in")) {
                tokens.take();
                tokens.take();
                return NOT_IN;
            }
            return NOTHING;
        }

        String sign() {
            return sign;
        }
    }

    static Value arithmetic(Arithmetic operator, Value left, Value right, Rendering rendering) {
        requireDefined(left);
        if (operator == Arithmetic.REMAINDER && left instanceof Str format) {
            return PercentFormat.format(format, right, rendering);
        }
        requireDefined(right);
        if (Numbers.isNumber(left) && Numbers.isNumber(right)) {
            return Numbers.arithmetic(operator, left, right);
        }
        if (operator == Arithmetic.ADD) {
            if (left instanceof Str a && right instanceof Str b) {
                return concatenation(a, b, rendering);
            }
            if (left instanceof Sequence a && right instanceof Sequence b && joinable(a, b)) {
                return concatenation(a, b, rendering);
            }
        }
        if (operator == Arithmetic.MULTIPLY) {
            boolean numberFirst = Numbers.whole(left) instanceof Int;
            Value count = Numbers.whole(numberFirst ? left : right);
            if (count instanceof Int(long times)) {
                return repetition(numberFirst ? right : left, times, rendering);
            }
        }
        throw unsupported(operator.sign(), left, right);
    }

    private static boolean joinable(Sequence left, Sequence right) {
        return left.kind() == right.kind()
                && (left.kind() == Sequence.Kind.LIST || left.kind() == Sequence.Kind.TUPLE);
    }

    private static Str concatenation(Str left, Str right, Rendering rendering) {
        boolean markup = left.markup() || right.markup();
        String a = markup && !left.markup() ? Html.escape(left.text(), rendering) : left.text();
        String b = markup && !right.markup() ? Html.escape(right.text(), rendering) : right.text();
        rendering.reserveText((long) a.length() + b.length());
        return new Str(a + b, markup);
    }

    private static Sequence concatenation(Sequence left, Sequence right, Rendering rendering) {
        rendering.reserveItems((long) left.items().size() + right.items().size());
        List<Value> items = new ArrayList<>(left.items().size() + right.items().size());
        items.addAll(left.items());
        items.addAll(right.items());
        return Sequence.of(left.kind(), items);
    }

    private static Value repetition(Value value, long times, Rendering rendering) {
        long count = Math.max(times, 0);
        if (value instanceof Str str) {
            rendering.reserveText(
                    Math.multiplyHigh(count, str.text().length()) != 0
                            ? Long.MAX_VALUE
                            : count * str.text().length());
            return new Str(
                    str.text().repeat((int) Math.min(count, Integer.MAX_VALUE)), str.markup());
        }
        if (value instanceof Sequence sequence && joinable(sequence, sequence)) {
            int size = sequence.items().size();
            if (count * Math.max(size, 1) > Limits.MAX_STEPS || count > Limits.MAX_STEPS) {
                throw Limits.exceeded(
                        "a list of " + count + " times " + size + " items is too long");
            }
            rendering.reserveItems(count * size);
            List<Value> items = new ArrayList<>((int) count * size);
            for (int i = 0; i < count; i++) {
                items.addAll(sequence.items());
            }
            return Sequence.of(sequence.kind(), items);
        }
        throw unsupported("*", value, new Int(times));
    }

    static boolean holds(Comparison operator, Value left, Value right, Rendering rendering) {
        return switch (operator) {
            case EQUAL -> equal(left, right, rendering);
            case UNEQUAL -> !equal(left, right, rendering);
            case LESS -> compare(operator, left, right, rendering) < 0;
            case AT_MOST -> compare(operator, left, right, rendering) <= 0;
            case GREATER -> compare(operator, left, right, rendering) > 0;
            case AT_LEAST -> compare(operator, left, right, rendering) >= 0;
            case IN -> contains(right, left, rendering);
            case NOT_IN -> !contains(right, left, rendering);
            case NOTHING -> throw new AssertionError("the parser found no comparison");
        };
    }

    static boolean equal(Value left, Value right, Rendering rendering) {
        rendering.charge(Math.min(left.weight(), right.weight()));
        return equal(left, right);
    }

    /// Equality as Python sees it: `1 == 1.0 == true`, and a list is no tuple.
    @SuppressWarnings("ReferenceEquality") // Python compares what is left then by identity.
    private static boolean equal(Value left, Value right) {
        if (Numbers.isNumber(left) && Numbers.isNumber(right)) {
            return Numbers.compare(left, right) == 0;
        }
        if (left instanceof Str a && right instanceof Str b) {
            return a.text().equals(b.text());
        }
        if (left instanceof Sequence a && right instanceof Sequence b) {
            return a.kind() == b.kind() && equal(a.items(), b.items());
        }
        if (left instanceof Dict a && right instanceof Dict b) {
            return equal(a, b);
        }
        return left == right || (left instanceof Undefined && right instanceof Undefined);
    }

    private static boolean equal(List<Value> left, List<Value> right) {
        if (left.size() != right.size()) {
            return false;
        }
        for (int i = 0; i < left.size(); i++) {
            if (!equal(left.get(i), right.get(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean equal(Dict left, Dict right) {
        if (left.entries().size() != right.entries().size()) {
            return false;
        }
        for (Map.Entry<Object, Dict.Entry> entry : left.entries().entrySet()) {
            Dict.Entry other = right.entries().get(entry.getKey());
            if (other == null || !equal(entry.getValue().value(), other.value())) {
                return false;
            }
        }
        return true;
    }

    /// Order of two values; NaN and what has no order is an error.
    static int compare(Comparison operator, Value left, Value right, Rendering rendering) {
        rendering.charge(Math.min(left.weight(), right.weight()));
        requireDefined(left);
        requireDefined(right);
        return compare(operator, left, right);
    }

    private static int compare(Comparison operator, Value left, Value right) {
        if (Numbers.isNumber(left) && Numbers.isNumber(right)) {
            return Numbers.compare(left, right);
        }
        if (left instanceof Str a && right instanceof Str b) {
            return compare(a.text(), b.text());
        }
        if (left instanceof Sequence a && right instanceof Sequence b && joinable(a, b)) {
            int common = Math.min(a.items().size(), b.items().size());
            for (int i = 0; i < common; i++) {
                if (!equal(a.items().get(i), b.items().get(i))) {
                    return compare(operator, a.items().get(i), b.items().get(i));
                }
            }
            return Integer.compare(a.items().size(), b.items().size());
        }
        throw unsupported(operator.sign(), left, right);
    }

    /// Order by characters, where Java's own order is by UTF-16 units.
    private static int compare(String left, String right) {
        int common = Math.min(left.length(), right.length());
        for (int i = 0; i < common; i++) {
            char a = left.charAt(i);
            char b = right.charAt(i);
            if (a != b) {
                boolean surrogate = Character.isSurrogate(a);
                return surrogate == Character.isSurrogate(b)
                        ? Character.compare(a, b)
                        : surrogate ? 1 : -1;
            }
        }
        return Integer.compare(left.length(), right.length());
    }

    static boolean contains(Value container, Value wanted, Rendering rendering) {
        if (container instanceof Str text) {
            if (wanted instanceof Str part) {
                Search.charge(text.text(), part.text(), rendering);
                return Search.indexOf(text.text(), part.text(), 0) >= 0;
            }
            throw TemplateException.render(
                    "'in' expects a text to be searched for in a text, found " + wanted.typeName());
        }
        if (container instanceof Dict dict) {
            return dict.entries().containsKey(key(wanted));
        }
        for (Value item : iterate(container, rendering)) {
            if (equal(item, wanted, rendering)) {
                return true;
            }
        }
        return false;
    }

    /// The values that a loop over `value` sees: items, keys of a dict, characters of a text.
    static List<Value> iterate(Value value, Rendering rendering) {
        if (value instanceof Sequence sequence) {
            return sequence.items();
        }
        if (value instanceof Dict dict) {
            rendering.reserveItems(dict.entries().size());
            return dict.keys();
        }
        if (value instanceof Generator generator) {
            return generator.drain();
        }
        if (value instanceof Undefined) {
            return List.of();
        }
        if (value instanceof Str str) {
            rendering.charge(str.text().length());
            List<Value> characters = new ArrayList<>(str.text().length());
            str.text()
                    .codePoints()
                    .forEach(character -> characters.add(new Str(Character.toString(character))));
            return characters;
        }
        throw TemplateException.render(
                "expected something to walk through, found " + value.typeName());
    }

    /// Whether a value can be the key of a dict: all but lists, dicts and what has no value.
    static boolean isKey(Value value) {
        return Numbers.isNumber(value)
                || value instanceof Str
                || value instanceof None
                || value instanceof Undefined
                || (value instanceof Sequence sequence
                        && sequence.kind() == Sequence.Kind.TUPLE
                        && areKeys(sequence.items()));
    }

    private static boolean areKeys(List<Value> values) {
        for (Value value : values) {
            if (!isKey(value)) {
                return false;
            }
        }
        return true;
    }

    /// What a dict finds a key by: equal keys, `1` and `1.0` and `true` for instance, are equal
    /// objects.
    static Object key(Value key) {
        if (key instanceof Str str) {
            return str.text();
        }
        if (Numbers.whole(key) instanceof Int(long number)) {
            return number;
        }
        if (key instanceof Real(double number)) {
            return number == Math.rint(number) && Math.abs(number) < 1e18
                    ? (Object) (long) number
                    : (Object) number;
        }
        if (key instanceof Sequence sequence && sequence.kind() == Sequence.Kind.TUPLE) {
            List<Object> keys = new ArrayList<>();
            for (Value item : sequence.items()) {
                keys.add(key(item));
            }
            return keys;
        }
        if (isKey(key)) {
            return key;
        }
        throw TemplateException.render(
                "a value of type " + key.typeName() + " cannot be the key of a dict");
    }

    /// Puts a value into the entries of a new dict. A key that is there keeps its place.
    static void put(Map<Object, Dict.Entry> entries, Value key, Value value) {
        Object found = key(key);
        Dict.Entry earlier = entries.get(found);
        entries.put(found, new Dict.Entry(earlier == null ? key : earlier.key(), value));
    }

    /// Refuses an undefined value with the reason why it is that.
    static void requireDefined(Value value) {
        if (value instanceof Undefined(String reason)) {
            throw TemplateException.render(reason);
        }
    }

    private static TemplateException unsupported(String sign, Value left, Value right) {
        return TemplateException.render(
                "'"
                        + sign
                        + "' does not work between "
                        + left.typeName()
                        + " and "
                        + right.typeName());
    }
}
