package autark.text.grammar;

import java.util.ArrayList;
import java.util.List;

/// Reads regular expressions of ECMA-262 as far as they are regular: no look-around, no back
/// references, no word boundaries.
///
/// Where ECMA-262 has two readings, by the flag `u` and without it, patterns in use decide: `{`
/// that starts no quantifier and `-` beside a class such as `\w` stand for themselves, while
/// properties and code points in braces work and unknown escapes of letters are refused.
final class RegexParser {
    /// Longest pattern, in UTF-16 units.
    static final int PATTERN_CHARS_MAX = 1 << 14;

    /// Most repetitions that a quantifier counts.
    static final int REPEAT_MAX = 5_000;

    /// Groups inside groups.
    static final int DEPTH_MAX = 200;

    private static final int END = -1;

    private static final CodePoints DIGITS = CodePoints.of('0', '9');

    private static final CodePoints WORDS =
            new CodePoints.Builder()
                    .add('0', '9')
                    .add('A', 'Z')
                    .add('_', '_')
                    .add('a', 'z')
                    .build();

    private static final CodePoints SPACES =
            new CodePoints.Builder()
                    .add('\t', '\r')
                    .add(' ', ' ')
                    .add(0xA0, 0xA0)
                    .add(0x1680, 0x1680)
                    .add(0x2000, 0x200A)
                    .add(0x2028, 0x2029)
                    .add(0x202F, 0x202F)
                    .add(0x205F, 0x205F)
                    .add(0x3000, 0x3000)
                    .add(0xFEFF, 0xFEFF)
                    .build();

    private static final CodePoints ALL_BUT_LINE_ENDS =
            new CodePoints.Builder()
                    .add('\n', '\n')
                    .add('\r', '\r')
                    .add(0x2028, 0x2029)
                    .build()
                    .complement();

    private final String pattern;
    private int at;
    private int depth;

    private RegexParser(String pattern) {
        this.pattern = pattern;
    }

    static RegexNode parse(String pattern) {
        if (pattern.length() > PATTERN_CHARS_MAX) {
            throw new GrammarException(
                    "the pattern is too large: %d characters, expected at most %d"
                            .formatted(pattern.length(), PATTERN_CHARS_MAX));
        }
        RegexParser parser = new RegexParser(pattern);
        RegexNode node = parser.choice();
        if (parser.at < pattern.length()) {
            throw parser.error("a ')' that closes no group");
        }
        return node;
    }

    /// The expression of one text.
    static RegexNode literal(String text) {
        RegexParser parser = new RegexParser(text);
        List<RegexNode> parts = new ArrayList<>();
        while (parser.at < text.length()) {
            parts.add(new RegexNode.Chars(CodePoints.of(parser.scalar(parser.take()))));
        }
        return new RegexNode.Sequence(parts);
    }

    private GrammarException error(String found) {
        return errorAt(at, found);
    }

    private GrammarException errorAt(int index, String found) {
        return new GrammarException(
                "pattern '%s': %s at character %d".formatted(shown(), found, index + 1));
    }

    private String shown() {
        return pattern.length() <= 60 ? pattern : pattern.substring(0, 57) + "...";
    }

    private int peek() {
        return at < pattern.length() ? pattern.codePointAt(at) : END;
    }

    private int take() {
        int codePoint = peek();
        if (codePoint == END) {
            throw error("the pattern ends too early");
        }
        at += Character.charCount(codePoint);
        return codePoint;
    }

    private boolean skip(String text) {
        boolean found = pattern.startsWith(text, at);
        at += found ? text.length() : 0;
        return found;
    }

    private RegexNode choice() {
        List<RegexNode> alternatives = new ArrayList<>();
        do {
            alternatives.add(sequence());
        } while (skip("|"));
        return alternatives.size() == 1
                ? alternatives.getFirst()
                : new RegexNode.Choice(alternatives);
    }

    private RegexNode sequence() {
        List<RegexNode> parts = new ArrayList<>();
        while (at < pattern.length() && peek() != '|' && peek() != ')') {
            parts.add(repeated());
        }
        return parts.size() == 1 ? parts.getFirst() : new RegexNode.Sequence(parts);
    }

