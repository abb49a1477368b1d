package autark.text.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import autark.text.call.CallLanguage.Count;
import autark.text.call.CallParser.Place;
import autark.text.grammar.GrammarException;
import autark.text.grammar.Language;
import autark.text.grammar.Regex;
import autark.text.schema.Oracle;
import autark.text.template.CallFormat;
import autark.text.template.Tool;
import autark.text.template.ToolCall;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// Answers that may be written are read as calls of the tools, with arguments of their schemas.
class CallLanguageTest {
    private static final Tool WEATHER =
            new Tool(
                    "get_weather",
                    "",
                    """
                    {"properties": {"city": {"type": "string", "maxLength": 8},
                                    "days": {"type": "integer", "minimum": 1, "maximum": 7},
                                    "unit": {"enum": ["C", "F"]}},
                     "required": ["city"], "additionalProperties": false}
                    """,
                    true);
    private static final Tool TIME = new Tool("get", "", "{\"additionalProperties\": false}", true);
    private static final List<Tool> TOOLS = List.of(WEATHER, TIME);
    private static final Map<String, Oracle> SCHEMAS =
            TOOLS.stream()
                    .collect(
                            Collectors.toMap(
                                    Tool::name, tool -> new Oracle(tool.argumentsSchema())));

    @ParameterizedTest
    @EnumSource
    void whatMayBeWrittenIsCalls(CallFormat format) {
        Language<?> language = CallLanguage.calls(format, TOOLS, Count.SEVERAL);
        int several = 0;
        for (int seed = 0; seed < 30; seed++) {
            String text = walk(language, "", new SplittableRandom(seed));
            Answer answer = read(format, text);
            assertThat(answer.text()).as(text).isEmpty();
            assertThat(answer.calls()).as(text).isNotEmpty();
            checkCalls(answer);
            several += answer.calls().size() > 1 ? 1 : 0;
        }
        assertThat(several > 0).isEqualTo(format.several());
    }

