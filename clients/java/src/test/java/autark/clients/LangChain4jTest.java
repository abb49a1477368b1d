package autark.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.agent.tool.Tool;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ToolChoice;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import dev.langchain4j.agent.tool.ToolSpecifications;
import dev.langchain4j.service.AiServices;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class LangChain4jTest {
    private static OpenAiChatModel.OpenAiChatModelBuilder model() {
        return OpenAiChatModel.builder()
                .baseUrl(Target.URL + "/v1")
                .apiKey(Target.KEY)
                .modelName(Target.MODEL)
                .temperature(0.0)
                .maxTokens(200)
                .maxRetries(0);
    }

    @Test
    void theStreamedAnswerIsTheWholeOne() {
        String whole = model().build().chat(Target.QUESTION);
        CompletableFuture<String> end = new CompletableFuture<>();
        StringBuilder text = new StringBuilder();
        OpenAiStreamingChatModel.builder()
                .baseUrl(Target.URL + "/v1")
                .apiKey(Target.KEY)
                .modelName(Target.MODEL)
                .temperature(0.0)
                .maxTokens(200)
                .build()
                .chat(
                        Target.QUESTION,
                        new StreamingChatResponseHandler() {
                            @Override
                            public void onPartialResponse(String piece) {
                                text.append(piece);
                            }

                            @Override
                            public void onCompleteResponse(ChatResponse response) {
                                end.complete(text.toString());
                            }

                            @Override
                            public void onError(Throwable failure) {
                                end.completeExceptionally(failure);
                            }
                        });
        assertThat(end.join()).isEqualTo(whole);
    }

    record Town(String name, boolean large) {}

    interface Geographer {
        Town largest(String country);
    }

    @Test
    void aServiceAnswersWithARecord() {
        Geographer geographer =
                AiServices.create(
                        Geographer.class,
                        model().supportedCapabilities(Set.of(Capability.RESPONSE_FORMAT_JSON_SCHEMA))
                                .strictJsonSchema(true)
                                .build());
        assertThat(geographer.largest("Which town is the largest of France?").name()).isNotNull();
    }

    static final class Weather {
        @Tool("The weather of a city now")
        String weather(String city) {
            return "21 degrees in " + city;
        }
    }

    @Test
    void aToolIsCalled() {
        ChatRequest asked =
                ChatRequest.builder()
                        .messages(List.of(UserMessage.from("How is the weather in Paris?")))
                        .toolSpecifications(ToolSpecifications.toolSpecificationsFrom(Weather.class))
                        .toolChoice(ToolChoice.REQUIRED)
                        .build();
        ChatResponse response = model().build().chat(asked);
        assertThat(response.aiMessage().toolExecutionRequests())
                .isNotEmpty()
                .allSatisfy(call -> assertThat(call.name()).isEqualTo("weather"));
    }
}
