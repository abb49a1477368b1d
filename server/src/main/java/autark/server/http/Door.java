package autark.server.http;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/// The way into the server: it listens on the loopback interface and lets in what may come in.
///
/// Loopback is no border. A page in a browser of this machine can send requests to it, under a name
/// that its owner lets point here. So each request has to name this machine in `Host`, and what a
/// page of another origin sends is refused; a request with a body has to say that it is JSON, which
/// a page cannot do without asking first, and asking (CORS) is not answered.
public final class Door implements AutoCloseable {
    /// Largest body of a request.
    public static final int BODY_BYTES_MAX = 32 << 20;

    private static final int CONNECTIONS_MAX = 4096;
    private static final Duration IDLE_MAX = Duration.ofMinutes(5);
    private static final Duration SHUTDOWN_MAX = Duration.ofSeconds(10);
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");
    private static final HeaderName REQUEST_ID = HeaderNames.create("x-request-id");
    private static final HeaderName API_KEY = HeaderNames.create("x-api-key");
    private static final String BEARER = "Bearer ";
    private static final HeaderName NO_SNIFF = HeaderNames.create("x-content-type-options");
    private static final Logger LOGGER = System.getLogger(Door.class.getName());

    private final List<Route> routes;
    private final Gate gate;
    private final ErrorForm errors;
    private final AtomicLong requests = new AtomicLong();
    private final WebServer server;

    private Door(InetSocketAddress address, List<Route> routes, Gate gate, ErrorForm errors) {
        this.routes = List.copyOf(routes);
        this.gate = gate;
        this.errors = errors;
        this.server =
                WebServer.builder()
                        .address(address.getAddress())
                        .port(address.getPort())
                        .maxPayloadSize(BODY_BYTES_MAX)
                        .maxTcpConnections(CONNECTIONS_MAX)
                        .idleConnectionTimeout(IDLE_MAX)
                        .shutdownGracePeriod(SHUTDOWN_MAX)
                        .shutdownHook(false)
                        .routing(HttpRouting.builder().any(this::serve))
                        .build();
    }

    /// Opens the door.
    ///
    /// @param address has to be of the loopback interface; port 0 for any that is free
    /// @param gate knows callers
    /// @param errors tells failures of requests that no route knows
    /// @throws ServerException if the address is another one or is taken
    public static Door open(
            InetSocketAddress address, List<Route> routes, Gate gate, ErrorForm errors) {
        if (address.isUnresolved() || !address.getAddress().isLoopbackAddress()) {
            throw new ServerException(
                    "address: found %s, expected one of this machine alone, as 127.0.0.1: there are"
                                    .formatted(address.getHostString())
                            + " no keys yet that would keep others out");
        }
        Door door = new Door(address, routes, gate, errors);
        try {
            door.server.start();
        } catch (RuntimeException e) {
            door.server.stop();
            throw new ServerException(
                    "cannot listen on %s:%d: %s; is it taken? Another one: --port"
                            .formatted(address.getHostString(), address.getPort(), e.getMessage()));
        }
        return door;
    }

    /// Where the server listens.
    public int port() {
        return server.port();
    }

    private void serve(ServerRequest request, ServerResponse response) {
        String id = "req-" + requests.incrementAndGet();
        response.header(REQUEST_ID, id);
        response.header(NO_SNIFF, "nosniff");
        ErrorForm form = errors;
        try {
            checkOrigin(request);
            Route route = route(request);
            form = route.errors();
            Caller caller = caller(request, route.scope());
            checkContentType(request, route.body());
            route.handler()
                    .handle(
                            new HelidonExchange(
                                    id,
                                    caller,
                                    path(request),
                                    route.rest(path(request)),
                                    new HashSet<>(),
                                    request,
                                    response));
        } catch (ApiException e) {
            fail(response, form, e, id);
        } catch (ClientGoneException e) {
            LOGGER.log(Level.DEBUG, "{0}: the client went away", id);
        } catch (RuntimeException e) {
            LOGGER.log(Level.ERROR, "request " + id + " failed", e);
            fail(response, form, ApiException.of(ApiException.Kind.INTERNAL, "failed: " + id), id);
        }
    }

    private static void fail(
            ServerResponse response, ErrorForm form, ApiException failure, String id) {
        if (response.isSent()) {
            return;
        }
        Reply reply = form.reply(failure, id);
        if (failure.retryAfter().isPositive()) {
            long seconds = Math.max(1, failure.retryAfter().toSeconds());
            response.header(HeaderNames.RETRY_AFTER, Long.toString(seconds));
        }
        send(response, reply);
    }

    private static void send(ServerResponse response, Reply reply) {
        head(response, reply);
        response.send(reply.body());
    }

    private static void head(ServerResponse response, Reply reply) {
        response.status(reply.status());
        response.header(HeaderNames.CONTENT_TYPE, reply.contentType());
        reply.headers().forEach((name, value) -> response.header(HeaderNames.create(name), value));
    }

    private static String path(ServerRequest request) {
        return request.path().path();
    }

