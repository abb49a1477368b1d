package autark.text.template;

import autark.text.template.Value.Bool;
import autark.text.template.Value.Int;
import autark.text.template.Value.None;
import autark.text.template.Value.Real;
import autark.text.template.Value.Sequence;
import autark.text.template.Value.Str;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Reads expressions. The ranks, from loose to tight: `a if b else c`, `or`, `and`, `not`,
/// comparisons, `+ -`, `~`, `* / // %`, `**`, signs, then suffixes and filters.
final class ExpressionParser {
    private static final Expression NONE = new Expression.Literal(None.NONE);

    private final TokenCursor tokens;
    private final FreeNames names;

    ExpressionParser(TokenCursor tokens, FreeNames names) {
        this.tokens = tokens;
        this.names = names;
    }

    Expression expression() {
        tokens.enter();
        Expression then = or();
        if (tokens.skipName("if")) {
            Expression test = or();
            boolean otherwise = tokens.skipName("else");
            then =
                    new Expression.Conditional(
                            test, then, otherwise ? expression() : Expression.Conditional.NO_ELSE);
        }
        tokens.leave();
        return then;
    }

    /// One expression, or several with commas between them, which are a tuple.
    Expression expressions() {
        return rest(expression());
    }

    /// As [#expressions], but without `a if b else c`, where `if` means something else.
    Expression unconditional() {
        tokens.enter();
        Expression first = or();
        tokens.leave();
        return rest(first);
    }

    private Expression rest(Expression first) {
        if (!tokens.atOperator(",")) {
            return first;
        }
        List<Expression> items = new ArrayList<>(List.of(first));
        while (tokens.skipOperator(",") && !atEndOfTuple()) {
            items.add(expression());
        }
        return new Expression.Items(Sequence.Kind.TUPLE, List.copyOf(items));
    }

    private boolean atEndOfTuple() {
        return tokens.atOperator(")")
                || tokens.at(Token.Kind.PRINT_END)
                || tokens.at(Token.Kind.BLOCK_END);
    }

    private Expression or() {
        Expression first = and();
        if (!tokens.atName("or")) {
            return first;
        }
        List<Expression> operands = new ArrayList<>(List.of(first));
        while (tokens.skipName("or")) {
            operands.add(and());
        }
        return new Expression.Or(operands);
    }

    private Expression and() {
        Expression first = not();
        if (!tokens.atName("and")) {
            return first;
        }
        List<Expression> operands = new ArrayList<>(List.of(first));
        while (tokens.skipName("and")) {
            operands.add(not());
        }
        return new Expression.And(operands);
    }

    private Expression not() {
        if (!tokens.skipName("not")) {
            return comparison();
        }
        tokens.enter();
        Expression operand = not();
        tokens.leave();
        return new Expression.Not(operand);
    }

    private Expression comparison() {
        Expression first = sum();
        List<Expression.Comparison.Link> steps = new ArrayList<>();
        while (true) {
            Operators.Comparison operator = Operators.Comparison.at(tokens);
            if (operator == Operators.Comparison.NOTHING) {
                return steps.isEmpty() ? first : new Expression.Comparison(first, steps);
            }
            steps.add(new Expression.Comparison.Link(operator, sum()));
        }
    }

    private Expression sum() {
        Expression first = concatenation();
        List<Expression.Arithmetic.Term> steps = new ArrayList<>();
        while (tokens.atOperator("+") || tokens.atOperator("-")) {
            Operators.Arithmetic operator = Operators.Arithmetic.of(tokens.take().text());
            steps.add(new Expression.Arithmetic.Term(operator, concatenation()));
        }
        return steps.isEmpty() ? first : new Expression.Arithmetic(first, steps);
    }

    private Expression concatenation() {
        Expression first = product();
        if (!tokens.atOperator("~")) {
            return first;
        }
        List<Expression> operands = new ArrayList<>(List.of(first));
        while (tokens.skipOperator("~")) {
            operands.add(product());
        }
        return new Expression.Concatenation(operands);
    }

