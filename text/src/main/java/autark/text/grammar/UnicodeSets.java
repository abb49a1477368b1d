package autark.text.grammar;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/// The sets that `\p{...}` names: general categories by their short and long names, and scripts, in
/// the Unicode version of the Java runtime.
final class UnicodeSets {
    /// Long and short name of each general category.
    private static final String NAMES =
            """
            Letter L
            Cased_Letter LC
            Uppercase_Letter Lu
            Lowercase_Letter Ll
            Titlecase_Letter Lt
            Modifier_Letter Lm
            Other_Letter Lo
            Mark M
            Nonspacing_Mark Mn
            Spacing_Mark Mc
            Enclosing_Mark Me
            Number N
            Decimal_Number Nd
            digit Nd
            Letter_Number Nl
            Other_Number No
            Punctuation P
            punct P
            Connector_Punctuation Pc
            Dash_Punctuation Pd
            Open_Punctuation Ps
            Close_Punctuation Pe
            Initial_Punctuation Pi
            Final_Punctuation Pf
            Other_Punctuation Po
            Symbol S
            Math_Symbol Sm
            Currency_Symbol Sc
            Modifier_Symbol Sk
            Other_Symbol So
            Separator Z
            Space_Separator Zs
            Line_Separator Zl
            Paragraph_Separator Zp
            Other C
            Control Cc
            cntrl Cc
            Format Cf
            Surrogate Cs
            Private_Use Co
            Unassigned Cn
            """;

    /// The short name of each name, as `Character.getType` tells categories apart; a category of
    /// several starts with its letter.
    private static final Map<String, String> SHORT_NAMES = shortNames();

    private UnicodeSets() {}

    /// The set of a property, such as `Lu`, `Letter`, `General_Category=Lu` or `Script=Greek`.
    ///
    /// @throws GrammarException if there is no such property
    static CodePoints named(String property) {
        int equals = property.indexOf('=');
        if (equals >= 0) {
            String value = property.substring(equals + 1);
            return switch (property.substring(0, equals)) {
                case "General_Category", "gc" -> category(value, property);
                case "Script", "sc" -> script(value, property);
                default -> throw unknown(property);
            };
        }
        return switch (property) {
            case "Any" -> CodePoints.ALL;
            case "ASCII" -> CodePoints.of(0, 0x7F);
            default -> category(property, property);
        };
    }

    private static GrammarException unknown(String property) {
        return new GrammarException(
                ("\\p{%s} is not known, expected a general category such as L, Lu or Letter, a"
                                + " script such as Script=Greek, Any or ASCII")
                        .formatted(property));
    }

    private static CodePoints category(String name, String property) {
        String shortName = SHORT_NAMES.getOrDefault(name, name);
        CodePoints set = Categories.SETS.get(shortName);
        if (set == null) {
            throw unknown(property);
        }
        return set;
    }

    private static CodePoints script(String name, String property) {
        try {
            CodePoints set =
                    Scripts.SETS.get(
                            Character.UnicodeScript.forName(name.toUpperCase(Locale.ROOT)));
            return set == null ? CodePoints.NONE : set;
        } catch (IllegalArgumentException e) {
            // Java has no way to ask whether a script exists.
            throw unknown(property);
        }
    }

    private static Map<String, String> shortNames() {
        Map<String, String> shortNames = new HashMap<>();
        for (String names : NAMES.lines().toList()) {
            int space = names.indexOf(' ');
            shortNames.put(names.substring(0, space), names.substring(space + 1));
        }
        return Map.copyOf(shortNames);
    }

    /// All general categories, found in one pass when the first is asked for.
    private static final class Categories {
        static final Map<String, CodePoints> SETS = sets();

        private Categories() {}

