package autark.text.template;

import autark.text.template.Statement.If;
import autark.text.template.Statement.Target;
import autark.text.template.Value.Bool;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Reads the statements of a template.
final class StatementParser {
    private final TokenCursor tokens;
    private final FreeNames names = new FreeNames();
    private final ExpressionParser expressions;
    private int loops;

    StatementParser(List<Token> tokens) {
        this.tokens = new TokenCursor(tokens);
        this.expressions = new ExpressionParser(this.tokens, names);
    }

    /// Reads the whole template.
    List<Statement> template() {
        List<Statement> statements = body();
        if (!tokens.at(Token.Kind.END)) {
            throw tokens.error("'" + tokens.current().text() + "' ends nothing that was begun");
        }
        return statements;
    }

    /// Names that a caller can set.
    Set<String> freeNames() {
        return names.free();
    }

    /// Reads statements up to a tag that ends or continues the construct around them; its name is
    /// the current token then.
    private List<Statement> body() {
        tokens.enter();
        List<Statement> statements = new ArrayList<>();
        while (!tokens.at(Token.Kind.END)) {
            Token token = tokens.take();
            switch (token.kind()) {
                case DATA -> statements.add(new Statement.Data(token.text()));
                case PRINT_BEGIN -> {
                    statements.add(new Statement.Print(expressions.expressions(), token.line()));
                    tokens.expect(Token.Kind.PRINT_END, "'}}'");
                }
                case BLOCK_BEGIN -> {
                    if (atEndOfBody()) {
                        tokens.leave();
                        return statements;
                    }
                    statements.add(statement());
                }
                default -> throw new AssertionError("the lexer puts tags around " + token);
            }
        }
        tokens.leave();
        return statements;
    }

    private boolean atEndOfBody() {
        String name = tokens.at(Token.Kind.NAME) ? tokens.current().text() : "";
        return name.startsWith("end") || name.equals("else") || name.equals("elif");
    }

    /// Reads a body and the tag that ends it.
    private List<Statement> bodyUntil(String end) {
        endTag();
        List<Statement> statements = body();
        expectEnd(end);
        endTag();
        return statements;
    }

    private void expectEnd(String end) {
        if (!tokens.skipName(end)) {
            throw tokens.unexpected("'{% " + end + " %}'");
        }
    }

    private void endTag() {
        tokens.expect(Token.Kind.BLOCK_END, "'%}'");
    }

    private Statement statement() {
        int line = tokens.current().line();
        String name = tokens.expectName();
        return switch (name) {
            case "if" -> conditional(line);
            case "for" -> loop(line);
            case "set" -> assignment(line);
            case "macro" -> macro();
            case "call" -> callBlock(line);
            case "filter" -> filterBlock(line);
            case "with" -> with(line);
            case "generation" -> scoped(List.of(), List.of(), "endgeneration", line);
            case "break" -> jump(Statement.Flow.BREAK, name);
            case "continue" -> jump(Statement.Flow.CONTINUE, name);
            case "do" -> {
                Expression value = expressions.expressions();
                endTag();
                yield new Statement.Do(value, line);
            }
            case "include", "import", "from", "extends", "block", "autoescape", "trans" ->
                    throw tokens.error("'" + name + "' is not supported in chat templates");
            default -> throw tokens.error("unknown statement '" + name + "'");
        };
    }

    private Statement conditional(int line) {
        List<If.Branch> branches = new ArrayList<>();
        Set<String> before = names.defined();
        Expression test = expressions.unconditional();
        int branchLine = line;
        while (true) {
            endTag();
            branches.add(new If.Branch(test, body(), branchLine));
            names.restore(before);
            branchLine = tokens.current().line();
            if (tokens.skipName("elif")) {
                test = expressions.unconditional();
            } else if (tokens.skipName("else")) {
                branches.add(
                        new If.Branch(
                                new Expression.Literal(Bool.TRUE), bodyUntil("endif"), branchLine));
                names.restore(before);
                return new If(branches);
            } else {
                expectEnd("endif");
                endTag();
                return new If(branches);
            }
        }
    }

    private Statement loop(int line) {
        Set<String> before = names.defined();
        Target target = target();
        tokens.expectName("in");
        Expression items = expressions.unconditional();
        target.define(names);
        Optional<Expression> filter =
                tokens.skipName("if") ? Optional.of(expressions.expression()) : Optional.empty();
        boolean recursive = tokens.skipName("recursive");
        names.define("loop");
        endTag();
        int outer = tokens.beginMeasure();
        loops++;
        List<Statement> body = body();
        loops--;
        int nesting = tokens.endMeasure(outer);
        names.restore(before);
        List<Statement> otherwise = List.of();
        if (tokens.skipName("else")) {
            otherwise = bodyUntil("endfor");
            names.restore(before);
        } else {
            expectEnd("endfor");
            endTag();
        }
        return new Statement.For(
                target, items, filter, body, otherwise, recursive ? nesting : 0, line);
    }

