package autark.checks.program;

import static org.assertj.core.api.Assertions.assertThat;

import autark.engine.Engine;
import autark.engine.FinishReason;
import autark.engine.Request;
import autark.engine.Result;
import autark.engine.Tools;
import autark.engine.Tools.Choice;
import autark.text.template.Message;
import autark.text.template.Tool;
import autark.text.template.ToolCall;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The default model, which knows nothing of tools, calls them all the same.
class ToolCallsTest {
    private static final String SCHEMA =
            """
            {"type": "object", "required": ["city", "unit"], "additionalProperties": false,
             "properties": {"city": {"type": "string", "maxLength": 20},
                            "unit": {"enum": ["celsius", "fahrenheit"]}}}
            """;
    private static final Tools TOOLS =
            Tools.of(
                    new Tool("get_weather", "The weather of a city", SCHEMA, true),
                    new Tool("get_air", "The quality of the air in a city", SCHEMA, true));
    private static final Message QUESTION = Message.user("What is the weather in Paris?");

    @Test
    void aNamedToolIsCalledAndItsResultIsRead() {
        try (Engine engine = Engine.open(DefaultModel.file())) {
            Request request =
                    Request.of(QUESTION)
                            .withTools(TOOLS.withChoice(new Choice.Named("get_weather")))
                            .withMaxTokens(100);
            assertThat(engine.read(request).text()).contains("get_weather", "get_air", "<tools>");

            Result result = engine.generate(request).result();
            assertThat(result.finish()).isEqualTo(FinishReason.TOOL_CALLS);
            assertThat(result.text()).isEmpty();
            assertThat(result.toolCalls()).hasSize(1);
            ToolCall call = result.toolCalls().getFirst();
            JsonNode arguments = JsonMapper.shared().readTree(call.arguments());
            assertThat(arguments.get("city").asString()).hasSizeLessThanOrEqualTo(20);
            assertThat(arguments.get("unit").asString()).isIn("celsius", "fahrenheit");

            Request next =
                    Request.of(
                                    QUESTION,
                                    Message.assistant("", "", List.of(call)),
                                    Message.toolResult(call.id(), "get_weather", "21 and sunny"))
                            .withTools(TOOLS)
                            .withMaxTokens(40);
            assertThat(engine.read(next).text()).contains(call.arguments(), "21 and sunny");
            assertThat(engine.generate(next).result().usage().generatedTokens()).isPositive();
        }
    }
}
