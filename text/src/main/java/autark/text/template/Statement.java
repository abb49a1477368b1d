package autark.text.template;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a template does.
sealed interface Statement {
    /// Whether a loop goes on after a statement.
    enum Flow {
        NEXT,
        BREAK,
        CONTINUE
    }

    /// Runs the statement; its text goes to `out`.
    Flow run(Scope scope, TextBuilder out);

    /// Text between the tags.
    record Data(String text) implements Statement {
        @Override
        public Flow run(Scope scope, TextBuilder out) {
            out.append(text);
            return Flow.NEXT;
        }
    }

    /// `{{ value }}`
    record Print(Expression value, int line) implements Statement {
        @Override
        public Flow run(Scope scope, TextBuilder out) {
            scope.rendering().enterLine(line);
            PythonText.print(value.evaluate(scope), out);
            return Flow.NEXT;
        }
    }

    /// `{% do value %}`
    record Do(Expression value, int line) implements Statement {
        @Override
        public Flow run(Scope scope, TextBuilder out) {
            scope.rendering().enterLine(line);
            value.evaluate(scope);
            return Flow.NEXT;
        }
    }

    /// `{% if test %} body`, or one of its branches; `else` is a branch whose test is true.
    record If(List<Branch> branches) implements Statement {
        /// A test and what happens if it is the first to hold.
        record Branch(Expression test, List<Statement> body, int line) {}

        @Override
        public Flow run(Scope scope, TextBuilder out) {
            for (Branch branch : branches) {
                scope.rendering().enterLine(branch.line);
                if (branch.test.evaluate(scope).truth()) {
                    return runAll(branch.body, scope, out);
                }
            }
            return Flow.NEXT;
        }
    }

    /// `{% for target in items if filter %} body {% else %} otherwise`
    ///
    /// The part after `else` runs if the body never ran to its end: there was no item, or each
    /// round was left by a jump.
    ///
    /// @param filter which items the loop sees
    /// @param recursion how deep the body is nested if the loop is marked `recursive`, else 0
    record For(
            Target target,
            Expression items,
            Optional<Expression> filter,
            List<Statement> body,
            List<Statement> otherwise,
            int recursion,
            int line)
            implements Statement {
        @Override
        public Flow run(Scope scope, TextBuilder out) {
            scope.rendering().enterLine(line);
            Value values = items.evaluate(scope);
            run(Operators.iterate(values, scope.rendering()), 0, scope, out);
            return Flow.NEXT;
        }

        /// Runs the loop over these items.
        void run(List<Value> values, int depth0, Scope scope, TextBuilder out) {
            List<Value> seen = filter.isPresent() ? filtered(values, filter.get(), scope) : values;
            Loop loop = new Loop(this, scope, seen, depth0);
            boolean completed = false;
            for (int i = 0; i < seen.size(); i++) {
                scope.rendering().charge(2);
                Scope inner = new Scope(scope);
                loop.moveTo(i);
                inner.set("loop", loop);
                target.assign(seen.get(i), inner);
                Flow flow = runAll(body, inner, out);
                completed |= flow == Flow.NEXT;
                if (flow == Flow.BREAK) {
                    break;
                }
            }
            if (!completed) {
                runAll(otherwise, new Scope(scope), out);
            }
        }

        private List<Value> filtered(List<Value> values, Expression condition, Scope scope) {
            List<Value> kept = new ArrayList<>();
            for (Value value : values) {
                scope.rendering().charge(1);
                Scope inner = new Scope(scope);
                target.assign(value, inner);
                if (condition.evaluate(inner).truth()) {
                    kept.add(value);
                }
            }
            return kept;
        }
    }

    /// `{% set target = value %}`
    record Set(Target target, Expression value, int line) implements Statement {
        @Override
        public Flow run(Scope scope, TextBuilder out) {
            scope.rendering().enterLine(line);
            target.assign(value.evaluate(scope), scope);
            return Flow.NEXT;
        }
    }

    /// `{% set target | filters %} body {% endset %}`
    record SetBlock(Target target, List<Suffix> filters, List<Statement> body, int line)
            implements Statement {
        @Override
        public Flow run(Scope scope, TextBuilder out) {
            Value text = capture(body, filters, scope, line);
            target.assign(text, scope);
            return Flow.NEXT;
        }
    }

