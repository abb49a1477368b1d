package autark.text.template;

import java.util.List;

/// Reads tokens one by one and counts how deep the parser is inside nested constructs.
final class TokenCursor {
    private final List<Token> tokens;
    private int next;
    private int nesting;
    private int deepest;

    TokenCursor(List<Token> tokens) {
        this.tokens = tokens;
    }

    Token current() {
        return tokens.get(next);
    }

    /// The token after the current one; at the end of the template the end again.
    Token following() {
        return tokens.get(Math.min(next + 1, tokens.size() - 1));
    }

    Token take() {
        Token token = current();
        if (token.kind() != Token.Kind.END) {
            next++;
        }
        return token;
    }

    boolean at(Token.Kind kind) {
        return current().kind() == kind;
    }

    boolean atName(String name) {
        return current().is(Token.Kind.NAME, name);
    }

    boolean atOperator(String operator) {
        return current().is(Token.Kind.OPERATOR, operator);
    }

    boolean skipName(String name) {
        boolean found = atName(name);
        if (found) {
            next++;
        }
        return found;
    }

    boolean skipOperator(String operator) {
        boolean found = atOperator(operator);
        if (found) {
            next++;
        }
        return found;
    }

    /// The text of the next token, which must be a name.
    String expectName() {
        if (!at(Token.Kind.NAME)) {
            throw unexpected("a name");
        }
        return take().text();
    }

    void expectName(String name) {
        if (!skipName(name)) {
            throw unexpected("'" + name + "'");
        }
    }

    void expectOperator(String operator) {
        if (!skipOperator(operator)) {
            throw unexpected("'" + operator + "'");
        }
    }

    void expect(Token.Kind kind, String shown) {
        if (!at(kind)) {
            throw unexpected(shown);
        }
        next++;
    }

    TemplateException unexpected(String expected) {
        return error("expected " + expected + ", found " + current().shown());
    }

    TemplateException error(String message) {
        return new TemplateException(TemplateException.Kind.SYNTAX, current().line(), message);
    }

    /// Enters a nested construct.
    void enter() {
        nesting++;
        deepest = Math.max(deepest, nesting);
        if (nesting > Limits.MAX_NESTING) {
            throw new TemplateException(
                    TemplateException.Kind.LIMIT,
                    current().line(),
                    "expressions and statements may be nested "
                            + Limits.MAX_NESTING
                            + " deep, no more");
        }
    }

    void leave() {
        nesting--;
    }

    /// Begins to measure how deep a body is nested; returns what [#endMeasure] needs.
    int beginMeasure() {
        int outer = deepest;
        deepest = nesting;
        return outer;
    }

    /// Levels that were entered since [#beginMeasure], at least 1.
    int endMeasure(int outer) {
        int levels = deepest - nesting;
        deepest = Math.max(deepest, outer);
        return Math.max(levels, 1);
    }
}