    private RegexNode repeated() {
        RegexNode body = atom();
        int min;
        int max;
        int from = at;
        switch (peek()) {
            case '*' -> {
                at++;
                min = 0;
                max = Regex.UNBOUNDED;
            }
            case '+' -> {
                at++;
                min = 1;
                max = Regex.UNBOUNDED;
            }
            case '?' -> {
                at++;
                min = 0;
                max = 1;
            }
            case '{' -> {
                int close = counts();
                if (close == END) {
                    return body;
                }
                String[] bounds = pattern.substring(at + 1, close).split(",", -1);
                min = count(bounds[0]);
                max = bounds.length == 1 ? min : upper(bounds[1]);
                at = close + 1;
            }
            default -> {
                return body;
            }
        }
        if (min > max) {
            throw errorAt(from, "a quantifier with %d before %d".formatted(min, max));
        }
        // A quantifier that takes as little as possible describes the same texts.
        skip("?");
        if (peek() == '*' || peek() == '+' || peek() == '?' || peek() == '{' && counts() != END) {
            throw error("a quantifier after a quantifier");
        }
        if (body instanceof RegexNode.TextStart || body instanceof RegexNode.TextEnd) {
            throw error("a quantifier after an anchor");
        }
        return new RegexNode.Repeat(body, min, max);
    }

    /// The place of the brace that closes `{2}`, `{2,}` or `{2,3}` here, or [#END].
    private int counts() {
        int i = at + 1;
        int commas = 0;
        while (i < pattern.length() && (isDigit(i) || pattern.charAt(i) == ',')) {
            commas += isDigit(i) ? 0 : 1;
            i++;
        }
        boolean closed = i < pattern.length() && pattern.charAt(i) == '}';
        boolean counted = closed && commas <= 1 && isDigit(at + 1);
        return counted ? i : END;
    }

    private boolean isDigit(int index) {
        return pattern.charAt(index) >= '0' && pattern.charAt(index) <= '9';
    }

    private int upper(String digits) {
        return digits.isEmpty() ? Regex.UNBOUNDED : count(digits);
    }

    private int count(String digits) {
        int value = 0;
        for (int i = 0; i < digits.length(); i++) {
            value = value * 10 + digits.charAt(i) - '0';
            if (value > REPEAT_MAX) {
                throw error(
                        "the pattern is too large: %s repetitions, expected at most %d,"
                                .formatted(digits, REPEAT_MAX));
            }
        }
        return value;
    }

    private RegexNode atom() {
        int codePoint = peek();
        return switch (codePoint) {
            case '(' -> group();
            case '[' -> {
                at++;
                yield new RegexNode.Chars(charClass());
            }
            case '.' -> {
                at++;
                yield new RegexNode.Chars(ALL_BUT_LINE_ENDS);
            }
            case '^' -> {
                at++;
                yield new RegexNode.TextStart();
            }
            case '$' -> {
                at++;
                yield new RegexNode.TextEnd();
            }
            case '\\' -> {
                at++;
                yield new RegexNode.Chars(escape());
            }
            case '*', '+', '?' -> throw error("a quantifier with nothing before it");
            case '{' -> {
                if (counts() != END) {
                    throw error("a quantifier with nothing before it");
                }
                at++;
                yield new RegexNode.Chars(CodePoints.of('{'));
            }
            default -> new RegexNode.Chars(CodePoints.of(scalar(take())));
        };
    }

    private int scalar(int codePoint) {
        if (codePoint >= CodePoints.SURROGATE_MIN && codePoint <= CodePoints.SURROGATE_MAX) {
            throw error("half of a surrogate pair");
        }
        return codePoint;
    }

    private RegexNode group() {
        for (String lookAround : List.of("(?=", "(?!", "(?<=", "(?<!")) {
            if (pattern.startsWith(lookAround, at)) {
                throw error(
                        "look-around %s...), which no regular language has,".formatted(lookAround));
            }
        }
        int from = at;
        if (skip("(?<")) {
            int close = pattern.indexOf('>', at);
            if (close <= at) {
                throw error("a group name without its '>'");
            }
            at = close + 1;
        } else if (!skip("(?:") && pattern.startsWith("(?", at)) {
            throw error("a group with flags, which are not supported,");
        } else if (at == from) {
            at++;
        }
        if (++depth > DEPTH_MAX) {
            throw error("more than %d groups inside one another".formatted(DEPTH_MAX));
        }
        RegexNode body = choice();
        depth--;
        if (!skip(")")) {
            throw errorAt(from, "a group that is not closed");
        }
        return body instanceof RegexNode.TextStart || body instanceof RegexNode.TextEnd
                ? new RegexNode.Sequence(List.of(body))
                : body;
    }

    private CodePoints charClass() {
        int from = at - 1;
        boolean negated = skip("^");
        CodePoints.Builder set = new CodePoints.Builder();
        while (!skip("]")) {
            if (at == pattern.length()) {
                throw errorAt(from, "a class that is not closed");
            }
            addMember(set);
        }
        CodePoints built = set.build();
        return negated ? built.complement() : built;
    }