    /// `{% filter name %} body {% endfilter %}`
    record FilterBlock(List<Suffix> filters, List<Statement> body, int line) implements Statement {
        @Override
        public Flow run(Scope scope, TextBuilder out) {
            PythonText.print(capture(body, filters, scope, line), out);
            return Flow.NEXT;
        }
    }

    /// `{% with target = value, ... %} body`; also `{% generation %}`, which marks the model's own
    /// words for training and has no variables.
    record With(List<Target> targets, List<Expression> values, List<Statement> body, int line)
            implements Statement {
        @Override
        public Flow run(Scope scope, TextBuilder out) {
            scope.rendering().enterLine(line);
            Scope inner = new Scope(scope);
            for (int i = 0; i < targets.size(); i++) {
                targets.get(i).assign(values.get(i).evaluate(scope), inner);
            }
            return runAll(body, inner, out);
        }
    }

    /// `{% macro name(parameters) %} body`
    record Define(Macro.Definition macro) implements Statement {
        @Override
        public Flow run(Scope scope, TextBuilder out) {
            scope.set(macro.name(), new Macro(macro, scope));
            return Flow.NEXT;
        }
    }

    /// `{% call(parameters) macro(arguments) %} body`: the body becomes the macro's `caller`.
    record CallBlock(
            Expression callee, Suffix.ArgumentList arguments, Macro.Definition caller, int line)
            implements Statement {
        @Override
        public Flow run(Scope scope, TextBuilder out) {
            scope.rendering().enterLine(line);
            Value value = callee.evaluate(scope);
            Arguments given = arguments.evaluate(scope);
            Map<String, Value> named = new LinkedHashMap<>(given.named());
            named.put("caller", new Macro(caller, scope));
            Arguments all = new Arguments(given.positional(), named);
            PythonText.print(Suffix.Call.call(value, all, scope), out);
            return Flow.NEXT;
        }
    }

    /// `{% break %}` or `{% continue %}`
    record Jump(Flow flow) implements Statement {
        @Override
        public Flow run(Scope scope, TextBuilder out) {
            return flow;
        }
    }

    /// Runs statements until one of them jumps.
    static Flow runAll(List<Statement> statements, Scope scope, TextBuilder out) {
        for (Statement statement : statements) {
            scope.rendering().charge(1);
            Flow flow = statement.run(scope, out);
            if (flow != Flow.NEXT) {
                return flow;
            }
        }
        return Flow.NEXT;
    }

    private static Value capture(
            List<Statement> body, List<Suffix> filters, Scope scope, int line) {
        TextBuilder text = new TextBuilder(scope.rendering());
        Scope inner = new Scope(scope);
        runAll(body, inner, text);
        scope.rendering().enterLine(line);
        Value value = text.toStr();
        for (Suffix filter : filters) {
            value = filter.apply(value, inner);
        }
        return value;
    }

    /// What a value is assigned to.
    sealed interface Target {
        void assign(Value value, Scope scope);

        /// Tells which variables it sets.
        void define(FreeNames names);

        /// A variable.
        record Variable(String name) implements Target {
            @Override
            public void assign(Value value, Scope scope) {
                scope.set(name, value);
            }

            @Override
            public void define(FreeNames names) {
                names.define(name);
            }
        }

        /// An attribute of a namespace.
        record NamespaceAttribute(String variable, String attribute) implements Target {
            @Override
            public void assign(Value value, Scope scope) {
                if (!(scope.get(variable) instanceof Value.Namespace namespace)) {
                    throw TemplateException.render(
                            "'"
                                    + variable
                                    + "."
                                    + attribute
                                    + "' cannot be set: '"
                                    + variable
                                    + "' is not a namespace");
                }
                scope.rendering().charge(1);
                namespace.attributes().put(attribute, value);
            }

            @Override
            public void define(FreeNames names) {
                // An attribute is no variable.
            }
        }

        /// Several targets, for as many values.
        record Several(List<Target> targets) implements Target {
            @Override
            public void assign(Value value, Scope scope) {
                List<Value> values = Operators.iterate(value, scope.rendering());
                if (values.size() != targets.size()) {
                    throw TemplateException.render(
                            "expected "
                                    + targets.size()
                                    + " values to unpack, found "
                                    + values.size());
                }
                for (int i = 0; i < targets.size(); i++) {
                    targets.get(i).assign(values.get(i), scope);
                }
            }

            @Override
            public void define(FreeNames names) {
                for (Target target : targets) {
                    target.define(names);
                }
            }
        }
    }
}
