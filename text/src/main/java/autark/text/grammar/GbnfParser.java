package autark.text.grammar;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads llama.cpp's grammar notation. Line ends are spaces, except that a rule starts on a line of
/// its own; so more texts are read than by llama.cpp, and those that it reads alike.
final class GbnfParser {
    /// A rule's name and where it stands first.
    record Rule(String name, int place) {}

    private static final int END = -1;
    private static final String DEFINES = "::=";

    private final String source;
    private int at;
    private int depth;
    private final List<Rule> rules = new ArrayList<>();
    private final Map<String, Integer> numbers = new HashMap<>();
    private final List<@Nullable GbnfNode> bodies = new ArrayList<>();

    private GbnfParser(String source) {
        this.source = source;
    }

    /// The rules of a grammar, bodies by number, and the number of the rule to start with.
    record Rules(List<String> names, List<GbnfNode> bodies, int root) {}

    static Rules parse(String source) {
        if (source.length() > Gbnf.SOURCE_CHARS_MAX) {
            throw new GrammarException(
                    "the grammar is too large: %d characters, expected at most %d"
                            .formatted(source.length(), Gbnf.SOURCE_CHARS_MAX));
        }
        return new GbnfParser(source).rules();
    }

    private Rules rules() {
        skipSpace();
        while (at < source.length()) {
            rule();
        }
        List<String> names = new ArrayList<>();
        List<GbnfNode> defined = new ArrayList<>();
        for (int number = 0; number < rules.size(); number++) {
            Rule rule = rules.get(number);
            GbnfNode body = bodies.get(number);
            if (body == null) {
                throw errorAt(
                        rule.place(), "rule '%s', which is not defined".formatted(rule.name()));
            }
            names.add(rule.name());
            defined.add(body);
        }
        Integer root = numbers.get(Gbnf.ROOT);
        if (root == null) {
            throw new GrammarException(
                    "the grammar has no rule '%s' to start with".formatted(Gbnf.ROOT));
        }
        return new Rules(names, defined, root);
    }

    private GrammarException error(String found) {
        return errorAt(at, found);
    }

    private GrammarException errorAt(int place, String found) {
        int line = 1;
        int lineStart = 0;
        for (int i = 0; i < place; i++) {
            if (source.charAt(i) == '\n') {
                line++;
                lineStart = i + 1;
            }
        }
        return new GrammarException(
                "grammar: %s at line %d, column %d".formatted(found, line, place - lineStart + 1));
    }

    private void rule() {
        int place = at;
        String name = name();
        if (name.isEmpty()) {
            throw error("%s, expected the name of a rule".formatted(shown()));
        }
        skipSpace();
        if (!skip(DEFINES)) {
            throw error("%s, expected '::='".formatted(shown()));
        }
        int number = number(name, place);
        if (bodies.get(number) != null) {
            throw errorAt(place, "rule '%s', which is defined before,".formatted(name));
        }
        skipSpace();
        bodies.set(number, choice());
        if (peek() == ')') {
            throw error("a ')' that closes no group");
        }
    }

    private int number(String name, int place) {
        Integer known = numbers.get(name);
        if (known != null) {
            return known;
        }
        if (rules.size() == Gbnf.RULES_MAX) {
            throw error("the grammar is too large: more than %d rules".formatted(Gbnf.RULES_MAX));
        }
        numbers.put(name, rules.size());
        rules.add(new Rule(name, place));
        bodies.add(null);
        return rules.size() - 1;
    }

    private String shown() {
        return at == source.length() ? "the end" : "'" + Character.toString(peek()) + "'";
    }

    private int peek() {
        return at < source.length() ? source.codePointAt(at) : END;
    }

    private boolean skip(String text) {
        boolean found = source.startsWith(text, at);
        at += found ? text.length() : 0;
        return found;
    }

