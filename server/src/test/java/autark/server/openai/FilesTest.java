package autark.server.openai;

import static org.assertj.core.api.Assertions.assertThat;

import autark.server.store.Tables;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Iterator;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class FilesTest {
    private final Tables tables = Tables.inMemory();
    private OpenAiServer server;

    @BeforeEach
    void start() {
        server =
                new OpenAiServer(
                        Scripts.saying("hello"), tables, Clock.systemUTC(), Duration.ofMinutes(1));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void aFileIsKeptAndDeleted() throws IOException, InterruptedException {
        String id = server.upload("one\ntwo", "");
        JsonNode file = server.get("/v1/files/" + id);

        assertThat(file.toString())
                .startsWith("{\"id\":\"%s\",\"object\":\"file\",\"bytes\":7,".formatted(id))
                .endsWith(
                        "\"expires_at\":null,\"filename\":\"in.jsonl\",\"purpose\":\"batch\","
                                + "\"status\":\"processed\"}");
        assertThat(send("/v1/files/" + id + "/content", "").body()).isEqualTo("one\ntwo");
        assertThat(server.get("/v1/files").required("data")).containsExactly(file);
        assertThat(server.get("/v1/files?purpose=vision").required("data")).isEmpty();
        assertThat(delete(id, "").body())
                .isEqualTo("{\"id\":\"%s\",\"object\":\"file\",\"deleted\":true}".formatted(id));
        assertThat(delete(id, "").statusCode()).isEqualTo(404);
        assertThat(send("/v1/files/" + id + "/content", "").statusCode()).isEqualTo(404);
    }

    private HttpResponse<String> send(String path, String tenant)
            throws IOException, InterruptedException {
        return server.send(server.request(path, tenant));
    }

    private HttpResponse<String> delete(String id, String tenant)
            throws IOException, InterruptedException {
        return server.send(server.request("/v1/files/" + id, tenant).DELETE());
    }

    @Test
    void aFileInPiecesIsGivenWhole() throws IOException, InterruptedException {
        StoredFiles stored = new StoredFiles(tables, new Names(Clock.systemUTC(), new Random(3)));
        Iterator<byte[]> pieces =
                Stream.of("one\n", "né\n", "three")
                        .map(piece -> piece.getBytes(StandardCharsets.UTF_8))
                        .iterator();
        JsonNode file =
                stored.put("", stored.newId(), new StoredFiles.Label("f", "batch", 0), pieces);
        String id = file.required("id").stringValue();

        assertThat(file.required("bytes").intValue()).isEqualTo(13);
        assertThat(send("/v1/files/" + id + "/content", "").body()).isEqualTo("one\nné\nthree");
        assertThat(delete(id, "").statusCode()).isEqualTo(200);
        assertThat(tables.table("file-pieces", "").names()).isEmpty();
    }

    @Test
    void anotherTenantFindsNothing() throws IOException, InterruptedException {
        String id = server.upload("one", "a");

        assertThat(send("/v1/files/" + id, "a").statusCode()).isEqualTo(200);
        assertThat(send("/v1/files/" + id, "b").statusCode()).isEqualTo(404);
        assertThat(send("/v1/files/" + id + "/content", "b").statusCode()).isEqualTo(404);
        assertThat(delete(id, "b").statusCode()).isEqualTo(404);
        assertThat(send("/v1/files", "b").body()).contains("\"data\":[]");
    }

    @ParameterizedTest
    @CsvSource({
        "purpose, vision, purpose",
        "expires_after[seconds], 5, expires_after[anchor]",
        "other, x, other"
    })
    void aFieldThatCannotBeHonouredIsNamed(String name, String value, String param)
            throws IOException, InterruptedException {
        String form = part("file", "1") + part(name, value);
        if (!name.equals("purpose")) {
            form += part("purpose", "batch");
        }
        HttpResponse<String> response =
                server.send(
                        server.request("/v1/files", "")
                                .header("Content-Type", "multipart/form-data; boundary=b")
                                .POST(HttpRequest.BodyPublishers.ofString(form + "--b--")));

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(
                        JsonMapper.shared()
                                .readTree(response.body())
                                .required("error")
                                .required("param")
                                .stringValue())
                .isEqualTo(param);
    }

    private static String part(String name, String content) {
        return "--b\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n%s\r\n"
                .formatted(name, content);
    }
}
