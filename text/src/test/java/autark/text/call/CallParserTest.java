package autark.text.call;

import static org.assertj.core.api.Assertions.assertThat;

import autark.text.call.CallParser.Place;
import autark.text.template.CallFormat;
import autark.text.template.Tool;
import autark.text.template.ToolCall;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// Answers with calls, in all formats and cut in all ways.
class CallParserTest {
    private static final String PARIS = "{\"city\": \"Paris }] \\\" \\\\\", \"at\": {\"x\": [{}]}}";
    private static final String NOTHING = "{}";
    private static final String SCHEMA =
            """
            {"type": "object", "properties": {"city": {"type": "string"}, "at": {"type": "object"},
                                              "any": {}}}
            """;
    private static final List<Tool> TOOLS =
            List.of(new Tool("get", "", SCHEMA, false), new Tool("get_weather", "", SCHEMA, false));

    @ParameterizedTest
    @EnumSource
    void findsACall(CallFormat format) {
        check(format, write(format, PARIS), "", "get_weather(" + PARIS + ")");
        check(format, write(format, NOTHING), "", "get_weather({})");
    }

    @ParameterizedTest
    @EnumSource
    void findsCallsBehindOneAnother(CallFormat format) {
        if (format.several()) {
            String three = write(format, PARIS, NOTHING, PARIS);
            String paris = "get_weather(" + PARIS + ")";
            check(format, three, "", paris, "get_weather({})", paris);
        }
    }

    @ParameterizedTest
    @EnumSource
    void findsACallBehindText(CallFormat format) {
        String call = write(format, NOTHING);
        if (format.followsText()) {
            check(format, "Wait.\n\n" + call, "Wait.", "get_weather({})");
            check(format, "\n" + call + "\n\n", "", "get_weather({})");
            check(
                    format,
                    call + "\nDone.\n" + call,
                    "\nDone.",
                    "get_weather({})",
                    "get_weather({})");
        } else {
            check(format, "Wait.\n" + call, "Wait.\n" + call);
            check(format, "\n" + call + " \n", "", "get_weather({})");
        }
    }

    @ParameterizedTest
    @EnumSource
    void atTheStartAloneTextHoldsNoCall(CallFormat format) {
        String call = write(format, NOTHING);
        String text = "Wait.\n" + call;
        assertThat(Answer.ofAllSplits(() -> new CallParser(format, TOOLS, Place.AT_START), text))
                .containsOnly(new Answer(text, List.of()));
        assertThat(Answer.ofAllSplits(() -> new CallParser(format, TOOLS, Place.AT_START), call))
                .containsOnly(new Answer("", List.of("get_weather({})")));
    }

    @ParameterizedTest
    @EnumSource
    void aCallOfAnUnknownToolIsText(CallFormat format) {
        String call = format.write(List.of(new ToolCall("", "get_all", NOTHING)));
        check(format, call, call);
    }

