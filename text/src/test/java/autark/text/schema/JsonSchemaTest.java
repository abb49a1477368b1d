package autark.text.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import autark.text.grammar.GrammarException;
import autark.text.grammar.Language;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonSchemaTest {
    private static void allows(String schema, String... texts) {
        JsonSchema compiled = JsonSchema.parse(schema);
        for (String text : texts) {
            assertThat(Texts.allows(compiled, text)).as("%s by %s", text, schema).isTrue();
        }
    }

    private static void forbids(String schema, String... texts) {
        JsonSchema compiled = JsonSchema.parse(schema);
        for (String text : texts) {
            assertThat(Texts.allows(compiled, text)).as("%s by %s", text, schema).isFalse();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"propertys\":{}} | /propertys: 'propertys' is no keyword",
                "{\"items\":{\"minimun\":1}} | /items/minimun: 'minimun'",
                "{\"properties\":{\"a/b\":{\"nullable\":true}}} | /properties/a~1b/nullable",
                "{\"$ref\":\"http://example.com/x\"} | /$ref: '$ref' points to http://example.com/x",
                "{\"$ref\":\"#/$defs/none\"} | /$ref: '$ref' points to #/$defs/none",
                "{\"$schema\":\"http://json-schema.org/draft-04/schema#\"} | /$schema: '$schema'",
                "{\"not\":{\"uniqueItems\":true}} | /not/uniqueItems: 'uniqueItems'",
                "{\"uniqueItems\":true,\"contains\":{\"minimum\":1}} | /uniqueItems:",
                "{\"pattern\":\"(?=a)\"} | /pattern: 'pattern' is not supported",
                "{\"items\":{\"type\":[\"null\",\"string\"],\"pattern\":\"\\\\bx\"}} | /items/pattern:",
                "{\"minLength\":-1} | /minLength: 'minLength' expects a whole number",
                "{\"type\":\"int\"} | /type: 'type' does not know int",
                "{\"const\":1e40} | /const: 'const' has more digits than are written",
                "{\"multipleOf\":0} | /multipleOf: 'multipleOf' expects a number above 0",
                "{\"required\":\"a\"} | /required: 'required' expects an array of strings",
                "{\"items\":[{}]} | /items: expected a schema",
                "{\"dependencies\":{}} | /dependencies: 'dependencies' is no keyword of draft 2020-12",
                "{\"a\":1,\"a\":2} | Duplicate",
                "{\"type\": | no JSON",
                "[] | expected a schema",
            })
    void whatIsNotEnforcedIsRefusedByNameAndPlace(String schema, String message) {
        assertThatThrownBy(() -> JsonSchema.parse(schema))
                .isInstanceOf(GrammarException.class)
                .hasMessageContaining(message);
    }

    @Test
    void annotationsAreAccepted() {
        allows(
                "{\"title\":\"t\",\"description\":\"d\",\"default\":1,\"examples\":[2],\"$comment\":\"c\","
                        + "\"deprecated\":true,\"readOnly\":true,\"writeOnly\":false,\"format\":\"date\","
                        + "\"contentEncoding\":\"base64\",\"contentMediaType\":\"a/b\",\"x-own\":{}}",
                "\"no date\"");
    }

    @Test
    void aSchemaWithoutValuesSaysSoAtTheStart() {
        JsonSchema schema = JsonSchema.parse("{\"type\":\"string\",\"const\":1}");
        assertThatThrownBy(() -> schema.language().start())
                .isInstanceOf(GrammarException.class)
                .hasMessageContaining("allows no value");
    }

    @Test
    void anEndlessRecursionHasNoValue() {
        JsonSchema schema =
                JsonSchema.parse("{\"type\":\"array\",\"minItems\":1,\"items\":{\"$ref\":\"#\"}}");
        assertThatThrownBy(() -> schema.language().start()).isInstanceOf(GrammarException.class);
    }

    @Test
    void whiteSpaceIsCompactOrPretty() {
        String schema = "{\"type\":\"object\",\"additionalProperties\":{\"type\":\"array\"}}";
        allows(
                schema,
                "{}",
                "{\"a\":[1,2],\"b\":[]}",
                "{\"a\": [1, 2], \"b\": []}",
                "{ \"a\": [ 1, 2 ] }",
                "{\n  \"a\": [\n    1,\n    2\n  ],\n  \"b\": []\n}",
                "{\n\t\"a\": []\n}");
        forbids(
                schema,
                " {}",
                "{} ",
                "{\"a\":  []}",
                "{\"a\" :[]}",
                "{\"a\":[1 ,2]}",
                "{\n\n\"a\":[]}",
                "{\n" + " ".repeat(Limits.INDENT_PER_LEVEL + 1) + "\"a\":[]}");
    }

    @Test
    void membersComeInAnyOrderAndOnce() {
        String schema =
                "{\"required\":[\"a\",\"b\"],\"properties\":{\"a\":{\"type\":\"integer\"}}}";
        allows(schema, "{\"a\":1,\"b\":2}", "{\"b\":2,\"c\":0,\"a\":1}");
        allows("{\"required\":[\"é\"]}", "{\"\\u00e9\":0,\"a\":1}");
        forbids(
                schema,
                "{\"a\":1}",
                "{\"a\":1,\"a\":1,\"b\":2}",
                "{\"é\":1,\"b\":2,\"\\u00e9\":1,\"a\":1}",
                "{\"b\":1,\"c\":2,\"c\":3,\"a\":1}");
    }

    @Test
    void whatEverybodyCanReadIsNotEscaped() {
        for (String schema : new String[] {"true", "{\"enum\":[\"tag\"]}"}) {
            allows(schema, "\"tag\"");
            forbids(schema, "\"t\\u0061g\"", "\"\\u0074ag\"", "\"ta\\u0067\"");
        }
        allows("true", "\"\\u001f\\u007f\\u00e9\\\\\\\"\\/\"");
        forbids("{\"properties\":{\"a\":true}}", "{\"\\u0061\":1}");
    }

    @Test
    void escapesAreTheirCharacters() {
        allows("{\"const\":\"a\\n😀/\"}", "\"a\\n😀/\"", "\"a\\u000a\\ud83d\\uDE00\\/\"");
        allows("{\"maxLength\":1}", "\"😀\"", "\"\\ud83d\\ude00\"", "\"é\"", "\"\"");
        forbids("{\"maxLength\":1}", "\"😀a\"", "\"\\ud83d\\ude00a\"");
        forbids(
                "true",
                "\"\\ud83d\"",
                "\"\\ude00\"",
                "\"\\ud83da\"",
                "\"\\x\"",
                "\"\t\"",
                "\"\\u00g0\"");
    }

    @Test
    void bytesThatAreNoUtf8AreForbidden() {
        Language<?> any = JsonSchema.anyJson().language();
        for (int[] bytes :
                new int[][] {
                    {0x80}, {0xC0, 0x80}, {0xED, 0xA0, 0x80}, {0xF4, 0x90}, {0xF5}, {0xE0, 0x80}
                }) {
            byte[] text = new byte[bytes.length + 1];
            text[0] = '"';
            for (int i = 0; i < bytes.length; i++) {
                text[i + 1] = (byte) bytes[i];
            }
            assertThat(begins(any, text)).as(java.util.Arrays.toString(bytes)).isFalse();
        }
    }

    private static <S> boolean begins(Language<S> language, byte[] text) {
        S state = language.start();
        for (byte value : text) {
            var next = language.next(state, value);
            if (next.isEmpty()) {
                return false;
            }
            state = next.get();
        }
        return true;
    }

    @Test
    void numbersAreExact() {
        allows("{\"type\":\"integer\"}", "0", "-0", "12", "1.0", "100e-2", "1e2", "-7E+1");
        forbids(
                "{\"type\":\"integer\"}",
                "01",
                "1.5",
                "1.",
                "1e-1",
                ".5",
                "+1",
                "1e",
                "--1",
                "1ee1");
        allows("{\"multipleOf\":0.01}", "19.99", "4.350", "1e2", "-0.07");
        forbids("{\"multipleOf\":0.01}", "19.999", "1e-3");
        allows("{\"minimum\":10,\"exclusiveMaximum\":20}", "10", "19.99999", "15e0", "1e1", "10.0");
        // An exponent follows only what could also go on without one.
        forbids("{\"minimum\":10,\"exclusiveMaximum\":20}", "1.5e1", "150e-1");
        forbids("{\"minimum\":10,\"exclusiveMaximum\":20}", "20", "9.9", "9", "200", "2e1", "-15");
        allows("{\"not\":{\"multipleOf\":2},\"type\":\"integer\"}", "1", "33", "-5");
        forbids("{\"not\":{\"multipleOf\":2},\"type\":\"integer\"}", "2", "330", "0");
        forbids(
                "{\"type\":\"number\"}",
                "1".repeat(Limits.INTEGER_DIGITS + 1),
                "1e" + (Limits.EXPONENT + 1));
    }

    /// A number that can only leave its range ends before it does.
    @Test
    void aNumberOutOfRangeIsStoppedAtItsFirstWrongDigit() {
        Language<?> language =
                JsonSchema.parse("{\"type\":\"integer\",\"maximum\":50,\"minimum\":3}").language();
        assertThat(begins(language, "7".getBytes(StandardCharsets.UTF_8))).isTrue();
        assertThat(begins(language, "51".getBytes(StandardCharsets.UTF_8))).isFalse();
        assertThat(begins(language, "2".getBytes(StandardCharsets.UTF_8))).isTrue();
        assertThat(begins(language, "-".getBytes(StandardCharsets.UTF_8))).isFalse();
    }

    @Test
    void equalItemsAreForbiddenByValue() {
        String schema = "{\"uniqueItems\":true}";
        allows(schema, "[1,2,1.5]", "[{\"a\":1},{\"a\":2}]", "[[1],[2],\"1\"]", "[[],{}, null]");
        forbids(
                schema,
                "[1,1.0]",
                "[1, 10e-1]",
                "[{\"a\":1,\"b\":2},{\"b\":2,\"a\":1.0}]",
                "[[1],[1]]");
        forbids(schema, "[\"a\",\"\\u0061\"]", "[{},{}]", "[null,null]");
    }

    /// The first item may not take what only the second can be.
    @Test
    void anItemLeavesTheLaterOnesSomething() {
        String schema =
                "{\"prefixItems\":[{\"enum\":[1,2]},{\"const\":1}],\"uniqueItems\":true,\"minItems\":2}";
        allows(schema, "[2,1]", "[2,1,3]");
        assertThat(
                        begins(
                                JsonSchema.parse(schema).language(),
                                "[1".getBytes(StandardCharsets.UTF_8)))
                .isFalse();
        String three =
                "{\"items\":{\"enum\":[1,2]},\"uniqueItems\":true,\"minItems\":3,\"type\":\"array\"}";
        assertThatThrownBy(() -> JsonSchema.parse(three).language().start())
                .isInstanceOf(GrammarException.class);
    }

    @Test
    void allowedKeysRunOut() {
        String schema = "{\"propertyNames\":{\"pattern\":\"^[ab]$\"}}";
        allows(schema, "{\"a\":1,\"b\":2}");
        assertThat(
                        begins(
                                JsonSchema.parse(schema).language(),
                                "{\"a\":1,\"b\":2,".getBytes(StandardCharsets.UTF_8)))
                .isFalse();
    }

    @Test
    void draftsDiffer() {
        String old = "{\"$schema\":\"http://json-schema.org/draft-07/schema#\",";
        allows(old + "\"items\":[{\"type\":\"integer\"}],\"additionalItems\":false}", "[1]", "[]");
        forbids(old + "\"items\":[{\"type\":\"integer\"}],\"additionalItems\":false}", "[1,2]");
        forbids(old + "\"dependencies\":{\"a\":[\"b\"]}}", "{\"a\":1}");
        assertThat(JsonSchema.parse(old + "\"type\":\"null\"}").draft()).isEqualTo(Draft.DRAFT_7);
        assertThatThrownBy(() -> JsonSchema.parse(old + "\"prefixItems\":[]}"))
                .hasMessageContaining("'prefixItems' is no keyword of draft 7");
    }

    @Test
    void nestingHasAnEnd() {
        int deep = Limits.DEPTH;
        allows("true", "[".repeat(deep) + "]".repeat(deep));
        forbids("true", "[".repeat(deep + 1) + "]".repeat(deep + 1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "\"a\"", "[1]", "1"})
    void anyObjectIsAnObject(String text) {
        assertThat(Texts.allows(JsonSchema.anyObject(), "{\"a\":" + text + "}")).isTrue();
        assertThat(Texts.allows(JsonSchema.anyObject(), text)).isFalse();
        assertThat(Texts.allows(JsonSchema.anyJson(), text)).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\u0000',
            value = {
                "{\"paid\":tr|ue,",
                "{\"number\":\"AB-1|000\",",
                "{\"note\":\"\\|",
                "{\"note\":\"\\ud83d|\\ud",
            })
    void aCompletionGoesOnFromWhereItIs(String begun, String rest) {
        Language<?> language = JsonSchema.parse(RealSchemas.INVOICE).language();
        assertThat(completion(language, begun)).startsWith(rest == null ? "" : rest);
    }

    private static <S> String completion(Language<S> language, String begun) {
        S state = language.start();
        for (byte value : begun.getBytes(StandardCharsets.UTF_8)) {
            state = language.next(state, value).orElseThrow();
        }
        return new String(language.completion(state), StandardCharsets.UTF_8);
    }

    @Test
    void completionsAreShort() {
        assertThat(completion(JsonSchema.anyJson().language(), "[1,{\"a\":[")).isEqualTo("]}]");
        assertThat(completion(JsonSchema.parse(RealSchemas.TREE).language(), "{"))
                .isEqualTo("\"value\":0,\"children\":[]}");
        assertThat(completion(JsonSchema.parse(RealSchemas.MATRIX).language(), "[[0.5"))
                .isEqualTo(",0],[0,0]]");
    }
}
