package autark.text.template;

import autark.text.template.Operators.Comparison;
import autark.text.template.Value.Bool;
import autark.text.template.Value.Dict;
import autark.text.template.Value.Generator;
import autark.text.template.Value.Int;
import autark.text.template.Value.None;
import autark.text.template.Value.Real;
import autark.text.template.Value.Sequence;
import autark.text.template.Value.Str;
import autark.text.template.Value.Undefined;

/// The tests: `value is name`.
final class Tests {
    private Tests() {}

    static boolean passes(String name, Value value, Arguments arguments, Rendering rendering) {
        return switch (name) {
            case "eq", "==", "equalto" -> compares(Comparison.EQUAL, value, arguments, rendering);
            case "ne", "!=" -> compares(Comparison.UNEQUAL, value, arguments, rendering);
            case "lt", "<", "lessthan" -> compares(Comparison.LESS, value, arguments, rendering);
            case "le", "<=" -> compares(Comparison.AT_MOST, value, arguments, rendering);
            case "gt", ">", "greaterthan" ->
                    compares(Comparison.GREATER, value, arguments, rendering);
            case "ge", ">=" -> compares(Comparison.AT_LEAST, value, arguments, rendering);
            case "in" -> compares(Comparison.IN, value, arguments, rendering);
            case "sameas" -> same(value, arguments.bind(name, "other").required(0));
            case "divisibleby" ->
                    leaves(value, arguments.bind(name, "num").required(0), 0, rendering);
            default -> {
                arguments.requireNone(name);
                yield passes(name, value, rendering);
            }
        };
    }

    private static boolean passes(String name, Value value, Rendering rendering) {
        return switch (name) {
            case "defined" -> !(value instanceof Undefined);
            case "undefined" -> value instanceof Undefined;
            case "none" -> value == None.NONE;
            case "boolean" -> value instanceof Bool;
            case "true" -> value == Bool.TRUE;
            case "false" -> value == Bool.FALSE;
            case "integer" -> value instanceof Int;
            case "float" -> value instanceof Real;
            case "number" -> Numbers.isNumber(value);
            case "string" -> value instanceof Str;
            case "mapping" -> value instanceof Dict;
            case "sequence" -> isSequence(value);
            case "iterable" -> isSequence(value) || value instanceof Sequence || isWalked(value);
            case "callable" -> value instanceof Callable || value instanceof Undefined;
            case "escaped" -> value instanceof Str str && str.markup();
            case "lower" -> TextCase.is("islower", PythonText.of(value, rendering));
            case "upper" -> TextCase.is("isupper", PythonText.of(value, rendering));
            case "odd" -> leaves(value, new Int(2), 1, rendering);
            case "even" -> leaves(value, new Int(2), 0, rendering);
            default -> throw TemplateException.render("there is no test '" + name + "'");
        };
    }

    private static boolean compares(
            Comparison operator, Value value, Arguments arguments, Rendering rendering) {
        Value other = arguments.bind(operator.sign(), "other").required(0);
        return Operators.holds(operator, value, other, rendering);
    }

    /// Whether the two are one object in Python. Small equal values are.
    @SuppressWarnings("ReferenceEquality") // Identity is what this test asks for.
    private static boolean same(Value value, Value other) {
        boolean container = value instanceof Sequence || value instanceof Dict;
        return container ? value == other : value.equals(other);
    }

    private static boolean leaves(Value value, Value divisor, long rest, Rendering rendering) {
        Value remainder =
                Operators.arithmetic(Operators.Arithmetic.REMAINDER, value, divisor, rendering);
        return Operators.equal(remainder, new Int(rest), rendering);
    }

    /// Whether it has a length and elements. An undefined value pretends to.
    static boolean isSequence(Value value) {
        return value instanceof Str
                || value instanceof Dict
                || value instanceof Undefined
                || (value instanceof Sequence sequence && sequence.kind().indexed());
    }

    private static boolean isWalked(Value value) {
        return value instanceof Generator || value instanceof Loop;
    }
}