    /// Adds a character, a range or a class inside brackets.
    private void addMember(CodePoints.Builder set) {
        CodePoints first = member();
        boolean range = peek() == '-' && at + 1 < pattern.length() && pattern.charAt(at + 1) != ']';
        if (!range) {
            set.addAll(first);
            return;
        }
        at++;
        CodePoints last = member();
        if (isOne(first) && isOne(last)) {
            if (first.first(0) > last.first(0)) {
                throw error("a range whose end comes before its start");
            }
            set.add(first.first(0), last.first(0));
        } else {
            set.addAll(first).add('-', '-').addAll(last);
        }
    }

    private static boolean isOne(CodePoints set) {
        return set.rangeCount() == 1 && set.first(0) == set.last(0);
    }

    private CodePoints member() {
        if (skip("\\b")) {
            return CodePoints.of('\b');
        }
        if (skip("\\-")) {
            return CodePoints.of('-');
        }
        return skip("\\") ? escape() : CodePoints.of(scalar(take()));
    }

    /// What follows a backslash.
    private CodePoints escape() {
        int from = at - 1;
        int codePoint = take();
        return switch (codePoint) {
            case 'd' -> DIGITS;
            case 'D' -> DIGITS.complement();
            case 'w' -> WORDS;
            case 'W' -> WORDS.complement();
            case 's' -> SPACES;
            case 'S' -> SPACES.complement();
            case 't' -> CodePoints.of('\t');
            case 'n' -> CodePoints.of('\n');
            case 'v' -> CodePoints.of(0x0B);
            case 'f' -> CodePoints.of('\f');
            case 'r' -> CodePoints.of('\r');
            case 'p' -> UnicodeSets.named(property());
            case 'P' -> UnicodeSets.named(property()).complement();
            case 'x' -> CodePoints.of(hex(2));
            case 'u' -> CodePoints.of(scalar(unicode()));
            case 'c' -> CodePoints.of(control());
            case 'b', 'B' ->
                    throw errorAt(
                            from,
                            "the word boundary \\%c, which is not supported,"
                                    .formatted((char) codePoint));
            case 'k', '1', '2', '3', '4', '5', '6', '7', '8', '9' ->
                    throw errorAt(from, "a back reference, which no regular language has,");
            case '0' -> {
                if (peek() >= '0' && peek() <= '9') {
                    throw errorAt(from, "an octal escape, which is not supported,");
                }
                yield CodePoints.of(0);
            }
            default -> {
                if (Character.isLetterOrDigit(codePoint)) {
                    throw errorAt(from, "the unknown escape \\" + Character.toString(codePoint));
                }
                yield CodePoints.of(scalar(codePoint));
            }
        };
    }

    private String property() {
        int close = pattern.indexOf('}', at);
        if (!skip("{") || close < 0) {
            throw error("\\p without a property in braces");
        }
        String property = pattern.substring(at, close);
        at = close + 1;
        return property;
    }

    private int control() {
        int letter = take();
        if ((letter < 'a' || letter > 'z') && (letter < 'A' || letter > 'Z')) {
            throw error("\\c without a letter");
        }
        return letter & 0x1F;
    }

    private int unicode() {
        if (skip("{")) {
            int close = pattern.indexOf('}', at);
            if (close <= at || close - at > 8) {
                throw error("\\u{ without up to eight hexadecimal digits and '}'");
            }
            long value = digits(close - at);
            at = close + 1;
            if (value > CodePoints.MAX) {
                throw error("a code point above U+10FFFF");
            }
            return (int) value;
        }
        int unit = hex(4);
        if (Character.isHighSurrogate((char) unit) && pattern.startsWith("\\u", at)) {
            int from = at;
            at += 2;
            int low = hex(4);
            if (Character.isLowSurrogate((char) low)) {
                return Character.toCodePoint((char) unit, (char) low);
            }
            at = from;
        }
        return unit;
    }

    private int hex(int length) {
        int value = (int) digits(length);
        at += length;
        return value;
    }

    private long digits(int length) {
        long value = 0;
        for (int i = at; i < at + length; i++) {
            int digit = i < pattern.length() ? Character.digit(pattern.charAt(i), 16) : -1;
            if (digit < 0 || pattern.charAt(i) > 'f') {
                throw error("an escape without its %d hexadecimal digits".formatted(length));
            }
            value = value << 4 | digit;
        }
        return value;
    }
}