    private void skipSpace() {
        while (at < source.length()) {
            char unit = source.charAt(at);
            if (unit == '#') {
                int end = source.indexOf('\n', at);
                at = end < 0 ? source.length() : end;
            } else if (unit == ' ' || unit == '\t' || unit == '\r' || unit == '\n') {
                at++;
            } else {
                return;
            }
        }
    }

    private String name() {
        int from = at;
        while (at < source.length() && isNameChar(source.charAt(at))) {
            at++;
        }
        return source.substring(from, at);
    }

    private static boolean isNameChar(char unit) {
        return (unit >= 'a' && unit <= 'z')
                || (unit >= 'A' && unit <= 'Z')
                || (unit >= '0' && unit <= '9')
                || unit == '-'
                || unit == '_';
    }

    private GbnfNode choice() {
        List<GbnfNode> alternatives = new ArrayList<>();
        alternatives.add(sequence());
        while (skip("|")) {
            skipSpace();
            alternatives.add(sequence());
        }
        return alternatives.size() == 1
                ? alternatives.getFirst()
                : new GbnfNode.Choice(alternatives);
    }

    private GbnfNode sequence() {
        List<GbnfNode> parts = new ArrayList<>();
        while (true) {
            int codePoint = peek();
            if (codePoint == END || codePoint == '|' || codePoint == ')' || startsRule()) {
                return parts.size() == 1 ? parts.getFirst() : new GbnfNode.Sequence(parts);
            }
            parts.add(repeated(symbol()));
        }
    }

    /// Whether a name and `::=` come.
    private boolean startsRule() {
        int from = at;
        if (name().isEmpty()) {
            return false;
        }
        skipSpace();
        boolean starts = source.startsWith(DEFINES, at);
        at = from;
        if (starts && !startsLine()) {
            throw error("a rule that starts in the middle of a line");
        }
        return starts;
    }

    private boolean startsLine() {
        for (int i = at - 1; i >= 0 && source.charAt(i) != '\n'; i--) {
            if (source.charAt(i) != ' ' && source.charAt(i) != '\t') {
                return false;
            }
        }
        return true;
    }

    private GbnfNode symbol() {
        int from = at;
        GbnfNode node =
                switch (peek()) {
                    case '"' -> literal();
                    case '[' -> charClass();
                    case '(' -> group();
                    case '.' -> {
                        at++;
                        yield new GbnfNode.Chars(CodePoints.ALL);
                    }
                    case '<', '!' -> throw error("a token, which grammars here are not made of,");
                    case '*', '+', '?', '{' -> throw error("a quantifier with nothing before it");
                    default -> {
                        String name = name();
                        if (name.isEmpty()) {
                            throw error(
                                    "%s, expected a literal, class, group or rule"
                                            .formatted(shown()));
                        }
                        yield new GbnfNode.Call(number(name, from));
                    }
                };
        skipSpace();
        return node;
    }

    private GbnfNode group() {
        int from = at++;
        if (++depth > Gbnf.GROUP_DEPTH_MAX) {
            throw error("more than %d groups inside one another".formatted(Gbnf.GROUP_DEPTH_MAX));
        }
        skipSpace();
        GbnfNode body = choice();
        depth--;
        if (!skip(")")) {
            throw errorAt(from, "a group that is not closed");
        }
        return body;
    }

    private GbnfNode repeated(GbnfNode symbol) {
        GbnfNode node = symbol;
        int wrapped = 0;
        while (true) {
            int from = at;
            if (skip("*")) {
                node = new GbnfNode.Repeat(node, 0, Regex.UNBOUNDED);
            } else if (skip("+")) {
                node = new GbnfNode.Repeat(node, 1, Regex.UNBOUNDED);
            } else if (skip("?")) {
                node = new GbnfNode.Repeat(node, 0, 1);
            } else if (skip("{")) {
                node = counted(node, from);
            } else {
                return node;
            }
            if (++wrapped > Gbnf.GROUP_DEPTH_MAX) {
                throw errorAt(
                        from, "more than %d quantifiers in a row".formatted(Gbnf.GROUP_DEPTH_MAX));
            }
            skipSpace();
        }
    }

