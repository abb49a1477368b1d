package autark.checks.program;

import static org.assertj.core.api.Assertions.assertThat;

import autark.text.template.ChatTemplate;
import autark.text.template.Conversation;
import autark.text.template.Message;
import autark.text.template.Tool;
import autark.text.template.ToolCall;
import java.io.IOException;
import java.nio.file.Files;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Tools in the chat templates of published models: whatever a template knows of them, the model is
/// told of the tools, of its calls and of their results.
@EnabledIf("autark.checks.program.GoldenTemplatesTest#goldenIsHere")
class GoldenToolsTest {
    private static final LocalDateTime NOW = LocalDateTime.parse("2026-01-02T03:04:05");
    private static final String SCHEMA =
            """
            {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
            """;
    private static final Tool WEATHER = new Tool("get_weather", "The weather", SCHEMA, false);
    private static final Tool TIME = new Tool("get_time", "The local time", SCHEMA, false);

    @ParameterizedTest
    @MethodSource("autark.checks.program.GoldenTemplatesTest#templates")
    void theModelIsToldOfToolsCallsAndResults(String name) throws IOException {
        ChatTemplate template = template(name);
        assertThat(render(template, Message.user("Weather in Paris?")))
                .contains("get_weather", "get_time", "city", "Weather in Paris?");

        assertThat(render(template, calls()))
                .containsSubsequence("Weather and time?", "get_weather", "city", "Paris")
                .containsSubsequence("Weather and time?", "get_time", "city", "Rome")
                .contains("sunny day", "noon sharp");
    }

    private static Message[] calls() {
        List<ToolCall> calls =
                List.of(
                        new ToolCall("call_abcdefghij", "get_weather", "{\"city\": \"Paris\"}"),
                        new ToolCall("call_abcdefghik", "get_time", "{\"city\": \"Rome\"}"));
        return new Message[] {
            Message.user("Weather and time?"),
            Message.assistant("", "", calls),
            Message.toolResult("call_abcdefghij", "get_weather", "sunny day"),
            Message.toolResult("call_abcdefghik", "get_time", "noon sharp")
        };
    }

    private static ChatTemplate template(String name) throws IOException {
        return ChatTemplate.parse(
                Files.readString(GoldenTemplatesTest.FOLDER.resolve(name + ".jinja")));
    }

    private static String render(ChatTemplate template, Message... messages) {
        return template.render(
                new Conversation(
                        List.of(messages), List.of(WEATHER, TIME), Map.of(), "<s>", "</s>"),
                NOW);
    }
}
