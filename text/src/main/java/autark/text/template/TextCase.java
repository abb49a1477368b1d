package autark.text.template;

import java.util.Locale;
import java.util.function.IntPredicate;

/// Upper and lower case, and questions about the characters of a text.
final class TextCase {
    private TextCase() {}

    /// The text in title case and the like, by the name of Python's method.
    static String convert(String method, String text) {
        return switch (method) {
            case "capitalize" -> capitalized(text);
            case "title" -> titled(text);
            case "swapcase" -> swapped(text);
            default -> throw new AssertionError("not a conversion: " + method);
        };
    }

    private static String capitalized(String text) {
        if (text.isEmpty()) {
            return text;
        }
        int rest = text.offsetByCodePoints(0, 1);
        return titleCase(text.codePointAt(0)) + text.substring(rest).toLowerCase(Locale.ROOT);
    }

    /// Title case of a character; a few become two: `ß` becomes `Ss`.
    private static String titleCase(int character) {
        int title = Character.toTitleCase(character);
        if (title != character) {
            return Character.toString(title);
        }
        String upper = Character.toString(character).toUpperCase(Locale.ROOT);
        int rest = upper.offsetByCodePoints(0, 1);
        return upper.substring(0, rest) + upper.substring(rest).toLowerCase(Locale.ROOT);
    }

    private static String titled(String text) {
        StringBuilder titled = new StringBuilder(text.length());
        boolean insideWord = false;
        for (int i = 0; i < text.length(); i = text.offsetByCodePoints(i, 1)) {
            int character = text.codePointAt(i);
            titled.append(
                    insideWord
                            ? Character.toString(character).toLowerCase(Locale.ROOT)
                            : titleCase(character));
            insideWord = isCased(character);
        }
        return titled.toString();
    }

    private static String swapped(String text) {
        StringBuilder swapped = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i = text.offsetByCodePoints(i, 1)) {
            int character = text.codePointAt(i);
            String one = Character.toString(character);
            swapped.append(
                    Character.isUpperCase(character)
                            ? one.toLowerCase(Locale.ROOT)
                            : one.toUpperCase(Locale.ROOT));
        }
        return swapped.toString();
    }

    /// The filter `title`: words begin after blanks, hyphens and opening brackets alone.
    static String filterTitle(String text) {
        StringBuilder titled = new StringBuilder(text.length());
        boolean begins = true;
        for (int i = 0; i < text.length(); i = text.offsetByCodePoints(i, 1)) {
            int character = text.codePointAt(i);
            String one = Character.toString(character);
            titled.append(begins ? one.toUpperCase(Locale.ROOT) : one.toLowerCase(Locale.ROOT));
            begins = PythonText.isSpace(character) || "-({[<".indexOf(character) >= 0;
        }
        return titled.toString();
    }

    /// Answers `isdigit` and its like.
    static boolean is(String method, String text) {
        return switch (method) {
            case "isascii" -> text.chars().allMatch(character -> character < 0x80);
            case "isspace" -> all(text, PythonText::isSpace);
            case "isalpha" -> all(text, Character::isLetter);
            case "isdecimal" -> all(text, TextCase::isDecimal);
            case "isdigit" -> all(text, TextCase::isDigit);
            case "isnumeric" -> all(text, TextCase::isNumeric);
            case "isalnum" ->
                    all(text, character -> Character.isLetter(character) || isNumeric(character));
            case "islower" -> isCase(text, Character::isLowerCase);
            case "isupper" -> isCase(text, Character::isUpperCase);
            case "istitle" -> isTitle(text);
            default -> throw new AssertionError("not a question: " + method);
        };
    }

    private static boolean all(String text, IntPredicate predicate) {
        return !text.isEmpty() && text.codePoints().allMatch(predicate);
    }

    private static boolean isCase(String text, IntPredicate wanted) {
        return text.codePoints().anyMatch(wanted)
                && text.codePoints().filter(TextCase::isCased).allMatch(wanted);
    }

    private static boolean isTitle(String text) {
        boolean insideWord = false;
        boolean found = false;
        for (int i = 0; i < text.length(); i = text.offsetByCodePoints(i, 1)) {
            int character = text.codePointAt(i);
            boolean lower = Character.isLowerCase(character);
            if (isCased(character) && lower != insideWord) {
                return false;
            }
            insideWord = isCased(character);
            found |= insideWord;
        }
        return found;
    }

    private static boolean isCased(int character) {
        return Character.isLowerCase(character)
                || Character.isUpperCase(character)
                || Character.isTitleCase(character);
    }

    private static boolean isDecimal(int character) {
        return Character.getType(character) == Character.DECIMAL_DIGIT_NUMBER;
    }

    /// Decimal digits and those that stand above or below the line.
    private static boolean isDigit(int character) {
        return isDecimal(character) || "²³¹⁰⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉".indexOf(character) >= 0;
    }

    private static boolean isNumeric(int character) {
        int type = Character.getType(character);
        return isDecimal(character)
                || type == Character.LETTER_NUMBER
                || type == Character.OTHER_NUMBER;
    }
}
