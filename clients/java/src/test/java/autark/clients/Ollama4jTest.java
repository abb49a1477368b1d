package autark.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ollama4j.Ollama;
import io.github.ollama4j.models.chat.OllamaChatMessageRole;
import io.github.ollama4j.models.chat.OllamaChatRequest;
import io.github.ollama4j.models.chat.OllamaChatResult;
import org.junit.jupiter.api.Test;

class Ollama4jTest {
    private final Ollama client = new Ollama(Target.URL);

    @Test
    void theServerIsThere() throws Exception {
        assertThat(client.ping()).isTrue();
        assertThat(client.listModels()).anyMatch(model -> model.getName().equals(Target.MODEL));
    }

    @Test
    void aQuestionIsAnswered() throws Exception {
        client.setRequestTimeoutSeconds(120);
        OllamaChatRequest asked =
                OllamaChatRequest.builder()
                        .withModel(Target.MODEL)
                        .withMessage(OllamaChatMessageRole.USER, Target.QUESTION)
                        .build();
        OllamaChatResult result = client.chat(asked, null);
        assertThat(result.getResponseModel().getMessage().getResponse()).isNotBlank();
    }
}
