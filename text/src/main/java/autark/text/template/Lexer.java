package autark.text.template;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;

/// Cuts a template into tokens, with the white space rules that chat templates are written for:
/// `trim_blocks` (the newline after a block tag goes), `lstrip_blocks` (blanks before a block tag
/// that begins its line go), `-` beside a tag (all white space on that side goes), `+` (none goes),
/// and the template's last newline goes.
final class Lexer {
    private static final Set<String> PAIRED_OPERATORS = Set.of("//", "**", "==", "!=", ">=", "<=");
    private static final String OPERATORS = "+-/*%~[](){}><=.:|,;";

    private final String source;
    private final List<Token> tokens = new ArrayList<>();
    private final Deque<Character> brackets = new ArrayDeque<>();
    private int position;

    /// The line of `lineKnownTo`, which only moves forward.
    private int line = 1;

    private int lineKnownTo;

    /// Whether the last tag ended with a newline, so that what follows begins a line.
    private boolean lineStarts = true;

    private Lexer(String source) {
        this.source = source;
    }

    static List<Token> tokens(String source) {
        String text = source.replace("\r\n", "\n").replace('\r', '\n');
        if (text.endsWith("\n")) {
            text = text.substring(0, text.length() - 1);
        }
        Lexer lexer = new Lexer(text);
        lexer.readTemplate();
        return lexer.tokens;
    }

    private void readTemplate() {
        for (int tag = nextTag(); tag < source.length(); tag = nextTag()) {
            char kind = source.charAt(tag + 1);
            char sign = tag + 2 < source.length() ? source.charAt(tag + 2) : ' ';
            int rawBody = kind == '%' ? rawBody(tag) : 0;
            addData(tag, sign, kind == '{' ? Strip.NOTHING : Strip.BLANKS);
            position = tag + 2 + (sign == '-' || sign == '+' ? 1 : 0);
            if (kind == '#') {
                skipComment();
            } else if (rawBody > 0) {
                readRaw(rawBody);
            } else {
                readTag(kind == '{');
            }
        }
        addData(source.length(), '+', Strip.NOTHING);
        position = source.length();
        add(Token.Kind.END, "");
    }

    /// The next position of `{{`, `{%` or `{#`, or the end.
    private int nextTag() {
        int brace = source.indexOf('{', position);
        while (brace >= 0 && brace + 1 < source.length()) {
            char kind = source.charAt(brace + 1);
            if (kind == '{' || kind == '%' || kind == '#') {
                return brace;
            }
            brace = source.indexOf('{', brace + 1);
        }
        return source.length();
    }

    /// What goes before a tag that has no sign.
    private enum Strip {
        NOTHING,
        BLANKS
    }

    /// Adds the text before a tag.
    private void addData(int end, char sign, Strip strip) {
        int kept = end;
        if (sign == '-') {
            while (kept > position && PythonText.isSpace(source.charAt(kept - 1))) {
                kept--;
            }
        } else if (sign != '+' && strip == Strip.BLANKS) {
            kept = withoutBlanks(end);
        }
        if (kept > position) {
            add(Token.Kind.DATA, source.substring(position, kept));
        }
    }

    private int withoutBlanks(int end) {
        int start = end;
        while (start > position && source.charAt(start - 1) != '\n') {
            start--;
            if (!PythonText.isSpace(source.charAt(start))) {
                return end;
            }
        }
        boolean startsLine = start > position || lineStarts;
        return startsLine ? start : end;
    }

    private void skipComment() {
        int end = source.indexOf("#}", position);
        if (end < 0) {
            throw error("expected '#}', found the end of the template");
        }
        endTag(end > position ? source.charAt(end - 1) : ' ', end + 2, true);
    }

    /// Moves past the end of a tag. `-` takes all white space along; without a sign a block takes
    /// one newline.
    private void endTag(char sign, int end, boolean trimsNewline) {
        position = end;
        if (sign == '-') {
            skipSpace();
        } else if (sign != '+' && trimsNewline && at("\n")) {
            position++;
        }
        lineStarts = source.charAt(position - 1) == '\n';
    }

    /// Where the text after `{% raw %}` begins, or 0 if the tag is not that.
    private int rawBody(int tag) {
        return wordTag(tag, "raw");
    }

    /// The end of the tag that holds only `word`, before what its end strips; 0 if it is not that.
    private int wordTag(int tag, String word) {
        int at = tag + 2;
        if (at < source.length() && (source.charAt(at) == '-' || source.charAt(at) == '+')) {
            at++;
        }
        at = spaceEnd(at);
        if (!source.startsWith(word, at)) {
            return 0;
        }
        at = spaceEnd(at + word.length());
        if (at < source.length() && (source.charAt(at) == '-' || source.charAt(at) == '+')) {
            at++;
        }
        return source.startsWith("%}", at) ? at + 2 : 0;
    }

