package autark.server.openai;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class NotHereTest {
    @Test
    void routesOfModelsThatAreNotHereSaySo() throws IOException, InterruptedException {
        try (OpenAiServer server = new OpenAiServer(Scripts.saying("x"))) {
            for (String path :
                    new String[] {
                        "/v1/embeddings",
                        "/v1/moderations",
                        "/v1/images/generations",
                        "/v1/audio/transcriptions",
                        "/v1/rerank"
                    }) {
                JsonNode error = server.refusal(path, "{}");

                assertThat(error.required("code").stringValue())
                        .as(path)
                        .isEqualTo("unsupported_endpoint");
                assertThat(error.required("message").stringValue()).contains("no model here");
            }
        }
    }
}
