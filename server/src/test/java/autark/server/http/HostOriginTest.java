package autark.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Who may call the server by which name, and from which page.
class HostOriginTest {
    private static final String ABSENT = "";
    private static final String PAGE = "https://chat.example";

    private final AtomicInteger handled = new AtomicInteger();

    private final Route counted =
            Doors.post(
                    "/counted",
                    exchange -> {
                        exchange.body();
                        handled.incrementAndGet();
                        exchange.reply(Reply.text("text/plain", "counted"));
                    });

    /// The names that a client may use, and whether each is one of the server's. Without a port.
    private static final Map<String, Boolean> HOSTS =
            Map.of(
                    "localhost", true,
                    "127.0.0.1", true,
                    "[::1]", true,
                    "models.example", true,
                    "LOCALHOST", true,
                    "evil.example", false,
                    "localhost.evil.example", false,
                    "127.0.0.1.evil.example", false,
                    "2130706433", false,
                    "[::ffff:7f00:2]", false);

    @Test
    void onlyTheListedCellsPass() {
        List<String> wrong = new ArrayList<>();
        int cells = 0;
        DoorOptions options =
                DoorOptions.loopback(0)
                        .withHosts(Set.of("models.example"))
                        .withOrigins(Set.of(PAGE));
        try (Door door = Doors.open(options, counted)) {
            for (String host : HOSTS.keySet()) {
                for (String port : List.of("", ":" + door.port(), ":9")) {
                    String called = host + port;
                    Map<String, Boolean> origins = origins(called);
                    for (Map.Entry<String, Boolean> origin : origins.entrySet()) {
                        boolean passes = HOSTS.get(host) && origin.getValue();
                        cells++;
                        check(door, called, origin.getKey(), passes, wrong);
                    }
                }
            }
        }
        assertThat(cells).isGreaterThanOrEqualTo(60);
        assertThat(wrong).isEmpty();
    }

    /// Origins, and whether each may call a server of that name. Browsers write names small.
    private static Map<String, Boolean> origins(String called) {
        Map<String, Boolean> origins = new LinkedHashMap<>();
        origins.put(ABSENT, true);
        origins.put("null", false);
        origins.put("http://evil.example", false);
        origins.put("http://localhost:1", false);
        origins.put("https://" + called, false);
        origins.put("http://" + called, called.equals(called.toLowerCase(Locale.ROOT)));
        origins.put(PAGE, true);
        origins.put(PAGE + ":444", false);
        return origins;
    }

    private void check(Door door, String host, String origin, boolean passes, List<String> wrong) {
        int before = handled.get();
        try (RawClient client = new RawClient(door.port())) {
            client.send(
                    "POST /counted HTTP/1.1\r\nHost: %s\r\n".formatted(host)
                            + (origin.isEmpty() ? "" : "Origin: " + origin + "\r\n")
                            + "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}");
            RawClient.Answer answer = client.receive();
            String allowed = answer.header("access-control-allow-origin");
            boolean right =
                    answer.status() == (passes ? 200 : 403)
                            && handled.get() == before + (passes ? 1 : 0)
                            && allowed.equals(passes && origin.equals(PAGE) ? PAGE : "");
            if (!right) {
                wrong.add("host %s, origin %s: %s".formatted(host, origin, answer));
            }
        }
    }

    @Test
    void aPreflightIsAnsweredForListedPagesAlone() {
        DoorOptions options = DoorOptions.loopback(0).withOrigins(Set.of(PAGE));
        try (Door door = Doors.open(options, counted);
                RawClient client = new RawClient(door.port())) {
            RawClient.Answer allowed = client.send(preflight(PAGE)).receive();
            assertThat(allowed.status()).isEqualTo(204);
            assertThat(allowed.header("access-control-allow-origin")).isEqualTo(PAGE);
            assertThat(allowed.header("access-control-allow-methods")).isEqualTo("POST");
            assertThat(allowed.header("access-control-allow-headers"))
                    .isEqualTo("authorization, content-type");
            assertThat(allowed.header("vary")).isEqualTo("Origin");
            assertThat(allowed.headers()).doesNotContainKey("access-control-allow-credentials");

            RawClient.Answer other = client.send(preflight("https://evil.example")).receive();
            assertThat(other.status()).isEqualTo(403);
            assertThat(other.headers().keySet())
                    .noneMatch(name -> name.startsWith("access-control"));
        }
        assertThat(handled).hasValue(0);
    }

    @Test
    void withoutListedPagesThereIsNoCors() {
        try (Door door = Doors.open(Limits.standard(), counted);
                RawClient client = new RawClient(door.port())) {
            RawClient.Answer answer = client.send(preflight(PAGE)).receive();
            assertThat(answer.status()).isEqualTo(403);
            RawClient.Answer own =
                    client.send(
                                    Doors.json("/counted", "{}")
                                            .replace(
                                                    "Host: localhost",
                                                    "Origin: http://localhost\r\nHost: localhost"))
                            .receive();
            assertThat(own.status()).isEqualTo(200);
            assertThat(Stream.of(answer, own).flatMap(one -> one.headers().keySet().stream()))
                    .noneMatch(name -> name.startsWith("access-control"));
        }
    }

    /// What a form or a script of a page can send without asking first is no JSON.
    @Test
    void aFormChangesNothing() {
        try (Door door = Doors.open(Limits.standard(), counted);
                RawClient client = new RawClient(door.port())) {
            for (String type :
                    List.of(
                            "text/plain",
                            "application/x-www-form-urlencoded",
                            "multipart/form-data",
                            "text/plain; application/json",
                            "application/json2",
                            "")) {
                client.send(
                        Doors.request(
                                        "POST",
                                        "/counted",
                                        "Content-Type: " + type,
                                        "Content-Length: 2")
                                + "{}");
                assertThat(client.receive().status()).isEqualTo(415);
            }
        }
        assertThat(handled).hasValue(0);
    }

    private static String preflight(String origin) {
        return Doors.request(
                "OPTIONS",
                "/counted",
                "Origin: " + origin,
                "Access-Control-Request-Method: POST",
                "Access-Control-Request-Headers: Authorization, content-type, b@d");
    }
}