    private Expression product() {
        Expression first = power();
        List<Expression.Arithmetic.Term> steps = new ArrayList<>();
        while (tokens.atOperator("*")
                || tokens.atOperator("/")
                || tokens.atOperator("//")
                || tokens.atOperator("%")) {
            Operators.Arithmetic operator = Operators.Arithmetic.of(tokens.take().text());
            steps.add(new Expression.Arithmetic.Term(operator, power()));
        }
        return steps.isEmpty() ? first : new Expression.Arithmetic(first, steps);
    }

    private Expression power() {
        Expression first = filtered();
        List<Expression.Arithmetic.Term> steps = new ArrayList<>();
        while (tokens.skipOperator("**")) {
            steps.add(new Expression.Arithmetic.Term(Operators.Arithmetic.POWER, filtered()));
        }
        return steps.isEmpty() ? first : new Expression.Arithmetic(first, steps);
    }

    /// A value with its suffixes, filters and tests.
    private Expression filtered() {
        Expression first = signed();
        List<Suffix> suffixes = new ArrayList<>();
        while (true) {
            if (tokens.atOperator("|")) {
                suffixes.add(filter());
            } else if (tokens.skipName("is")) {
                suffixes.add(test());
            } else if (tokens.atOperator("(")) {
                suffixes.add(new Suffix.Call(arguments()));
            } else {
                return suffixes.isEmpty() ? first : new Expression.Chain(first, suffixes);
            }
        }
    }

    private Expression signed() {
        if (!tokens.atOperator("-") && !tokens.atOperator("+")) {
            return suffixed(primary());
        }
        Operators.Arithmetic sign = Operators.Arithmetic.of(tokens.take().text());
        tokens.enter();
        Expression operand = signed();
        tokens.leave();
        return suffixed(new Expression.Signed(sign, operand));
    }

    private Expression suffixed(Expression first) {
        List<Suffix> suffixes = new ArrayList<>();
        while (true) {
            if (tokens.skipOperator(".")) {
                suffixes.add(attribute());
            } else if (tokens.skipOperator("[")) {
                suffixes.add(subscript());
                tokens.expectOperator("]");
            } else if (tokens.atOperator("(")) {
                suffixes.add(new Suffix.Call(arguments()));
            } else {
                return suffixes.isEmpty() ? first : new Expression.Chain(first, suffixes);
            }
        }
    }

    private Suffix attribute() {
        if (tokens.at(Token.Kind.INTEGER)) {
            return new Suffix.Element(new Expression.Literal(integer(tokens.take())));
        }
        return new Suffix.Attribute(tokens.expectName());
    }

    private Suffix subscript() {
        Expression start = NONE;
        if (!tokens.atOperator(":")) {
            start = expressions();
            if (!tokens.atOperator(":")) {
                return new Suffix.Element(start);
            }
        }
        tokens.expectOperator(":");
        Expression stop = slicePart();
        Expression step = tokens.skipOperator(":") ? slicePart() : NONE;
        return new Suffix.Slice(start, stop, step);
    }

    private Expression slicePart() {
        return tokens.atOperator(":") || tokens.atOperator("]") ? NONE : expression();
    }

    /// Reads `|name(arguments)`.
    Suffix filter() {
        tokens.expectOperator("|");
        return namedFilter();
    }

    /// Reads `name(arguments)` of a filter.
    Suffix namedFilter() {
        String name = tokens.expectName();
        return new Suffix.Filter(
                name, tokens.atOperator("(") ? arguments() : Suffix.ArgumentList.EMPTY);
    }

    private Suffix test() {
        Bool wanted = Bool.of(!tokens.skipName("not"));
        String name = tokens.expectName();
        if (tokens.atOperator("(")) {
            return new Suffix.Test(name, arguments(), wanted);
        }
        if (!atTestArgument()) {
            return new Suffix.Test(name, Suffix.ArgumentList.EMPTY, wanted);
        }
        if (tokens.atName("is")) {
            throw tokens.error("tests cannot be chained by 'is'; use 'and'");
        }
        tokens.enter();
        Expression argument = suffixed(primary());
        tokens.leave();
        return new Suffix.Test(name, new Suffix.ArgumentList(List.of(argument), Map.of()), wanted);
    }