    private GbnfNode counted(GbnfNode body, int from) {
        skipSpace();
        int min = count();
        skipSpace();
        int max = min;
        if (skip(",")) {
            skipSpace();
            max = peek() == '}' ? Regex.UNBOUNDED : count();
            skipSpace();
        }
        if (!skip("}")) {
            throw error("%s, expected '}'".formatted(shown()));
        }
        if (min > max) {
            throw errorAt(from, "a quantifier with %d before %d".formatted(min, max));
        }
        return new GbnfNode.Repeat(body, min, max);
    }

    private int count() {
        int from = at;
        int value = 0;
        while (peek() >= '0' && peek() <= '9') {
            value = value * 10 + source.charAt(at++) - '0';
            if (value > Gbnf.REPEAT_MAX) {
                throw errorAt(
                        from,
                        "the grammar is too large: more than %d repetitions"
                                .formatted(Gbnf.REPEAT_MAX));
            }
        }
        if (at == from) {
            throw error("%s, expected a number".formatted(shown()));
        }
        return value;
    }

    private GbnfNode literal() {
        int from = at++;
        List<GbnfNode> parts = new ArrayList<>();
        while (!skip("\"")) {
            parts.add(new GbnfNode.Chars(CodePoints.of(character(from, "literal"))));
        }
        return new GbnfNode.Sequence(parts);
    }

    private GbnfNode charClass() {
        int from = at++;
        boolean negated = skip("^");
        CodePoints.Builder set = new CodePoints.Builder();
        while (!skip("]")) {
            int first = character(from, "class");
            boolean range = peek() == '-' && !source.startsWith("-]", at);
            int last = first;
            if (range) {
                at++;
                last = character(from, "class");
            }
            if (first > last) {
                throw error("a range whose end comes before its start");
            }
            set.add(first, last);
        }
        CodePoints built = negated ? set.build().complement() : set.build();
        if (built.isEmpty()) {
            throw errorAt(from, "a class without characters");
        }
        return new GbnfNode.Chars(built);
    }

    /// One character of a literal or a class, escaped or not.
    private int character(int from, String what) {
        int codePoint = peek();
        if (codePoint == END) {
            throw errorAt(from, "a %s that is not closed".formatted(what));
        }
        int place = at;
        at += Character.charCount(codePoint);
        int value = codePoint == '\\' ? escape(from, what) : codePoint;
        if (value >= CodePoints.SURROGATE_MIN && value <= CodePoints.SURROGATE_MAX) {
            throw errorAt(place, "half of a surrogate pair");
        }
        return value;
    }

    private int escape(int from, String what) {
        int codePoint = peek();
        if (codePoint == END) {
            throw errorAt(from, "a %s that is not closed".formatted(what));
        }
        at += Character.charCount(codePoint);
        return switch (codePoint) {
            case 'x' -> hex(2);
            case 'u' -> hex(4);
            case 'U' -> hex(8);
            case 't' -> '\t';
            case 'r' -> '\r';
            case 'n' -> '\n';
            default -> {
                if (codePoint < ' ' || codePoint > '~' || Character.isLetterOrDigit(codePoint)) {
                    throw errorAt(at - 1, "the unknown escape \\" + Character.toString(codePoint));
                }
                yield codePoint;
            }
        };
    }

    private int hex(int length) {
        long value = 0;
        for (int i = at; i < at + length; i++) {
            int digit = i < source.length() ? Character.digit(source.charAt(i), 16) : -1;
            if (digit < 0 || source.charAt(i) > 'f') {
                throw error("an escape without its %d hexadecimal digits".formatted(length));
            }
            value = value << 4 | digit;
        }
        if (value > CodePoints.MAX) {
            throw error("a code point above U+10FFFF");
        }
        at += length;
        return (int) value;
    }
}
