package autark.server.access;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import autark.engine.Json;
import autark.server.http.ApiException;
import autark.server.http.Caller;
import autark.server.http.Door;
import autark.server.http.DoorOptions;
import autark.server.http.ErrorForm;
import autark.server.http.Reply;
import autark.server.store.StoreException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class BooksTest {
    private final TestClock clock = new TestClock("2026-11-25T12:00:00Z");
    @TempDir private Path folder;

    private Books open() {
        return Books.open(folder, Books.Reach.THIS_MACHINE, clock);
    }

    private JsonNode ask(String json) {
        return Books.ask(folder, Json.mapper().readTree(json), clock);
    }

    private String newKey(String more) {
        return ask("{\"do\": \"create-key\", \"name\": \"Ann\"" + more + "}")
                .get("token")
                .asString();
    }

    private static String id(String token) {
        return token.substring(3, 19);
    }

    private static Charge reserve(Books books, Caller caller, long prompt, long most) {
        return books.accounts().reserve(caller, new Claim("m", prompt, most), () -> {});
    }

    @Test
    void whatWasUsedTodayOutlivesARestart() {
        String token = newKey(", \"limits\": {\"tokens_per_day\": 100}");
        try (Books books = open()) {
            Caller ann = books.gate().admit(Optional.of(token));
            reserve(books, ann, 20, 70).settle(Receipts.of(ann, "m", 20, 0, 40));
            reserve(books, ann, 5, 35).settle(Receipts.of(ann, "m", List.of()));
        }
        try (Books books = open()) {
            Caller ann = books.gate().admit(Optional.of(token));
            assertThatThrownBy(() -> reserve(books, ann, 20, 21))
                    .isInstanceOfSatisfying(
                            ApiException.class,
                            e -> {
                                assertThat(e.getMessage()).contains("100", "60", "41");
                                assertThat(e.retryAfter()).isEqualTo(Duration.ofHours(12));
                            });
            reserve(books, ann, 20, 20).settle(Receipts.of(ann, "m", 20, 0, 20));
        }
        clock.move(Duration.ofHours(12));
        try (Books books = open()) {
            reserve(books, books.gate().admit(Optional.of(token)), 50, 50);
        }
    }

    @Test
    void aRevokedKeyEndsItsAnswersAndNoOthers() {
        String ann = newKey("");
        String ben = newKey("");
        AtomicInteger annCancelled = new AtomicInteger();
        AtomicInteger benCancelled = new AtomicInteger();
        try (Books books = open()) {
            books.listen();
            Caller caller = books.gate().admit(Optional.of(ann));
            Claim claim = new Claim("m", 1, 1);
            Charge charge = books.accounts().reserve(caller, claim, annCancelled::incrementAndGet);
            books.accounts()
                    .reserve(
                            books.gate().admit(Optional.of(ben)),
                            claim,
                            benCancelled::incrementAndGet);

            ask("{\"do\": \"revoke-key\", \"id\": \"" + id(ann) + "\"}"); // by the socket

            assertThat(annCancelled).hasValue(1);
            assertThat(benCancelled).hasValue(0);
            assertThatThrownBy(() -> books.gate().admit(Optional.of(ann)))
                    .isInstanceOf(ApiException.class);
            // let in before, asks after
            assertThatThrownBy(() -> reserve(books, caller, 1, 1))
                    .isInstanceOf(ApiException.class)
                    .hasMessageContaining("was revoked");
            charge.settle(Receipts.of(caller, "m", 1, 0, 1));
            ask("{\"do\": \"revoke-key\", \"id\": \"" + id(ann) + "\"}");
            assertThat(annCancelled).as("an answer that has ended").hasValue(1);
        }
    }

    /// The key is good when it is looked at, and revoked before the answer is among those that are
    /// being written.
    @Test
    void aKeyThatIsRevokedMeanwhileBeginsNoAnswer() {
        String token = newKey("");
        try (Books books = open()) {
            books.listen();
            Caller ann = books.gate().admit(Optional.of(token));
            clock.at(2, () -> ask("{\"do\": \"revoke-key\", \"id\": \"" + id(token) + "\"}"));
            assertThatThrownBy(() -> reserve(books, ann, 1, 1))
                    .isInstanceOf(ApiException.class)
                    .hasMessageContaining("was revoked");
        }
    }

    @Test
    void usageAddsUpByKeyModelDayAndTenant() throws IOException {
        Files.createDirectories(
                folder.resolve("server"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Files.writeString(
                folder.resolve("server/prices.json"),
                """
                {"currency": "EUR", "models": {"*": {"input": 1, "output": 2}}}
                """);
        String ann = newKey(", \"tenant\": \"sales\"");
        String ben = newKey(", \"tenant\": \"sales\"");
        try (Books books = open()) {
            Caller first = books.gate().admit(Optional.of(ann));
            Caller second = books.gate().admit(Optional.of(ben));
            reserve(books, first, 9, 9).settle(Receipts.of(first, "m", 10, 4, 3));
            clock.move(Duration.ofDays(1));
            reserve(books, second, 9, 9).settle(Receipts.of(second, "m", 1, 0, 1));
            reserve(books, second, 9, 9).settle(Receipts.of(second, "n", 1, 0, 1));
        }
        assertThat(rows("key", "")).hasSize(2);
        assertThat(rows("model", "").findValuesAsString("name")).containsExactly("m", "n");
        assertThat(rows("day", "").findValuesAsString("name"))
                .containsExactly("2026-11-25", "2026-11-26");
        assertThat(rows("day", ", \"since\": \"2026-11-26\"").findValuesAsString("answers"))
                .containsExactly("2");
        assertThat(rows("day", ", \"until\": \"2026-11-25\"").findValuesAsString("answers"))
                .containsExactly("1");
        JsonNode sales = rows("tenant", "").get(0);
        assertThat(sales.toString())
                .isEqualTo(
                        """
                        {"name":"sales","answers":3,"prompt_tokens":12,"cached_tokens":4,\
                        "written_tokens":5,"seconds":"1.500000000","joules":"%s",\
                        "cost":"0.000022","currency":"EUR"}\
                        """
                                .formatted(sales.get("joules").asString()));
        assertThat(sales.get("joules").asDouble()).isPositive();
        assertThatThrownBy(() -> rows("colour", "")).isInstanceOf(BooksException.class);
    }

    private JsonNode rows(String by, String more) {
        return ask("{\"do\": \"usage\", \"by\": \"" + by + "\"" + more + "}").get("rows");
    }

    @Test
    void theSameCanBeDoneThroughTheSocketAndWithoutAServer() {
        String token = newKey("");
        try (Books books = open()) {
            assertThatThrownBy(() -> ask("{\"do\": \"list-keys\"}"))
                    .as("open, and nobody listens")
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("another process");
            books.listen();
            newKey("");
            assertThat(ask("{\"do\": \"list-keys\"}").get("keys")).hasSize(2);
            assertThatThrownBy(() -> ask("{\"do\": \"list-keys\", \"x\": 1}"))
                    .isInstanceOf(BooksException.class)
                    .hasMessageContaining("unknown field x");
            assertThatThrownBy(() -> ask("{\"do\": \"revoke-key\", \"id\": \"nobody\"}"))
                    .isInstanceOf(BooksException.class)
                    .hasMessageContaining("found no key nobody");
        }
        JsonNode keys = ask("{\"do\": \"list-keys\"}").get("keys");
        assertThat(keys).hasSize(2);
        assertThat(keys.toString()).contains(id(token)).doesNotContain(token.substring(20));
        JsonNode verdict = ask("{\"do\": \"verify-log\"}");
        assertThat(verdict.has("problem")).isFalse();
        assertThat(verdict.get("lines").asInt()).as("two keys, a start, a stop").isEqualTo(4);
    }

    @Test
    void aKeyForTheAdminWorksOverHttp() throws IOException, InterruptedException {
        String admin = newKey(", \"scopes\": [\"admin\"]");
        String other = newKey("");
        ErrorForm errors =
                (failure, id) ->
                        Reply.text("text/plain", failure.getMessage())
                                .withStatus(failure.kind().status());
        try (Books books = open();
                Door door =
                        Door.open(
                                DoorOptions.loopback(0),
                                books.routes(errors),
                                books.gate(),
                                Map.of("/", errors));
                HttpClient client = HttpClient.newHttpClient()) {
            URI keys = URI.create("http://127.0.0.1:%d/admin/keys".formatted(door.port()));
            assertThat(send(client, request(keys, admin).build()).body())
                    .contains(id(admin), id(other));
            assertThat(send(client, request(keys, other).build()).statusCode()).isEqualTo(403);
            HttpResponse<String> made =
                    send(
                            client,
                            request(keys, admin)
                                    .header("Content-Type", "application/json")
                                    .POST(HttpRequest.BodyPublishers.ofString("{\"name\":\"C\"}"))
                                    .build());
            String token = Json.mapper().readTree(made.body()).get("token").asString();
            books.gate().admit(Optional.of(token));
            URI one = URI.create(keys + "/" + id(token));
            assertThat(send(client, request(one, admin).DELETE().build()).statusCode())
                    .isEqualTo(200);
            assertThatThrownBy(() -> books.gate().admit(Optional.of(token)))
                    .isInstanceOf(ApiException.class);
            URI usage = keys.resolve("/admin/usage?by=model");
            assertThat(send(client, request(usage, admin).build()).body()).contains("\"rows\":[]");
            assertThat(send(client, request(keys.resolve("/admin/usage?x=1"), admin).build()))
                    .extracting(HttpResponse::statusCode)
                    .isEqualTo(400);
        }
        assertThat(Files.readString(folder.resolve("server/audit.log")))
                .contains("\"who\":\"" + id(admin) + "\"", "key.created", "key.revoked");
    }

    private static HttpRequest.Builder request(URI uri, String token) {
        return HttpRequest.newBuilder(uri).header("Authorization", "Bearer " + token);
    }

    private static HttpResponse<String> send(HttpClient client, HttpRequest request)
            throws IOException, InterruptedException {
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void tenantsDoNotMeetInTheTables() {
        try (Books books = open()) {
            books.tables().table("responses", "a").put("resp_1", "secret".getBytes(UTF_8));
            assertThat(books.tables().table("responses", "b").get("resp_1")).isEmpty();
            assertThat(books.tables().table("responses", "b").names()).isEmpty();
        }
        ask("{\"do\": \"erase-tenant\", \"tenant\": \"a\"}");
        try (Books books = open()) {
            assertThat(books.tables().table("responses", "a").get("resp_1")).isEmpty();
        }
    }

    @Test
    void refusedAttemptsAndAnswersAreInTheLogAsSums() throws IOException {
        newKey("");
        try (Books books = open()) {
            books.listen();
            for (int i = 0; i < 3; i++) {
                assertThatThrownBy(() -> books.gate().admit(Optional.of("ak-guess")))
                        .isInstanceOf(ApiException.class);
            }
            Charge charge = reserve(books, Caller.local(), 1, 1);
            clock.move(Duration.ofMinutes(10));
            charge.settle(Receipts.of(Caller.local(), "m", 1, 0, 1));
            assertThat(Files.readString(folder.resolve("server/audit.log")))
                    .contains("1 answered, 3 refused");
        }
    }

    /// What is damaged is told and left out; the server starts, and asks for keys.
    @Test
    void damagedRecordsDoNotStopTheServer() throws IOException {
        String token = newKey("");
        try (Books books = open()) {
            for (int i = 0; i < 2; i++) {
                reserve(books, Caller.local(), 1, 1)
                        .settle(Receipts.of(Caller.local(), "m", 1, 0, 1));
            }
        }
        Path file = folder.resolve("server/store.mv");
        byte[] bytes = Files.readAllBytes(file);
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        for (String name : List.of(id(token), "head", "000000000000")) {
            int sealed = text.indexOf("autksea", text.lastIndexOf(name));
            bytes[sealed + 50] ^= 1; // in the value, behind the salt
        }
        Files.write(file, bytes);

        try (Books books = open()) {
            assertThatThrownBy(() -> books.gate().admit(Optional.of(token)))
                    .isInstanceOf(ApiException.class);
            assertThatThrownBy(() -> books.gate().admit(Optional.empty()))
                    .isInstanceOf(ApiException.class)
                    .hasMessageContaining("asks for a key");
        }
        JsonNode usage = ask("{\"do\": \"usage\"}");
        assertThat(usage.get("damaged_entries").asInt()).isEqualTo(1);
        assertThat(usage.get("rows").get(0).get("answers").asInt()).isEqualTo(1);
        assertThat(Files.readString(folder.resolve("server/audit.log"))).contains("audit.damaged");
        assertThat(ask("{\"do\": \"verify-log\"}").has("problem")).isFalse();
    }

    @Test
    void aFolderThatOthersMayEnterIsRefused() throws IOException {
        open().close();
        Files.setPosixFilePermissions(
                folder.resolve("server"), PosixFilePermissions.fromString("rwxr-x---"));
        assertThatThrownBy(this::open)
                .isInstanceOf(BooksException.class)
                .hasMessageContaining("chmod 700");
    }

    @Test
    void noTokenIsOnDisk() throws IOException {
        String token = newKey("");
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String bytes = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
                assertThat(bytes).doesNotContain(token.substring(20, 40));
            }
        }
    }
}