    private void readRaw(int body) {
        endTag(source.charAt(body - 3), body, false);
        for (int tag = source.indexOf("{%", position);
                tag >= 0;
                tag = source.indexOf("{%", tag + 1)) {
            int end = wordTag(tag, "endraw");
            if (end > 0) {
                addData(tag, source.charAt(tag + 2), Strip.BLANKS);
                endTag(source.charAt(end - 3), end, true);
                return;
            }
        }
        throw error("expected '{% endraw %}', found the end of the template");
    }

    /// Reads the tokens of a `{{ }}` or `{% %}` tag.
    private void readTag(boolean prints) {
        add(prints ? Token.Kind.PRINT_BEGIN : Token.Kind.BLOCK_BEGIN, "");
        String end = prints ? "}}" : "%}";
        while (true) {
            int sign = at("-" + end) || (!prints && at("+" + end)) ? 1 : 0;
            if (brackets.isEmpty() && (sign == 1 || at(end))) {
                add(prints ? Token.Kind.PRINT_END : Token.Kind.BLOCK_END, "");
                char strip = sign == 1 ? source.charAt(position) : ' ';
                endTag(strip, position + sign + 2, !prints);
                return;
            }
            if (position >= source.length()) {
                throw error("expected '" + end + "', found the end of the template");
            }
            readToken();
        }
    }

    private void readToken() {
        char first = source.charAt(position);
        if (PythonText.isSpace(first)) {
            skipSpace();
        } else if (first >= '0' && first <= '9') {
            readNumber();
        } else if (isNamePart(first)) {
            int start = position;
            while (position < source.length() && isNamePart(source.charAt(position))) {
                position++;
            }
            add(Token.Kind.NAME, source.substring(start, position));
        } else if (first == '"' || first == '\'') {
            readTextLiteral(first);
        } else {
            readOperator();
        }
    }

    private static boolean isNamePart(char character) {
        return character == '_' || Character.isLetterOrDigit(character);
    }

    private void readNumber() {
        int start = position;
        boolean afterDot = start > 0 && source.charAt(start - 1) == '.';
        skipDigits();
        Token.Kind kind = Token.Kind.INTEGER;
        if (!afterDot) {
            if (at(".") && isDigit(position + 1)) {
                position++;
                skipDigits();
                kind = Token.Kind.REAL;
            }
            int exponent = position + 1;
            if (at("e") || at("E")) {
                boolean signed =
                        exponent < source.length() && "+-".indexOf(source.charAt(exponent)) >= 0;
                int digits = signed ? exponent + 1 : exponent;
                if (isDigit(digits)) {
                    position = digits;
                    skipDigits();
                    kind = Token.Kind.REAL;
                }
            }
        }
        add(kind, source.substring(start, position));
    }

    private void skipDigits() {
        while (isDigit(position)) {
            position++;
        }
    }

    private boolean isDigit(int at) {
        return at < source.length() && source.charAt(at) >= '0' && source.charAt(at) <= '9';
    }

    private void readTextLiteral(char quote) {
        int start = ++position;
        boolean escapes = false;
        while (position < source.length() && source.charAt(position) != quote) {
            if (source.charAt(position) == '\\') {
                escapes = true;
                position++;
            }
            position++;
        }
        if (position >= source.length()) {
            position = start - 1;
            throw error("expected a closing " + quote + ", found the end of the template");
        }
        String body = source.substring(start, position++);
        if (escapes) {
            try {
                body = Escapes.unescape(body);
            } catch (IllegalArgumentException e) {
                throw error(String.valueOf(e.getMessage()));
            }
        }
        add(Token.Kind.TEXT_LITERAL, body);
    }

    private void readOperator() {
        String pair = source.substring(position, Math.min(position + 2, source.length()));
        String operator = PAIRED_OPERATORS.contains(pair) ? pair : pair.substring(0, 1);
        if (operator.length() == 1 && !OPERATORS.contains(operator)) {
            throw error("unexpected character '" + operator + "'");
        }
        switch (operator) {
            case "(" -> brackets.push(')');
            case "[" -> brackets.push(']');
            case "{" -> brackets.push('}');
            case ")", "]", "}" -> closeBracket(operator.charAt(0));
            default -> {}
        }
        add(Token.Kind.OPERATOR, operator);
        position += operator.length();
    }

    private void closeBracket(char found) {
        if (brackets.isEmpty()) {
            throw error("unexpected '" + found + "'");
        }
        char expected = brackets.pop();
        if (found != expected) {
            throw error("expected '" + expected + "', found '" + found + "'");
        }
    }

    private boolean at(String text) {
        return source.startsWith(text, position);
    }

    private void skipSpace() {
        position = spaceEnd(position);
    }

    private int spaceEnd(int start) {
        int end = start;
        while (end < source.length() && PythonText.isSpace(source.charAt(end))) {
            end++;
        }
        return end;
    }

    private void add(Token.Kind kind, String text) {
        tokens.add(new Token(kind, text, currentLine()));
    }

    private int currentLine() {
        for (; lineKnownTo < position; lineKnownTo++) {
            if (source.charAt(lineKnownTo) == '\n') {
                line++;
            }
        }
        return line;
    }

    private TemplateException error(String message) {
        return new TemplateException(TemplateException.Kind.SYNTAX, currentLine(), message);
    }
}
