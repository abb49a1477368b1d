package autark.clients;

import static org.assertj.core.api.Assertions.assertThat;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.StreamResponse;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.responses.Response;
import com.openai.models.responses.ResponseCreateParams;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OpenAiJavaTest {
    private final OpenAIClient client =
            OpenAIOkHttpClient.builder()
                    .baseUrl(Target.URL + "/v1")
                    .apiKey(Target.KEY)
                    .maxRetries(0)
                    .build();

    @AfterEach
    void close() {
        client.close();
    }

    @Test
    void theStreamedAnswerIsTheWholeOne() {
        ChatCompletionCreateParams asked =
                ChatCompletionCreateParams.builder()
                        .model(Target.MODEL)
                        .addUserMessage(Target.QUESTION)
                        .temperature(0)
                        .maxCompletionTokens(40)
                        .build();
        ChatCompletion whole = client.chat().completions().create(asked);
        try (StreamResponse<ChatCompletionChunk> stream =
                client.chat().completions().createStreaming(asked)) {
            String text =
                    stream.stream()
                            .flatMap(chunk -> chunk.choices().stream())
                            .flatMap(choice -> choice.delta().content().stream())
                            .collect(Collectors.joining());
            assertThat(text).isEqualTo(whole.choices().getFirst().message().content().orElseThrow());
        }
    }

    @Test
    void aRecordIsAnswered() {
        record Town(String name, boolean large) {}
        var asked =
                ChatCompletionCreateParams.builder()
                        .model(Target.MODEL)
                        .addUserMessage("Which town is the largest of France?")
                        .maxCompletionTokens(200)
                        .responseFormat(Town.class)
                        .build();
        Town town =
                client.chat().completions().create(asked).choices().getFirst().message().content()
                        .orElseThrow();
        assertThat(town.name()).isNotNull();
    }

    @Test
    void aResponseIsKept() {
        Response response =
                client.responses()
                        .create(
                                ResponseCreateParams.builder()
                                        .model(Target.MODEL)
                                        .input(Target.QUESTION)
                                        .maxOutputTokens(20)
                                        .build());
        assertThat(client.responses().retrieve(response.id()).output())
                .hasSameSizeAs(response.output());
    }
}
