package autark.text.grammar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class GbnfTest {
    /// Written for these tests, in the manner of the JSON grammars that go with llama.cpp.
    static final String JSON =
            """
            # a JSON text
            root   ::= value
            value  ::= (object | array | string | number | "true" | "false" | "null") ws
            object ::= "{" ws ( string ":" ws value ("," ws string ":" ws value)* )? "}"
            array  ::= "[" ws ( value ("," ws value)* )? "]"
            string ::= "\\"" ( [^"\\\\\\x7F\\x00-\\x1F] | "\\\\" (["\\\\/bfnrt] | "u" [0-9a-fA-F]{4}) )* "\\""
            number ::= "-"? ("0" | [1-9] [0-9]*) ("." [0-9]+)? ([eE] [-+]? [0-9]+)?
            ws     ::= [ \\t\\n]*
            """;

    private static boolean follows(String grammar, String text) {
        return Languages.contains(Gbnf.parse(grammar), text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[1, -2.5e+3, \"a\\\"b\", {\"k\": [true, null]}]",
                "\"é😁\\u00e9\"",
                "{\"a\" : 1}",
                "0",
            })
    void readsJson(String text) {
        boolean expected = !text.contains(" :");
        assertThat(follows(JSON, text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[1,]", "01", "\"a", "{\"a\"}", "tru", "1 2", "\"\n\""})
    void readsNothingElse(String text) {
        assertThat(follows(JSON, text)).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "root ::= \"a\" root \"b\" | \"\";aaabbb;true",
                "root ::= \"a\" root \"b\" | \"\";aaabb;false",
                "root ::= \"a\" root | \"a\";aaaa;true",
                "root ::= \"x\" root \"y\" | \"x\" root \"z\" | \"\";xxxzyz;true",
                "root ::= [a-c]{2,3};abc;true",
                "root ::= [a-c]{2,3};abca;false",
                "root ::= \"ab\"{2};abab;true",
                "root ::= \"ab\"{2,};ababab;true",
                "root ::= . [^a];😁b;true",
                "root ::= . [^a];ba;false",
                "root ::= \"\\x41\\u00e9\\U0001F601\";Aé😁;true",
                "root ::= \"\\\"\\\\\\[\\]\";\"\\[];true",
                "root ::= [\\]a-] \"-\"?;-;true",
                "root ::= ( ( \"a\" | \"b\" )* \"c\" )+;abcc;true",
                "root ::= a b c;``;false",
            })
    void readsTheNotation(String grammar, String text, boolean follows) {
        String rules = grammar + "\na ::= \"a\"?\nb ::= \"b\"?\nc ::= a b \"c\"\n";
        assertThat(follows(rules, text)).isEqualTo(follows);
    }

    @Test
    void aRuleMayGoOverLines() {
        String grammar =
                """
                root ::= # what comes
                    a |
                    b
                    | "c" # three ways
                a ::= "a"
                b ::= (
                    "b"
                )
                """;
        for (String text : new String[] {"a", "b", "c"}) {
            assertThat(follows(grammar, text)).isTrue();
        }
    }

    @Test
    void emptyAlternativesAndRulesWork() {
        assertThat(follows("root ::= \"a\" | ", "")).isTrue();
        assertThat(follows("root ::= e e \"x\" e\ne ::= (\"\" | \"y\")*", "yyxy")).isTrue();
        assertThat(follows("root ::= \"x\"{0,0}", "")).isTrue();
        assertThat(follows("root ::= \"x\"{0,0}", "x")).isFalse();
        assertThat(follows("root ::= z \"a\"\nz ::= \"x\"{0}", "a")).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "root ::= a;rule 'a', which is not defined at line 1, column 10",
                "a ::= \"x\";no rule 'root'",
                "root ::= root \"x\" | \"y\";'root' is left-recursive (root -> root)",
                "root ::= a|a ::= b \"x\" | \"y\"|b ::= a;left-recursive",
                "root ::= e root | \"x\"|e ::= \"\" | \"y\";left-recursive",
                "root ::= \"a\" | x|x ::= \"(\" x;rule 'x' describes no finite text",
                "root ::= \"a;a literal that is not closed at line 1, column 10",
                "root ::= (\"a\";a group that is not closed at line 1, column 10",
                "root ::= [a;a class that is not closed at line 1, column 10",
                "root ::= [];a class without characters",
                "root ::= [b-a];a range whose end",
                "root ::= \"\\q\";unknown escape",
                "root ::= \"\\x4\";escape without its 2",
                "root ::= \"\\ud800\";surrogate",
                "root ::= \"a\"{3,2};3 before 2",
                "root ::= \"a\"{9999};too large",
                "root ::= \"a\"{};expected a number",
                "root ::= <think>;a token",
                "root ::= *;nothing before",
                "root ::= \"a\" ) \"b\";closes no group",
                "root ::= \"a\"|root ::= \"b\";defined before, at line 2",
                "root ::= \"a\" b ::= \"c\";middle of a line",
                "root = \"a\";expected '::='",
                "\"a\";expected the name of a rule",
            })
    void saysWhatIsWrongAndWhere(String grammar, String problem) {
        // A bar stands for an alternative, or for the end of a line before a rule.
        String lines = grammar.replaceAll("\\|(\\w+ ::=)", "\n$1");
        assertThatThrownBy(() -> Gbnf.parse(lines))
                .isInstanceOf(GrammarException.class)
                .hasMessageContaining(problem);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "root ::= ((\"a\"{5000}){5000}){5000}",
                "root ::= ((\"\"{5000}){5000}){5000}",
                "root ::= (((\"x\"{0}){5000}){5000}){5000}",
                "root ::= (\"a\"?){5000}",
                "root ::= a a a a|a ::= b b b b b b b b|b ::= c c c c c c c c"
                        + "|c ::= d d d d d d d d|d ::= e e e e e e e e|e ::= f f f f f f f f"
                        + "|f ::= \"0123456789012345678901234567890123456789\"",
            })
    void refusesWhatIsTooLarge(String grammar) {
        String lines = grammar.replaceAll("\\|(\\w+ ::=)", "\n$1");
        assertThatThrownBy(() -> Gbnf.parse(lines))
                .isInstanceOf(GrammarException.class)
                .hasMessageContaining("too large");
    }

    /// A million stacks at the start, and forty rules begun.
    @Test
    void aRuleIsBegunOnceForAllItsCallers() {
        StringBuilder grammar = new StringBuilder("root ::= a0 | b0\n");
        for (int i = 0; i < 20; i++) {
            for (String name : new String[] {"a", "b"}) {
                grammar.append(
                        "%s%d ::= a%d \"%s\" | b%d \"c\"\n".formatted(name, i, i + 1, name, i + 1));
            }
        }
        grammar.append("a20 ::= \"x\"\nb20 ::= \"y\"\n");
        assertThat(follows(grammar.toString(), "y" + "c".repeat(20))).isTrue();
        assertThat(follows(grammar.toString(), "x" + "ab".repeat(10))).isFalse();
        assertThat(follows(grammar.toString(), "x" + "a".repeat(20))).isTrue();
    }

    @Test
    void refusesAmbiguityBeyondMeasure() {
        String grammar = "root ::= \"x\" root root | \"x\" root \"y\" | \"x\"";
        assertThat(follows(grammar, "x".repeat(25))).isTrue();
        assertThatThrownBy(() -> follows(grammar, "x".repeat(5_000)))
                .isInstanceOf(GrammarException.class)
                .hasMessageContaining("too ");
    }

    @Test
    void nestingHasALimit() {
        String deep = "[".repeat(Gbnf.DEPTH_MAX + 1);
        assertThatThrownBy(() -> follows(JSON, deep))
                .isInstanceOf(GrammarException.class)
                .hasMessageContaining("too deep");
        String half = Gbnf.DEPTH_MAX / 4 > 0 ? "[".repeat(Gbnf.DEPTH_MAX / 4) : "";
        assertThat(follows(JSON, half + "]".repeat(half.length()))).isTrue();
    }

    /// A grammar that doubles its readings with each byte stays small where they only differ behind
    /// a common stack.
    @Test
    void commonStacksAreKeptOnce() {
        String grammar = "root ::= \"x\" root \"y\" | \"x\" root \"z\" | \"\"";
        String xs = "x".repeat(500);
        assertThat(follows(grammar, xs + "yz".repeat(250))).isTrue();
    }

    @Test
    void completesShortly() {
        Language<?> json = Gbnf.parse(JSON);
        assertThat(Languages.completed(json, "{\"a\": [1, {\"b\": \"x")).isEqualTo("\"}]}");
        assertThat(Languages.completed(json, "")).hasSize(1);
        assertThat(Languages.completed(json, "tr")).isEqualTo("ue");
    }
}