    private Statement jump(Statement.Flow flow, String name) {
        if (loops == 0) {
            throw tokens.error("'" + name + "' stands outside of a loop");
        }
        endTag();
        return new Statement.Jump(flow);
    }

    private Statement assignment(int line) {
        Target target = target();
        if (tokens.skipOperator("=")) {
            Expression value = expressions.expressions();
            target.define(names);
            endTag();
            return new Statement.Set(target, value, line);
        }
        List<Suffix> filters = filters();
        Set<String> before = names.defined();
        List<Statement> body = bodyUntil("endset");
        names.restore(before);
        target.define(names);
        return new Statement.SetBlock(target, filters, body, line);
    }

    private List<Suffix> filters() {
        List<Suffix> filters = new ArrayList<>();
        while (tokens.atOperator("|")) {
            filters.add(expressions.filter());
        }
        return filters;
    }

    private Statement filterBlock(int line) {
        List<Suffix> filters = new ArrayList<>();
        filters.add(expressions.namedFilter());
        filters.addAll(filters());
        Set<String> before = names.defined();
        List<Statement> body = bodyUntil("endfilter");
        names.restore(before);
        return new Statement.FilterBlock(filters, body, line);
    }

    private Statement with(int line) {
        List<Target> targets = new ArrayList<>();
        List<Expression> values = new ArrayList<>();
        while (!tokens.at(Token.Kind.BLOCK_END)) {
            if (!targets.isEmpty()) {
                tokens.expectOperator(",");
            }
            targets.add(new Target.Variable(tokens.expectName()));
            tokens.expectOperator("=");
            values.add(expressions.expression());
        }
        return scoped(targets, values, "endwith", line);
    }

    private Statement scoped(List<Target> targets, List<Expression> values, String end, int line) {
        Set<String> before = names.defined();
        for (Target target : targets) {
            target.define(names);
        }
        List<Statement> body = bodyUntil(end);
        names.restore(before);
        return new Statement.With(targets, values, body, line);
    }

    private Statement macro() {
        String name = tokens.expectName();
        names.define(name);
        return new Statement.Define(definition(name, parameters(), "endmacro"));
    }

    private Statement callBlock(int line) {
        List<Macro.Parameter> parameters = tokens.atOperator("(") ? parameters() : List.of();
        Expression call = expressions.expression();
        if (call instanceof Expression.Chain(Expression first, List<Suffix> suffixes)
                && suffixes.getLast() instanceof Suffix.Call(Suffix.ArgumentList arguments)) {
            Expression callee =
                    new Expression.Chain(first, suffixes.subList(0, suffixes.size() - 1));
            Macro.Definition caller = definition("caller", parameters, "endcall");
            return new Statement.CallBlock(callee, arguments, caller, line);
        }
        throw tokens.error("expected the call of a macro after 'call'");
    }

    private Macro.Definition definition(String name, List<Macro.Parameter> parameters, String end) {
        Set<String> before = names.defined();
        names.define("caller");
        for (Macro.Parameter parameter : parameters) {
            names.define(parameter.name());
        }
        int outerLoops = loops;
        loops = 0;
        int outer = tokens.beginMeasure();
        List<Statement> body = bodyUntil(end);
        int nesting = tokens.endMeasure(outer);
        loops = outerLoops;
        names.restore(before);
        return new Macro.Definition(name, parameters, body, nesting);
    }

    private List<Macro.Parameter> parameters() {
        tokens.expectOperator("(");
        List<Macro.Parameter> parameters = new ArrayList<>();
        while (!tokens.atOperator(")")) {
            if (!parameters.isEmpty()) {
                tokens.expectOperator(",");
            }
            String name = tokens.expectName();
            Optional<Expression> fallback =
                    tokens.skipOperator("=")
                            ? Optional.of(expressions.expression())
                            : Optional.empty();
            parameters.add(new Macro.Parameter(name, fallback));
        }
        tokens.expectOperator(")");
        return parameters;
    }

    /// Reads `a`, `a, b`, `(a, b), c` or `namespace.a`.
    private Target target() {
        tokens.enter();
        List<Target> targets = new ArrayList<>(List.of(singleTarget()));
        while (tokens.skipOperator(",")) {
            targets.add(singleTarget());
        }
        tokens.leave();
        return targets.size() == 1 ? targets.getFirst() : new Target.Several(targets);
    }

    private Target singleTarget() {
        if (tokens.skipOperator("(")) {
            Target inner = target();
            tokens.expectOperator(")");
            return inner;
        }
        String name = tokens.expectName();
        if (tokens.skipOperator(".")) {
            names.read(name);
            return new Target.NamespaceAttribute(name, tokens.expectName());
        }
        return new Target.Variable(name);
    }
}