    /// The call breaks off at each place: the name is there or not, and no character is lost.
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "XML")
    void whatBreaksOffBeforeTheArgumentsIsText(CallFormat format) {
        String call = write(format, PARIS);
        int begin = call.indexOf(format.head("get_weather")) + format.head("get_weather").length();
        int end = begin + PARIS.length();
        for (int length = 0; length <= call.length(); length++) {
            String cut = call.substring(0, length);
            if (length <= begin) {
                check(format, cut, cut);
            } else {
                String written = cut.substring(begin, Math.min(length, end));
                check(format, cut, "", "get_weather(" + written + ")");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "XML")
    void whatGoesOnWronglyIsText(CallFormat format) {
        String call = write(format, PARIS);
        int begin = call.indexOf(format.head("get_weather")) + format.head("get_weather").length();
        for (int length = 1; length <= begin; length++) {
            String wrong = call.substring(0, length) + "~ no";
            check(format, wrong, wrong);
        }
        for (int length = begin + PARIS.length(); length < call.length(); length++) {
            String rest = call.substring(begin + PARIS.length(), length) + "~";
            String paris = "get_weather(" + PARIS + ")";
            String marks = rest.startsWith(format.tail()) ? format.tail() : "";
            check(format, call.substring(0, length) + "~", rest.substring(marks.length()), paris);
        }
    }

    @Test
    void aTriggerInsideAWrongHeadCounts() {
        String call = write(CallFormat.HERMES, NOTHING);
        check(CallFormat.HERMES, "<tool_call>\n{" + call, "<tool_call>\n{", "get_weather({})");
        check(CallFormat.HERMES, "<tool_" + call, "<tool_", "get_weather({})");
    }

    @ParameterizedTest
    @CsvSource({"10, 0", "64, 0", "65, 1", "300, 236"})
    void aLongGapIsText(int blanks, int text) {
        String answer = "a" + " ".repeat(blanks) + write(CallFormat.HERMES, NOTHING);
        check(CallFormat.HERMES, answer, "a" + " ".repeat(text), "get_weather({})");
    }

    /// Strings stand as they are, other values as JSON; where a schema leaves it open, what is JSON
    /// is JSON.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "city|Paris|\"Paris\"",
                "city|12|\"12\"",
                "city|''|\"\"",
                "city|'say \"a\\b\"'|'\"say \\\"a\\\\b\\\"\"'",
                "city|</parameter>|\"</parameter>\"",
                "at|{\"x\": [1]}|{\"x\": [1]}",
                "any|12|12",
                "any|true|true",
                "any|12 apples|\"12 apples\"",
                "any|\"x\"|\"x\"",
                "unknown|null|null",
            })
    void parametersBecomeJson(String name, String value, String json) {
        String parameter = "<parameter=" + name + ">\n" + value + "\n</parameter>\n";
        String head = CallFormat.XML.head("get");
        String tail = CallFormat.XML.tail();
        String one = "{\"" + name + "\": " + json + "}";
        check(CallFormat.XML, head + parameter + tail, "", "get(" + one + ")");
        String city = "<parameter=city>\nA\nB\u0001\n\n</parameter>\n";
        String two = "{\"city\": \"A\\nB\\u0001\\n\", \"" + name + "\": " + json + "}";
        check(CallFormat.XML, head + city + parameter + tail, "", "get(" + two + ")");
    }

    @Test
    void parametersThatBreakOffAreNoObject() {
        String call = write(CallFormat.XML, PARIS);
        int end = call.indexOf(CallFormat.XML.tail());
        for (int length = CallFormat.XML.head("get_weather").length() + 1; length < end; length++) {
            Answer answer = Answer.of(parser(CallFormat.XML), List.of(call.substring(0, length)));
            assertThat(answer.text()).isEmpty();
            assertThat(answer.calls()).hasSize(1);
            String written = answer.calls().getFirst();
            assertThat("get_weather(" + PARIS)
                    .startsWith(written.substring(0, written.length() - 1));
            assertThat(written).doesNotEndWith("]}})");
        }
    }

    @Test
    void theTagOfAPythonCallMayStandBeforeTheNameOfLlama() {
        String call = "<|python_tag|>" + write(CallFormat.LLAMA, PARIS);
        check(CallFormat.LLAMA, call, "", "get_weather(" + PARIS + ")");
    }

    @ParameterizedTest
    @EnumSource
    void cutsChangeNothing(CallFormat format) {
        SplittableRandom random = new SplittableRandom(format.name().hashCode());
        List<String> parts = new ArrayList<>(List.of("{", "}", "\"", "\\", "a", " ", "\n", "~"));
        format.openings().forEach(opening -> parts.add(opening.trigger()));
        format.openings().forEach(opening -> parts.add(opening.text()));
        parts.addAll(List.of(format.tail(), format.separator(), format.closing()));
        parts.addAll(List.of(format.head("get"), format.head("get") + NOTHING, "get", PARIS));
        parts.add(write(format, NOTHING));
        for (int i = 0; i < 500; i++) {
            StringBuilder text = new StringBuilder();
            int count = random.nextInt(1, 9);
            for (int part = 0; part < count; part++) {
                text.append(parts.get(random.nextInt(parts.size())));
            }
            String answer = text.toString();
            Answer whole = Answer.of(parser(format), List.of(answer));
            int at = random.nextInt(answer.length() + 1);
            assertThat(
                            List.of(
                                    Answer.of(
                                            parser(format),
                                            List.of(answer.substring(0, at), answer.substring(at))),
                                    Answer.of(
                                            parser(format),
                                            answer.chars().mapToObj(Character::toString).toList())))
                    .as(answer)
                    .containsOnly(whole);
            if (whole.calls().isEmpty()) {
                assertThat(whole.text()).isEqualTo(answer);
            }
        }
    }

    private static CallParser parser(CallFormat format) {
        return new CallParser(format, TOOLS, Place.ANYWHERE);
    }

    private static String write(CallFormat format, String... arguments) {
        List<ToolCall> calls = new ArrayList<>();
        for (String each : arguments) {
            calls.add(new ToolCall("", "get_weather", each));
        }
        return format.write(calls);
    }

    private static void check(CallFormat format, String answer, String text, String... calls) {
        assertThat(Answer.ofAllSplits(() -> parser(format), answer))
                .as(answer)
                .containsOnly(new Answer(text, List.of(calls)));
    }
}