        private static Map<String, CodePoints> sets() {
            Map<String, CodePoints.Builder> builders = new HashMap<>();
            int first = 0;
            for (int codePoint = 1; codePoint <= CodePoints.MAX + 1; codePoint++) {
                int type = Character.getType(first);
                if (codePoint > CodePoints.MAX || Character.getType(codePoint) != type) {
                    String name = name(type);
                    add(builders, name, first, codePoint - 1);
                    add(builders, name.substring(0, 1), first, codePoint - 1);
                    if (name.equals("Lu") || name.equals("Ll") || name.equals("Lt")) {
                        add(builders, "LC", first, codePoint - 1);
                    }
                    first = codePoint;
                }
            }
            return built(builders);
        }

        private static void add(
                Map<String, CodePoints.Builder> builders, String name, int first, int last) {
            builders.computeIfAbsent(name, _ -> new CodePoints.Builder()).add(first, last);
        }

        private static String name(int type) {
            return switch (type) {
                case Character.UPPERCASE_LETTER -> "Lu";
                case Character.LOWERCASE_LETTER -> "Ll";
                case Character.TITLECASE_LETTER -> "Lt";
                case Character.MODIFIER_LETTER -> "Lm";
                case Character.OTHER_LETTER -> "Lo";
                case Character.NON_SPACING_MARK -> "Mn";
                case Character.COMBINING_SPACING_MARK -> "Mc";
                case Character.ENCLOSING_MARK -> "Me";
                case Character.DECIMAL_DIGIT_NUMBER -> "Nd";
                case Character.LETTER_NUMBER -> "Nl";
                case Character.OTHER_NUMBER -> "No";
                case Character.CONNECTOR_PUNCTUATION -> "Pc";
                case Character.DASH_PUNCTUATION -> "Pd";
                case Character.START_PUNCTUATION -> "Ps";
                case Character.END_PUNCTUATION -> "Pe";
                case Character.INITIAL_QUOTE_PUNCTUATION -> "Pi";
                case Character.FINAL_QUOTE_PUNCTUATION -> "Pf";
                case Character.OTHER_PUNCTUATION -> "Po";
                case Character.MATH_SYMBOL -> "Sm";
                case Character.CURRENCY_SYMBOL -> "Sc";
                case Character.MODIFIER_SYMBOL -> "Sk";
                case Character.OTHER_SYMBOL -> "So";
                case Character.SPACE_SEPARATOR -> "Zs";
                case Character.LINE_SEPARATOR -> "Zl";
                case Character.PARAGRAPH_SEPARATOR -> "Zp";
                case Character.CONTROL -> "Cc";
                case Character.FORMAT -> "Cf";
                case Character.SURROGATE -> "Cs";
                case Character.PRIVATE_USE -> "Co";
                default -> "Cn";
            };
        }
    }

    /// All scripts, found in one pass when the first is asked for.
    private static final class Scripts {
        static final Map<Character.UnicodeScript, CodePoints> SETS = sets();

        private Scripts() {}

        private static Map<Character.UnicodeScript, CodePoints> sets() {
            Map<Character.UnicodeScript, CodePoints.Builder> builders = new HashMap<>();
            Character.UnicodeScript script = Character.UnicodeScript.of(0);
            int first = 0;
            for (int codePoint = 1; codePoint <= CodePoints.MAX; codePoint++) {
                Character.UnicodeScript next = Character.UnicodeScript.of(codePoint);
                if (next != script) {
                    builders.computeIfAbsent(script, _ -> new CodePoints.Builder())
                            .add(first, codePoint - 1);
                    script = next;
                    first = codePoint;
                }
            }
            builders.computeIfAbsent(script, _ -> new CodePoints.Builder())
                    .add(first, CodePoints.MAX);
            return built(builders);
        }
    }

    private static <K> Map<K, CodePoints> built(Map<K, CodePoints.Builder> builders) {
        Map<K, CodePoints> sets = new HashMap<>();
        for (Map.Entry<K, CodePoints.Builder> entry : builders.entrySet()) {
            sets.put(entry.getKey(), entry.getValue().build());
        }
        return Map.copyOf(sets);
    }
}
