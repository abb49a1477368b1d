package autark.text.template;

import autark.text.template.Value.Bool;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Something done to the value before it: `.name`, `[index]`, `(arguments)`, `|filter`, `is test`.
sealed interface Suffix {
    Value apply(Value value, Scope scope);

    /// `.name`
    record Attribute(String name) implements Suffix {
        @Override
        public Value apply(Value value, Scope scope) {
            return Access.attribute(value, name);
        }
    }

    /// `[index]`
    record Element(Expression index) implements Suffix {
        @Override
        public Value apply(Value value, Scope scope) {
            return Access.element(value, index.evaluate(scope), scope.rendering());
        }
    }

    /// `[start:stop:step]`; a part that is left out is none.
    record Slice(Expression start, Expression stop, Expression step) implements Suffix {
        @Override
        public Value apply(Value value, Scope scope) {
            return Access.slice(
                    value,
                    start.evaluate(scope),
                    stop.evaluate(scope),
                    step.evaluate(scope),
                    scope.rendering());
        }
    }

    /// `(arguments)`
    record Call(ArgumentList arguments) implements Suffix {
        @Override
        public Value apply(Value value, Scope scope) {
            return call(value, arguments.evaluate(scope), scope);
        }

        static Value call(Value value, Arguments arguments, Scope scope) {
            if (value instanceof Callable callable) {
                return callable.call(arguments, scope.rendering());
            }
            if (value instanceof Value.Undefined undefined) {
                throw TemplateException.render(undefined.reason());
            }
            throw TemplateException.render("expected something to call, found " + value.typeName());
        }
    }

    /// `|name(arguments)`
    record Filter(String name, ArgumentList arguments) implements Suffix {
        @Override
        public Value apply(Value value, Scope scope) {
            return Filters.apply(name, value, arguments.evaluate(scope), scope.rendering());
        }
    }

    /// `is name(arguments)` or `is not name(arguments)`
    record Test(String name, ArgumentList arguments, Bool wanted) implements Suffix {
        @Override
        public Value apply(Value value, Scope scope) {
            boolean passed =
                    Tests.passes(name, value, arguments.evaluate(scope), scope.rendering());
            return Bool.of(passed == wanted.truth());
        }
    }

    /// The arguments of a call as they are written.
    record ArgumentList(List<Expression> positional, Map<String, Expression> named) {
        static final ArgumentList EMPTY = new ArgumentList(List.of(), Map.of());

        Arguments evaluate(Scope scope) {
            if (positional.isEmpty() && named.isEmpty()) {
                return Arguments.NONE;
            }
            Map<String, Value> values = LinkedHashMap.newLinkedHashMap(named.size());
            for (Map.Entry<String, Expression> entry : named.entrySet()) {
                values.put(entry.getKey(), entry.getValue().evaluate(scope));
            }
            return new Arguments(Expression.evaluateAll(positional, scope), values);
        }
    }
}
