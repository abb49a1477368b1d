package autark.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What is refused is told at once, in the form of the dialect, and the next request is served.
class RejectTest {
    private Door door;
    private RawClient client;

    @BeforeEach
    void open() {
        ErrorForm other = Doors.form("other");
        List<Route> routes =
                List.of(
                        Doors.ok(),
                        Doors.echo(),
                        Doors.post(
                                "/ok",
                                exchange -> exchange.reply(Reply.text("text/plain", "posted"))),
                        Doors.get("/none", exchange -> {}),
                        Doors.get(
                                "/fails",
                                exchange -> {
                                    throw new IllegalStateException("a secret");
                                }),
                        Doors.get(
                                "/breaks",
                                exchange -> {
                                    try (Outflow out =
                                            exchange.stream(Reply.text("text/plain", "begun"))) {
                                        out.write("more");
                                        throw new IllegalStateException("a secret");
                                    }
                                }),
                        Route.get(
                                "/other/full",
                                Scope.OPEN,
                                other,
                                exchange -> {
                                    throw ApiException.of(ApiException.Kind.OVERLOADED, "full")
                                            .withRetryAfter(Duration.ofSeconds(7));
                                }),
                        Doors.get(
                                "/query",
                                exchange -> {
                                    String found = exchange.query("a b").orElse("absent");
                                    exchange.endQuery();
                                    exchange.reply(Reply.text("text/plain", found));
                                }));
        door =
                Door.open(
                        DoorOptions.loopback(0),
                        routes,
                        Gate.open(),
                        Map.of("/", Doors.FORM, "/other/", other));
        client = new RawClient(door.port());
    }

    @AfterEach
    void close() {
        client.close();
        door.close();
    }

    private RawClient.Answer ask(String request) {
        return client.send(request).receive();
    }

    @Test
    void whatIsNotThereIsToldInTheFormOfThePath() {
        RawClient.Answer here = ask(Doors.request("GET", "/nowhere"));
        assertThat(here.status()).isEqualTo(404);
        assertThat(here.body()).startsWith("{\"failed\":");
        RawClient.Answer there = ask(Doors.request("GET", "/other/nowhere"));
        assertThat(there.status()).isEqualTo(404);
        assertThat(there.body()).startsWith("{\"other\":");
        assertThat(ask(Doors.request("GET", "/ok")).body()).isEqualTo("ok");
    }

    @Test
    void anotherMethodIsToldWhichThereAre() {
        for (String method : List.of("PUT", "DELETE", "OPTIONS", "TRACE", "BREW")) {
            RawClient.Answer answer = ask(Doors.request(method, "/ok"));
            assertThat(answer.status()).isEqualTo(405);
            assertThat(answer.header("allow")).isEqualTo("GET, HEAD, POST");
        }
        assertThat(ask(Doors.request("GET", "/echo")).header("allow")).isEqualTo("POST");
    }

    @Test
    void anotherTypeIsRefusedAndABodyWhereNoneBelongs() {
        assertThat(ask(Doors.json("/echo", "{}").replace("json", "xml")).status()).isEqualTo(415);
        assertThat(ask(Doors.request("GET", "/ok", "Content-Length: 2") + "{}").status())
                .isEqualTo(400);
    }

    @Test
    void aBodyThatIsTooLargeIsRefusedBeforeItComes() {
        RawClient.Answer answer =
                ask(
                        Doors.request(
                                "POST",
                                "/echo",
                                "Content-Type: application/json",
                                "Expect: 100-continue",
                                "Content-Length: " + ((32 << 20) + 1)));
        assertThat(answer.status()).isEqualTo(413);
        assertThat(answer.header("connection")).isEqualTo("close");
    }

    @Test
    void theLargestBodyIsTaken() {
        assertThat(ask(Doors.json("/echo", " ".repeat(32 << 20))).body())
                .isEqualTo("/echo " + (32 << 20));
    }

    @Test
    void whoIsTooMuchIsToldWhenToComeAgain() {
        RawClient.Answer answer = ask(Doors.request("GET", "/other/full"));
        assertThat(answer.status()).isEqualTo(429);
        assertThat(answer.header("retry-after")).isEqualTo("7");
        assertThat(answer.body()).isEqualTo("{\"other\":\"full\"}");
    }

    @Test
    void aFaultTellsNothingAndTheConnectionGoesOn() {
        for (String path : List.of("/fails", "/none")) {
            RawClient.Answer answer = ask(Doors.request("GET", path));
            assertThat(answer.status()).isEqualTo(500);
            assertThat(answer.body())
                    .contains(answer.header("x-request-id"))
                    .doesNotContain("secret");
        }
        assertThat(ask(Doors.request("GET", "/ok")).body()).isEqualTo("ok");
    }

    @Test
    void anAnswerThatBreaksOffEndsTheConnection() {
        assertThat(ask(Doors.request("GET", "/breaks")).body()).isEqualTo("begunmore");
        assertThat(client.next()).isEmpty();
    }

    @Test
    void aHeadIsAnsweredWithoutABody() {
        client.send(Doors.request("HEAD", "/ok") + Doors.request("HEAD", "/nowhere"));
        assertThat(client.receiveHead())
                .startsWith("HTTP/1.1 200 ")
                .contains("content-length: 2\n");
        assertThat(client.receiveHead()).startsWith("HTTP/1.1 404 ");
        assertThat(ask(Doors.request("GET", "/ok")).body()).isEqualTo("ok");
    }

    @Test
    void aClientThatWantsToEndIsLetGo() {
        RawClient.Answer answer = ask(Doors.request("GET", "/ok", "Connection: close"));
        assertThat(answer.header("connection")).isEqualTo("close");
        assertThat(client.next()).isEmpty();
    }

    @Test
    void aQueryIsDecodedAndItsUnknownParametersAreRefused() {
        assertThat(ask(Doors.request("GET", "/query?a+b=%C3%A4+%2B&a%20b=2")).body())
                .isEqualTo("ä +");
        assertThat(ask(Doors.request("GET", "/query")).body()).isEqualTo("absent");
        RawClient.Answer answer = ask(Doors.request("GET", "/query?b=1"));
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body()).contains("unknown parameter b");
    }

    @Test
    void twoKeysAreRefused() {
        Door keyed =
                Door.open(
                        DoorOptions.loopback(0),
                        List.of(
                                Route.get(
                                        "/me",
                                        Scope.ANSWERS,
                                        Doors.FORM,
                                        exchange ->
                                                exchange.reply(
                                                        Reply.text(
                                                                "text/plain",
                                                                exchange.caller().key())))),
                        key -> Doors.caller(key.orElse("nobody"), Scope.ANSWERS),
                        Map.of("/", Doors.FORM));
        try (keyed;
                RawClient caller = new RawClient(keyed.port())) {
            caller.send(Doors.request("GET", "/me", "Authorization: bearer k", "X-Api-Key: k"));
            assertThat(caller.receive().body()).isEqualTo("k");
            caller.send(Doors.request("GET", "/me", "Authorization: Bearer k", "X-Api-Key: j"));
            assertThat(caller.receive().status()).isEqualTo(401);
            caller.send(Doors.request("GET", "/me", "X-Api-Key: k", "X-Api-Key: k"));
            assertThat(caller.receive().status()).isEqualTo(400);
        }
    }
}
