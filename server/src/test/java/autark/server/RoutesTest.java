package autark.server;

import static org.assertj.core.api.Assertions.assertThat;

import autark.engine.Engine;
import autark.engine.ScriptedEngines;
import autark.server.access.Bookkeeping;
import autark.server.http.ApiException;
import autark.server.http.Caller;
import autark.server.http.DoorOptions;
import autark.server.http.Gate;
import autark.server.http.RawClient;
import autark.server.http.Route;
import autark.server.http.Scope;
import autark.server.models.Catalog;
import autark.server.models.ModelCard;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// All that the server answers, and who may ask for it.
class RoutesTest {
    private static final Path INVENTORY = Path.of("src/test/resources/autark/server/routes.txt");

    /// The ways in which somebody could try to bring a key; two of them count.
    private enum Way {
        BEARER("Authorization: Bearer ", true),
        X_API_KEY("X-Api-Key: ", true),
        BASIC("Authorization: Basic ", false),
        BARE("Authorization: ", false),
        COOKIE("Cookie: key=", false),
        QUERY("", false);

        private final String header;
        private final boolean counts;

        Way(String header, boolean counts) {
            this.header = header;
            this.counts = counts;
        }
    }

    private enum Key {
        NONE,
        WRONG,
        /// Has every scope but that of the route.
        NARROW,
        /// Has the scope of the route and no other.
        RIGHT
    }

    private Engine engine;
    private Server server;

    @BeforeEach
    void start() {
        engine = ScriptedEngines.saying("hello there");
        Catalog catalog = Catalog.of(new ModelCard("m", Clock.systemUTC().instant()), engine);
        server =
                Server.start(
                        DoorOptions.loopback(0).withKeys(DoorOptions.Keys.ASKED),
                        Server.Parts.local(catalog, Clock.systemUTC(), new Random(1))
                                .withBooks(Bookkeeping.none(keys())));
    }

    @AfterEach
    void stop() {
        server.close();
        engine.close();
    }

    private static String right(Scope scope) {
        return "right-" + scope;
    }

    private static String narrow(Scope scope) {
        return "narrow-" + scope;
    }

    private static Gate keys() {
        return key -> {
            for (Scope scope : Scope.values()) {
                if (key.equals(Optional.of(right(scope)))) {
                    return new Caller(right(scope), "t", Set.of(scope), Set.of());
                }
                if (key.equals(Optional.of(narrow(scope)))) {
                    EnumSet<Scope> others = EnumSet.complementOf(EnumSet.of(scope));
                    return new Caller(narrow(scope), "t", others, Set.of());
                }
            }
            throw ApiException.of(ApiException.Kind.UNAUTHENTICATED, "no such key");
        };
    }

    /// `-Dautark.golden=update` writes the inventory anew; a route that is not in it has been seen
    /// by nobody.
    @Test
    void theInventoryIsComplete() throws IOException {
        List<String> lines =
                server.routes().stream()
                        .map(route ->
                                "%s %s %s %s"
                                        .formatted(
                                                route.method(),
                                                route.path(),
                                                route.scope().name().toLowerCase(Locale.ROOT),
                                                route.body().name().toLowerCase(Locale.ROOT)))
                        .sorted()
                        .toList();
        if ("update".equals(System.getProperty("autark.golden"))) {
            Files.write(INVENTORY, lines);
        }
        assertThat(lines).doesNotHaveDuplicates().isEqualTo(Files.readAllLines(INVENTORY));
    }

    @Test
    void onlyTheRightKeyBroughtInTheRightWayPasses() {
        List<String> wrong = new ArrayList<>();
        for (Route route : server.routes()) {
            try (RawClient client = new RawClient(server.port())) {
                for (Key key : Key.values()) {
                    for (Way way : Way.values()) {
                        RawClient.Answer answer = client.send(request(route, key, way)).receive();
                        if (!asExpected(answer.status(), route, key, way)) {
                            wrong.add(
                                    "%s %s, key %s by %s: %d"
                                            .formatted(
                                                    route.method(),
                                                    route.path(),
                                                    key,
                                                    way,
                                                    answer.status()));
                        }
                    }
                }
            }
        }
        assertThat(server.routes()).isNotEmpty();
        assertThat(wrong).isEmpty();
    }

    private static boolean asExpected(int status, Route route, Key key, Way way) {
        if (route.scope() == Scope.OPEN || (key == Key.RIGHT && way.counts)) {
            return status != 401 && status != 403;
        }
        return status == (key == Key.NARROW && way.counts ? 403 : 401);
    }

    private static String request(Route route, Key key, Way way) {
        String value =
                switch (key) {
                    case NONE -> "";
                    case WRONG -> "wrong";
                    case NARROW -> narrow(route.scope());
                    case RIGHT -> right(route.scope());
                };
        boolean brought = key != Key.NONE;
        String query = way == Way.QUERY && brought ? "?key=" + value + "&api_key=" + value : "";
        String header = way == Way.QUERY || !brought ? "" : way.header + value + "\r\n";
        String body =
                switch (route.body()) {
                    case NONE -> "\r\n";
                    case JSON, JSON_UNSAID ->
                            "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}";
                    case MULTIPART ->
                            "Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 5\r\n\r\n"
                                    + "--b--";
                };
        return "%s %s%s HTTP/1.1\r\nHost: localhost\r\n%s%s"
                .formatted(route.method(), route.path().replace("*", "x"), query, header, body);
    }

    @Test
    void whatIsNoRouteIsNotThereForAnybody() {
        Map<String, Integer> cases =
                Map.of("GET /x", 404, "GET /admin", 404, "POST /v1/models", 405, "GET /v1", 404);
        try (RawClient client = new RawClient(server.port())) {
            cases.forEach((line, status) -> {
                for (String key : Arrays.asList("", "X-Api-Key: " + right(Scope.ADMIN) + "\r\n")) {
                    client.send(line + " HTTP/1.1\r\nHost: localhost\r\n" + key + "\r\n");
                    assertThat(client.receive().status()).as(line).isEqualTo(status);
                }
            });
        }
    }
}