    private Route route(ServerRequest request) {
        String method = request.prologue().method().text();
        String meant = method.equals("HEAD") ? "GET" : method;
        String path = path(request);
        List<Route> known = routes.stream().filter(route -> route.matches(path)).toList();
        if (known.isEmpty()) {
            throw ApiException.of(
                    ApiException.Kind.NOT_FOUND, "found no route for the path of the request");
        }
        return known.stream()
                .filter(route -> route.method().equals(meant))
                .findFirst()
                .orElseThrow(() ->
                        ApiException.of(
                                ApiException.Kind.METHOD_NOT_ALLOWED,
                                "found another method, expected " + known.getFirst().method()));
    }

    private static void checkOrigin(ServerRequest request) {
        String host = request.headers().first(HeaderNames.HOST).orElse("").toLowerCase(Locale.ROOT);
        if (!LOOPBACK.contains(host.replaceFirst(":\\d{1,5}$", ""))) {
            throw ApiException.of(
                    ApiException.Kind.FORBIDDEN,
                    "Host: expected localhost, 127.0.0.1 or [::1]; others are not served");
        }
        Optional<String> origin = request.headers().first(HeaderNames.ORIGIN);
        if (origin.isPresent() && !origin.get().equals("http://" + host)) {
            throw ApiException.of(
                    ApiException.Kind.FORBIDDEN, "Origin: pages of other origins are not served");
        }
    }

    private Caller caller(ServerRequest request, Scope scope) {
        Caller caller = scope == Scope.OPEN ? Caller.nobody() : gate.admit(key(request));
        if (!caller.may(scope)) {
            throw ApiException.of(
                    ApiException.Kind.FORBIDDEN,
                    "the key is not allowed to do this: it needs the scope "
                            + scope.name().toLowerCase(Locale.ROOT));
        }
        return caller;
    }

    /// The key of a request: the token of `Authorization: Bearer`, or `x-api-key`.
    private static Optional<String> key(ServerRequest request) {
        Optional<String> bearer =
                request.headers()
                        .first(HeaderNames.AUTHORIZATION)
                        .filter(value -> value.regionMatches(true, 0, BEARER, 0, BEARER.length()))
                        .map(value -> value.substring(BEARER.length()).strip());
        Optional<String> header = request.headers().first(API_KEY);
        if (bearer.isPresent() && header.isPresent() && !bearer.equals(header)) {
            throw ApiException.of(
                    ApiException.Kind.UNAUTHENTICATED,
                    "found two keys, in Authorization and in x-api-key, expected one");
        }
        return bearer.or(() -> header);
    }

    private static void checkContentType(ServerRequest request, Route.Body body) {
        String expected =
                switch (body) {
                    case NONE -> "";
                    case JSON -> "application/json";
                    case MULTIPART -> "multipart/form-data";
                };
        String type = request.headers().first(HeaderNames.CONTENT_TYPE).orElse("");
        if (!expected.isEmpty() && !type.split(";", 2)[0].strip().equalsIgnoreCase(expected)) {
            throw ApiException.of(
                    ApiException.Kind.UNSUPPORTED_MEDIA_TYPE, "Content-Type: expected " + expected);
        }
    }

    /// Takes no more requests and waits, for a limited time, for those that are running.
    @Override
    public void close() {
        server.stop();
    }

    private record HelidonExchange(
            String id,
            Caller caller,
            String path,
            String pathRest,
            Set<String> queryNames,
            ServerRequest request,
            ServerResponse response)
            implements Exchange {
        @Override
        public Optional<String> query(String name) {
            queryNames.add(name);
            return request.query().first(name).asOptional();
        }

        @Override
        public void endQuery() {
            for (String name : request.query().names()) {
                if (!queryNames.contains(name)) {
                    throw ApiException.field(
                                    name,
                                    "unknown parameter %s; known here: %s"
                                            .formatted(
                                                    name.substring(0, Math.min(80, name.length())),
                                                    String.join(", ", queryNames)))
                            .withCode("unknown_parameter");
                }
            }
        }

        @Override
        public Optional<String> header(String name) {
            return request.headers().first(HeaderNames.create(name));
        }

        @Override
        public void whenGone(Runnable action) {
            // what is written to a client that has gone fails, and that ends the answer
        }

        @Override
        public byte[] body() {
            try (InputStream in = request.content().inputStream()) {
                byte[] body = in.readNBytes(BODY_BYTES_MAX + 1);
                if (body.length > BODY_BYTES_MAX) {
                    throw ApiException.of(
                            ApiException.Kind.TOO_LARGE,
                            "body: expected at most %d bytes".formatted(BODY_BYTES_MAX));
                }
                return body;
            } catch (IOException | UncheckedIOException e) {
                throw new ClientGoneException(e);
            }
        }

        @Override
        public void reply(Reply reply) {
            try {
                send(response, reply);
            } catch (UncheckedIOException e) {
                throw new ClientGoneException(e);
            }
        }

        @Override
        public Outflow stream(Reply head) {
            head(response, head);
            HelidonOutflow flow = new HelidonOutflow(response.outputStream());
            flow.write(new String(head.body(), StandardCharsets.UTF_8));
            return flow;
        }
    }

    private record HelidonOutflow(OutputStream out) implements Outflow {
        @Override
        public void write(String piece) {
            try {
                out.write(piece.getBytes(StandardCharsets.UTF_8));
                out.flush();
            } catch (IOException | UncheckedIOException e) {
                throw new ClientGoneException(e);
            }
        }

        @Override
        public void close() {
            try {
                out.close();
            } catch (IOException | UncheckedIOException e) {
                throw new ClientGoneException(e);
            }
        }
    }
}
