package autark.text.template;

import autark.text.template.Value.Bool;
import autark.text.template.Value.Dict;
import autark.text.template.Value.Str;
import autark.text.template.Value.Undefined;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What a template computes with. Chains (`a + b - c`, `x.y|trim`) are lists, not trees, so that an
/// expression is nested as deep as its source and no deeper.
sealed interface Expression {
    Value evaluate(Scope scope);

    /// A constant.
    record Literal(Value value) implements Expression {
        @Override
        public Value evaluate(Scope scope) {
            return value;
        }
    }

    /// A variable.
    record Name(String name) implements Expression {
        @Override
        public Value evaluate(Scope scope) {
            return scope.get(name);
        }
    }

    /// `[a, b]` or `(a, b)`.
    record Items(Value.Sequence.Kind kind, List<Expression> items) implements Expression {
        @Override
        public Value evaluate(Scope scope) {
            scope.rendering().reserveItems(items.size());
            return Value.Sequence.of(kind, evaluateAll(items, scope));
        }
    }

    /// `{key: value}`.
    record Pairs(List<Expression> keys, List<Expression> values) implements Expression {
        @Override
        public Value evaluate(Scope scope) {
            scope.rendering().charge(1 + keys.size());
            Map<Object, Dict.Entry> entries = LinkedHashMap.newLinkedHashMap(keys.size());
            for (int i = 0; i < keys.size(); i++) {
                Value key = keys.get(i).evaluate(scope);
                Operators.put(entries, key, values.get(i).evaluate(scope));
            }
            return Dict.of(entries);
        }
    }

    /// A value and what is done to it from left to right: `messages[0].content|trim`.
    record Chain(Expression first, List<Suffix> suffixes) implements Expression {
        @Override
        public Value evaluate(Scope scope) {
            Value value = first.evaluate(scope);
            for (Suffix suffix : suffixes) {
                scope.rendering().charge(1);
                value = suffix.apply(value, scope);
            }
            return value;
        }
    }

    /// Operators of one rank from left to right: `a + b - c`.
    record Arithmetic(Expression first, List<Term> terms) implements Expression {
        /// An operator and its right side.
        record Term(Operators.Arithmetic operator, Expression operand) {}

        @Override
        public Value evaluate(Scope scope) {
            Value value = first.evaluate(scope);
            for (Term term : terms) {
                scope.rendering().charge(1);
                Value operand = term.operand.evaluate(scope);
                value = Operators.arithmetic(term.operator, value, operand, scope.rendering());
            }
            return value;
        }
    }

    /// `-a` or `+a`.
    record Signed(Operators.Arithmetic sign, Expression operand) implements Expression {
        @Override
        public Value evaluate(Scope scope) {
            scope.rendering().charge(1);
            return Numbers.signed(sign, operand.evaluate(scope));
        }
    }

    /// `a ~ b`: the texts of the values, one after another.
    record Concatenation(List<Expression> operands) implements Expression {
        @Override
        public Value evaluate(Scope scope) {
            Rendering rendering = scope.rendering();
            String[] texts = new String[operands.size()];
            long length = 0;
            for (int i = 0; i < texts.length; i++) {
                rendering.charge(1);
                texts[i] = PythonText.of(operands.get(i).evaluate(scope), rendering);
                length += texts[i].length();
            }
            rendering.reserveText(length);
            return new Str(String.join("", texts));
        }
    }

    /// `a < b <= c`: each neighbouring pair must hold.
    record Comparison(Expression first, List<Link> links) implements Expression {
        /// An operator and its right side.
        record Link(Operators.Comparison operator, Expression operand) {}

        @Override
        public Value evaluate(Scope scope) {
            Value left = first.evaluate(scope);
            for (Link link : links) {
                scope.rendering().charge(1);
                Value right = link.operand.evaluate(scope);
                if (!Operators.holds(link.operator, left, right, scope.rendering())) {
                    return Bool.FALSE;
                }
                left = right;
            }
            return Bool.TRUE;
        }
    }

    /// `not a`.
    record Not(Expression operand) implements Expression {
        @Override
        public Value evaluate(Scope scope) {
            scope.rendering().charge(1);
            return Bool.of(!operand.evaluate(scope).truth());
        }
    }

    /// `a and b`: the first value that is false, or the last.
    record And(List<Expression> operands) implements Expression {
        @Override
        public Value evaluate(Scope scope) {
            return firstOf(operands, Bool.FALSE, scope);
        }
    }

    /// `a or b`: the first value that is true, or the last.
    record Or(List<Expression> operands) implements Expression {
        @Override
        public Value evaluate(Scope scope) {
            return firstOf(operands, Bool.TRUE, scope);
        }
    }

    /// `a if test else b`; without `else` the value is undefined.
    record Conditional(Expression test, Expression then, Expression otherwise)
            implements Expression {
        static final Expression NO_ELSE =
                new Literal(new Undefined("the condition is false and there is no 'else' part"));

        @Override
        public Value evaluate(Scope scope) {
            scope.rendering().charge(1);
            return test.evaluate(scope).truth() ? then.evaluate(scope) : otherwise.evaluate(scope);
        }
    }

    private static Value firstOf(List<Expression> operands, Bool wanted, Scope scope) {
        Value value = Str.EMPTY;
        for (Expression operand : operands) {
            scope.rendering().charge(1);
            value = operand.evaluate(scope);
            if (value.truth() == wanted.truth()) {
                return value;
            }
        }
        return value;
    }

    /// The values of several expressions.
    static List<Value> evaluateAll(List<Expression> expressions, Scope scope) {
        List<Value> values = new ArrayList<>(expressions.size());
        for (Expression expression : expressions) {
            values.add(expression.evaluate(scope));
        }
        return values;
    }
}