    @ParameterizedTest
    @EnumSource
    void whatBeginsACallIsOne(CallFormat format) {
        Language<?> language = CallLanguage.callsOrText(format, TOOLS, Count.SEVERAL);
        String before = format.followsText() ? "Hm, <tool [TOOL é" : "\n";
        String text = format.followsText() ? before : "";
        for (CallFormat.Opening opening : format.openings()) {
            for (int seed = 0; seed < 15; seed++) {
                SplittableRandom random = new SplittableRandom(seed);
                String written = walk(language, before + opening.trigger(), random);
                Answer answer = read(format, written);
                assertThat(answer.text()).isEqualTo(text);
                assertThat(answer.calls()).as(written).isNotEmpty();
                checkCalls(answer);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void textMayBeAnythingElse(CallFormat format) {
        Language<?> language = CallLanguage.callsOrText(format, TOOLS, Count.SEVERAL);
        assertThat(allows(language, "")).isTrue();
        assertThat(allows(language, "Let us see: <tool_cal {\"name\" [TOOL_CALL 晴れ\n\n")).isTrue();
        String call = write(format, "get_weather", "{\"city\": \"Rome\"}");
        assertThat(allows(language, call)).isTrue();
        assertThat(allows(language, "So.\n" + call)).isTrue();
        assertThat(allows(language, write(format, "get_all", "{}"))).isFalse();
        assertThat(allows(language, write(format, "get_weather", "{\"town\": \"Rome\"}")))
                .isFalse();
        assertThat(allows(language, call + " Done.")).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void oneCallIsOne(CallFormat format) {
        String one = write(format, "get", "{}");
        String two = format.write(List.of(call("get", "{}"), call("get", "{}")));
        Language<?> language = CallLanguage.calls(format, TOOLS, Count.ONE);
        assertThat(allows(language, one)).isTrue();
        assertThat(allows(language, "")).isFalse();
        assertThat(allows(language, two)).isFalse();
        Language<?> several = CallLanguage.calls(format, TOOLS, Count.SEVERAL);
        assertThat(allows(several, two)).isEqualTo(format.several());
    }

    @ParameterizedTest
    @EnumSource
    void anAnswerIsInItsFormatOrCalls(CallFormat format) {
        Language<?> number = Regex.matching("[0-9]+").language();
        if (!format.followsText()) {
            assertThatExceptionOfType(GrammarException.class)
                    .isThrownBy(() -> CallLanguage.callsOr(number, format, TOOLS, Count.ONE))
                    .withMessageContaining("writes both alike");
            return;
        }
        Language<?> language = CallLanguage.callsOr(number, format, TOOLS, Count.ONE);
        assertThat(allows(language, "42")).isTrue();
        assertThat(allows(language, write(format, "get", "{}"))).isTrue();
        assertThat(allows(language, "4" + write(format, "get", "{}"))).isFalse();
        assertThat(allows(language, "")).isFalse();
    }

    @Test
    void aSchemaThatCannotBeEnforcedIsRefusedForAStrictTool() {
        String schema = "{\"properties\": {\"a\": {\"$ref\": \"https://a.example/b\"}}}";
        Tool strict = new Tool("f", "", schema, true);
        assertThatExceptionOfType(GrammarException.class)
                .isThrownBy(() -> CallLanguage.calls(CallFormat.HERMES, List.of(strict), Count.ONE))
                .withMessageContaining("tool 'f'")
                .withMessageContaining("$ref");
        Language<?> any =
                CallLanguage.calls(
                        CallFormat.HERMES, List.of(new Tool("f", "", schema, false)), Count.ONE);
        assertThat(allows(any, write(CallFormat.HERMES, "f", "{\"a\": [1]}"))).isTrue();
        String begun = CallFormat.HERMES.head("f");
        assertThat(allows(any, begun + "{}" + CallFormat.HERMES.tail())).isTrue();
        assertThat(allows(any, begun + "[]" + CallFormat.HERMES.tail())).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}|{\"x\": 1}|true",
                "{\"properties\": {}}|{}|true",
                "{\"properties\": {}}|{\"x\": 1}|false",
                "{\"type\": \"object\", \"properties\": {\"a\": {}}}|{\"a\": 1}|true",
                "{\"type\": \"object\", \"properties\": {\"a\": {}}}|{\"x\": 1}|false",
                "{\"properties\": {\"a\": {}}, \"additionalProperties\": true}|{\"x\": 1}|true",
                "{\"properties\": {\"a\": {}}, \"required\": [\"x\"]}|{\"x\": 1}|true",
                "{\"properties\": {\"a\": {}}, \"anyOf\": [{\"required\": [\"x\"]}]}|{\"x\": 1}|true",
            })
    void parametersAreThoseThatTheSchemaSpeaksOf(String schema, String arguments, boolean allowed) {
        Tool tool = new Tool("f", "", schema, true);
        Language<?> language = CallLanguage.calls(CallFormat.HERMES, List.of(tool), Count.ONE);
        assertThat(allows(language, write(CallFormat.HERMES, "f", arguments))).isEqualTo(allowed);
    }

    @Test
    void argumentsAreObjectsWhateverTheSchemaAllows() {
        Tool strict = new Tool("f", "", "{\"type\": [\"object\", \"array\"]}", true);
        assertThatExceptionOfType(GrammarException.class)
                .isThrownBy(() -> CallLanguage.calls(CallFormat.HERMES, List.of(strict), Count.ONE))
                .withMessageContaining("not of objects alone");
    }

    @Test
    void parametersAreKeptToTheirSchemas() {
        String head = CallFormat.XML.head("f");
        String tail = CallFormat.XML.tail();
        Language<?> language =
                parameters(
                        """
                        {"properties": {"a": {"type": "string", "pattern": "^[a-z]+$", "maxLength": 3},
                                        "b": {"type": "integer", "maximum": 9},
                                        "c": {"enum": ["x", "yy"]}, "d": {"const": "z"}},
                         "required": ["b"]}
                        """);
        assertThat(allows(language, head + tail)).isFalse();
        assertThat(allows(language, head + value("b", "1") + tail)).isTrue();
        assertThat(allows(language, head + value("b", "10") + tail)).isFalse();
        assertThat(allows(language, head + value("a", "abc") + value("b", "1") + tail)).isTrue();
        assertThat(allows(language, head + value("a", "abcd") + value("b", "1") + tail)).isFalse();
        assertThat(allows(language, head + value("a", "A") + value("b", "1") + tail)).isFalse();
        assertThat(allows(language, head + value("b", "1") + value("c", "yy") + tail)).isTrue();
        assertThat(allows(language, head + value("b", "1") + value("c", "y") + tail)).isFalse();
        assertThat(allows(language, head + value("b", "1") + value("d", "z") + tail)).isTrue();
        assertThat(allows(language, head + value("b", "1") + value("e", "z") + tail)).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"maxProperties\": 1}|'maxProperties'",
                "{\"required\": [\"a\"]}|[a] among the required",
                "{\"properties\": {\"a\": {}}}|strings and others",
                "{\"properties\": {\"a\": {\"type\": [\"string\", \"null\"]}}}|strings and others",
                "{\"properties\": {\"a\": {\"type\": \"string\", \"not\": {}}}}|'not'",
                "{\"properties\": {\"a>\": {\"type\": \"string\"}}}|'a>'",
            })
    void parametersThatCannotBeKeptAreRefused(String schema, String message) {
        assertThatExceptionOfType(GrammarException.class)
                .isThrownBy(() -> parameters(schema))
                .withMessageContaining("tool 'f'")
                .withMessageContaining(message);
    }

    private static Language<?> parameters(String schema) {
        return CallLanguage.calls(
                CallFormat.XML, List.of(new Tool("f", "", schema, true)), Count.ONE);
    }

    private static String value(String name, String value) {
        return "<parameter=" + name + ">\n" + value + "\n</parameter>\n";
    }

    @Test
    void manyToolsAreFoundInBoundedTime() {
        List<Tool> tools = new ArrayList<>();
        for (int i = 0; i < 128; i++) {
            tools.add(new Tool("get_number_" + i, "", "{}", true));
        }
        Language<?> language = CallLanguage.calls(CallFormat.HERMES, tools, Count.SEVERAL);
        assertThat(allows(language, write(CallFormat.HERMES, "get_number_127", "{}"))).isTrue();
        assertThat(allows(language, write(CallFormat.HERMES, "get_number_128", "{}"))).isFalse();
    }

    private static void checkCalls(Answer answer) {
        for (String call : answer.calls()) {
            int brace = call.indexOf('(');
            String arguments = call.substring(brace + 1, call.length() - 1);
            Oracle schema = Objects.requireNonNull(SCHEMAS.get(call.substring(0, brace)));
            assertThat(schema.allows(arguments)).as(call).isTrue();
        }
    }

    private static Answer read(CallFormat format, String text) {
        return Answer.of(new CallParser(format, TOOLS, Place.ANYWHERE), List.of(text));
    }

    /// A text of the language: so many bytes as they come, and then the shortest way to its end.
    private static <S> String walk(Language<S> language, String begun, SplittableRandom random) {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        S state = language.start();
        for (byte value : begun.getBytes(StandardCharsets.UTF_8)) {
            text.write(value);
            state = language.next(state, value).orElseThrow();
        }
        for (int left = random.nextInt(1, 300); left > 0; left--) {
            byte value = (byte) random.nextInt(256);
            Optional<S> next = language.next(state, value);
            for (int i = 0; i < 256 && next.isEmpty(); i++) {
                value++;
                next = language.next(state, value);
            }
            if (next.isEmpty()) {
                break;
            }
            state = next.get();
            text.write(value);
        }
        text.writeBytes(language.completion(state));
        return text.toString(StandardCharsets.UTF_8);
    }

    private static <S> boolean allows(Language<S> language, String text) {
        Optional<S> state = Optional.of(language.start());
        for (byte value : text.getBytes(StandardCharsets.UTF_8)) {
            state = state.flatMap(at -> language.next(at, value));
        }
        return state.filter(language::complete).isPresent();
    }

    private static String write(CallFormat format, String name, String arguments) {
        return format.write(List.of(call(name, arguments)));
    }

    private static ToolCall call(String name, String arguments) {
        return new ToolCall("", name, arguments);
    }
}