    /// Whether a test takes the next value as its argument: `is divisibleby 3`.
    private boolean atTestArgument() {
        return switch (tokens.current().kind()) {
            case NAME -> !tokens.atName("else") && !tokens.atName("or") && !tokens.atName("and");
            case TEXT_LITERAL, INTEGER, REAL -> true;
            case OPERATOR -> tokens.atOperator("[") || tokens.atOperator("{");
            case DATA, PRINT_BEGIN, PRINT_END, BLOCK_BEGIN, BLOCK_END, END -> false;
        };
    }

    /// Reads `(arguments)`.
    Suffix.ArgumentList arguments() {
        tokens.expectOperator("(");
        List<Expression> positional = new ArrayList<>();
        Map<String, Expression> named = new LinkedHashMap<>();
        while (!tokens.atOperator(")")) {
            if (tokens.at(Token.Kind.NAME) && tokens.following().is(Token.Kind.OPERATOR, "=")) {
                String name = tokens.take().text();
                tokens.expectOperator("=");
                if (named.put(name, expression()) != null) {
                    throw tokens.error("argument '" + name + "' stands there twice");
                }
            } else if (named.isEmpty()) {
                positional.add(expression());
            } else {
                throw tokens.unexpected("'name=value', since an argument before has a name");
            }
            if (!tokens.skipOperator(",") && !tokens.atOperator(")")) {
                throw tokens.unexpected("',' or ')'");
            }
        }
        tokens.expectOperator(")");
        return new Suffix.ArgumentList(positional, named);
    }

    private Expression primary() {
        Token token = tokens.current();
        return switch (token.kind()) {
            case NAME -> name(tokens.take().text());
            case TEXT_LITERAL -> new Expression.Literal(text());
            case INTEGER -> new Expression.Literal(integer(tokens.take()));
            case REAL -> new Expression.Literal(new Real(Double.parseDouble(tokens.take().text())));
            case OPERATOR ->
                    switch (token.text()) {
                        case "(" -> parenthesised();
                        case "[" -> list();
                        case "{" -> pairs();
                        default -> throw tokens.unexpected("a value");
                    };
            case DATA, PRINT_BEGIN, PRINT_END, BLOCK_BEGIN, BLOCK_END, END ->
                    throw tokens.unexpected("a value");
        };
    }

    private Expression name(String name) {
        return switch (name) {
            case "true", "True" -> new Expression.Literal(Bool.TRUE);
            case "false", "False" -> new Expression.Literal(Bool.FALSE);
            case "none", "None" -> NONE;
            default -> {
                names.read(name);
                yield new Expression.Name(name);
            }
        };
    }

    /// A text literal; several of them that follow one another are one.
    private Str text() {
        StringBuilder text = new StringBuilder();
        while (tokens.at(Token.Kind.TEXT_LITERAL)) {
            text.append(tokens.take().text());
        }
        return new Str(text.toString());
    }

    private Int integer(Token digits) {
        try {
            return new Int(Long.parseLong(digits.text()));
        } catch (NumberFormatException e) {
            throw tokens.error("number " + digits.text() + " is larger than " + Long.MAX_VALUE);
        }
    }

    private Expression parenthesised() {
        tokens.expectOperator("(");
        if (tokens.skipOperator(")")) {
            return new Expression.Items(Sequence.Kind.TUPLE, List.of());
        }
        Expression inner = expressions();
        tokens.expectOperator(")");
        return inner;
    }

    private Expression list() {
        tokens.expectOperator("[");
        List<Expression> items = new ArrayList<>();
        while (!tokens.atOperator("]")) {
            items.add(expression());
            if (!tokens.skipOperator(",") && !tokens.atOperator("]")) {
                throw tokens.unexpected("',' or ']'");
            }
        }
        tokens.expectOperator("]");
        return new Expression.Items(Sequence.Kind.LIST, items);
    }

    private Expression pairs() {
        tokens.expectOperator("{");
        List<Expression> keys = new ArrayList<>();
        List<Expression> values = new ArrayList<>();
        while (!tokens.atOperator("}")) {
            keys.add(expression());
            tokens.expectOperator(":");
            values.add(expression());
            if (!tokens.skipOperator(",") && !tokens.atOperator("}")) {
                throw tokens.unexpected("',' or '}'");
            }
        }
        tokens.expectOperator("}");
        return new Expression.Pairs(keys, values);
    }
}
