package autark.server.openai;

import static org.assertj.core.api.Assertions.assertThat;

import autark.engine.ScriptedEngines;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class CompletionsTest {
    private static final String PATH = "/v1/completions";

    private OpenAiServer server;

    @BeforeEach
    void start() {
        server = new OpenAiServer(ScriptedEngines.babbling());
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void whatIsStreamedIsTheWhole() throws IOException, InterruptedException {
        String fields =
                """
                {"model": "m", "prompt": ["one", [116, 119, 111]], "n": 2, "seed": 3, "logprobs": 1,
                 "max_tokens": 12\
                """;
        JsonNode whole = server.answer(PATH, fields + "}");
        List<JsonNode> events =
                server.events(
                        PATH,
                        fields
                                + ", \"stream\": true, \"stream_options\": {\"include_usage\": true}}");

        assertThat(events.getLast().required("usage").required("completion_tokens").intValue())
                .isEqualTo(48)
                .isEqualTo(whole.required("usage").required("completion_tokens").intValue());
        assertThat(whole.required("choices")).hasSize(4);
        for (JsonNode choice : whole.required("choices")) {
            List<JsonNode> parts =
                    events.stream()
                            .flatMap(event -> event.required("choices").valueStream())
                            .filter(part -> part.required("index").equals(choice.required("index")))
                            .toList();
            StringBuilder text = new StringBuilder();
            parts.forEach(part -> text.append(part.required("text").stringValue()));
            assertThat(text).hasToString(choice.required("text").stringValue()).hasSize(12);
            assertThat(parts.getLast().required("finish_reason"))
                    .isEqualTo(choice.required("finish_reason"));
            for (String field :
                    List.of("tokens", "token_logprobs", "top_logprobs", "text_offset")) {
                assertThat(parts.stream().flatMap(part -> logprobs(part, field)))
                        .as(field)
                        .containsExactlyElementsOf(logprobs(choice, field).toList())
                        .hasSize(12);
            }
        }
    }

    private static Stream<JsonNode> logprobs(JsonNode choice, String field) {
        return choice.required("logprobs").path(field).valueStream();
    }

    @Test
    void aPromptIsEchoedWithWhatTheModelHeldOfIt() throws IOException, InterruptedException {
        JsonNode choice =
                server.answer(
                                PATH,
                                """
                                {"model": "m", "prompt": "né", "echo": true, "logprobs": 0,
                                 "max_tokens": 2}\
                                """)
                        .required("choices")
                        .required(0);

        assertThat(choice.required("text").stringValue()).startsWith("né").hasSize(4);
        JsonNode logprobs = choice.required("logprobs");
        assertThat(logprobs.required("tokens").toString())
                .startsWith("[\"<s>\",\"n\",\"bytes:\\\\xc3\",\"bytes:\\\\xa9\",");
        assertThat(logprobs.required("text_offset").toString()).isEqualTo("[0,0,1,2,2,3]");
        assertThat(logprobs.required("token_logprobs").required(0).isNull()).isTrue();
        assertThat(logprobs.required("token_logprobs").required(2).doubleValue()).isEqualTo(-9999);
        assertThat(logprobs.required("top_logprobs").required(5)).hasSize(1);
    }

    @Test
    void anAnswerEndsAfterSixteenTokensIfNothingIsSaid() throws IOException, InterruptedException {
        JsonNode choice =
                server.answer(PATH, "{\"model\": \"m\", \"prompt\": \"a\"}")
                        .required("choices")
                        .required(0);

        assertThat(choice.required("text").stringValue()).hasSize(16);
        assertThat(choice.required("finish_reason").stringValue()).isEqualTo("length");
    }

    @Test
    void aPromptOfNeitherTextNorTokensIsRefused() throws IOException, InterruptedException {
        for (String prompt : List.of("[]", "[[]]", "[1, \"a\"]", "[true]", "{}", "[[1.5]]")) {
            assertThat(
                            server.refusal(PATH, "{\"model\": \"m\", \"prompt\": " + prompt + "}")
                                    .required("param")
                                    .stringValue())
                    .as(prompt)
                    .isEqualTo("prompt");
        }
    }
}
