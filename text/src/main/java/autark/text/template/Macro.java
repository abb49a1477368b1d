package autark.text.template;

import autark.text.template.Value.Undefined;
import java.util.List;
import java.util.Optional;

/// A macro where it was defined, or the body of a call block.
///
/// @param definedIn the scope whose variables its body sees
record Macro(Definition definition, Scope definedIn) implements Callable {
    /// What the source says.
    ///
    /// @param nesting how deep its body is nested
    record Definition(String name, List<Parameter> parameters, List<Statement> body, int nesting) {}

    /// @param fallback the value if the caller gives none
    record Parameter(String name, Optional<Expression> fallback) {}

    @Override
    public String typeName() {
        return "macro";
    }

    @Override
    public Value call(Arguments arguments, Rendering rendering) {
        rendering.charge(1);
        rendering.enter(definition.nesting());
        int callLine = rendering.line();
        Scope scope = new Scope(definedIn);
        bind(arguments, scope);
        TextBuilder text = new TextBuilder(rendering);
        Statement.runAll(definition.body(), scope, text);
        rendering.enterLine(callLine);
        rendering.leave(definition.nesting());
        return text.toStr();
    }

    private void bind(Arguments arguments, Scope scope) {
        scope.set("caller", new Undefined("the macro was not called by a call block"));
        List<Value> positional = arguments.positional();
        int count = definition.parameters().size();
        if (positional.size() > count) {
            throw TemplateException.render(
                    "macro '"
                            + definition.name()
                            + "' takes "
                            + count
                            + " arguments, found "
                            + positional.size());
        }
        int named = 0;
        for (int i = 0; i < count; i++) {
            Parameter parameter = definition.parameters().get(i);
            Value byName = arguments.named().get(parameter.name());
            named += byName == null ? 0 : 1;
            if (i < positional.size()) {
                if (byName != null) {
                    throw TemplateException.render(
                            "macro '"
                                    + definition.name()
                                    + "' gets '"
                                    + parameter.name()
                                    + "' twice");
                }
                scope.set(parameter.name(), positional.get(i));
            } else {
                scope.set(parameter.name(), byName == null ? fallback(parameter, scope) : byName);
            }
        }
        Value caller = arguments.named().get("caller");
        if (caller != null) {
            scope.set("caller", caller);
            named++;
        }
        if (named < arguments.named().size()) {
            throw TemplateException.render(
                    "macro '"
                            + definition.name()
                            + "' has no parameter for one of "
                            + arguments.named().keySet());
        }
    }

    private static Value fallback(Parameter parameter, Scope scope) {
        if (parameter.fallback().isPresent()) {
            return parameter.fallback().get().evaluate(scope);
        }
        return new Undefined("parameter '" + parameter.name() + "' was not provided");
    }
}
