package autark.server.http;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/// Looks at each request before its route gets it.
///
/// A request passes these checks, in this order, before anything is done for it: it calls the
/// server by one of its names and comes from no foreign page ([Visitors]); there is a route for its
/// path and method; its key has the scope of the route; its body is of the type and size that the
/// route takes. What changes something needs a type of body that a form of a web page cannot send,
/// or it brings the origin of its page.
///
/// What fails is told in the form of the dialect that the path belongs to, whether there is such a
/// route or not.
final class Reception implements Exchanges {
    private static final String BEARER = "Bearer ";
    private static final Logger LOGGER = System.getLogger(Reception.class.getName());

    private final DoorOptions options;
    private final List<Route> routes;
    private final Gate gate;
    private final Map<String, ErrorForm> errors;
    private final Witness witness;
    private final Visitors visitors;
    private final AtomicLong requests = new AtomicLong();

    Reception(DoorOptions options, Door.House house) {
        this.options = options;
        this.routes = house.routes();
        this.gate = house.gate();
        this.errors = house.errors();
        this.witness = house.witness();
        this.visitors = new Visitors(options);
        if (!errors.containsKey("/")) {
            throw new IllegalArgumentException("no form of errors for paths that begin with /");
        }
    }

    /// What is known of a request so far, for the witness.
    private static final class Trace {
        final String id;
        final String method;
        final long beginNanos = System.nanoTime();
        String route = "";
        String key = "";
        boolean gone;

        Trace(String id, String method) {
            this.id = id;
            this.method = method;
        }

        Witness.Visit visit(Answer answer) {
            Duration duration = Duration.ofNanos(System.nanoTime() - beginNanos);
            int status = gone ? Witness.Visit.GONE : answer.status();
            return new Witness.Visit(id, key, method, route, status, duration);
        }
    }

    @Override
    public void serve(LiveExchange.Line line) {
        Trace trace = new Trace(begin(line.answer()), line.head().method());
        witness.came(trace.id);
        try {
            serve(line, trace);
        } finally {
            witness.left(trace.visit(line.answer()));
        }
    }

    private void serve(LiveExchange.Line line, Trace trace) {
        try {
            visit(line, trace);
            if (!line.answer().sent()) {
                throw new IllegalStateException("the route gave no answer");
            }
        } catch (ApiException e) {
            fail(line, e, trace);
        } catch (ClientGoneException e) {
            leave(trace);
            line.answer().closeAfter();
        } catch (RefusedException e) {
            line.answer().closeAfter();
            refuse(line.answer(), formOf(line.head().target().path()), e, trace.id);
        } catch (RuntimeException e) {
            LOGGER.log(Level.ERROR, "request " + trace.id + " failed", e);
            fail(line, ApiException.of(ApiException.Kind.INTERNAL, "failed: " + trace.id), trace);
        }
    }

    private static void leave(Trace trace) {
        trace.gone = true;
        LOGGER.log(Level.DEBUG, "{0}: the client went away", trace.id);
    }

    @Override
    public void refuse(Answer answer, RefusedException refused) {
        Trace trace = new Trace(begin(answer), "");
        witness.came(trace.id);
        try {
            refuse(answer, formOf(refused.target()), refused, trace.id);
        } finally {
            witness.left(trace.visit(answer));
        }
    }

    private String begin(Answer answer) {
        String id = "req-" + requests.incrementAndGet();
        answer.header("x-request-id", id);
        answer.header("x-content-type-options", "nosniff");
        return id;
    }

    private static void refuse(Answer answer, ErrorForm form, RefusedException refused, String id) {
        if (!answer.sent()) {
            ApiException told = ApiException.of(ApiException.Kind.INVALID, refused.getMessage());
            answer.send(form.reply(told, id).withStatus(refused.status()));
        }
    }

    private void fail(LiveExchange.Line line, ApiException failure, Trace trace) {
        Answer answer = line.answer();
        if (answer.sent()) {
            answer.closeAfter(); // a part of an answer is out, and cannot be taken for the whole
            return;
        }
        if (failure.retryAfter().isPositive()) {
            long seconds = Math.max(1, failure.retryAfter().toSeconds());
            answer.header("retry-after", Long.toString(seconds));
        }
        try {
            answer.send(formOf(line.head().target().path()).reply(failure, trace.id));
        } catch (ClientGoneException e) {
            leave(trace);
        }
    }

    private ErrorForm formOf(String path) {
        String longest =
                errors.keySet().stream()
                        .filter(path::startsWith)
                        .max(Comparator.comparingInt(String::length))
                        .orElse("/");
        return errors.getOrDefault(longest, (failure, id) -> Reply.text("text/plain", id));
    }

    private void visit(LiveExchange.Line line, Trace trace) {
        RequestHead head = line.head();
        Optional<String> page = visitors.check(head, line.wire().localAddress());
        page.ifPresent(origin -> {
            line.answer().header("access-control-allow-origin", origin);
            line.answer().header("access-control-expose-headers", "x-request-id, retry-after");
        });
        if (!options.origins().isEmpty()) {
            line.answer().header("vary", "Origin");
        }
        String path = head.target().path();
        List<Route> known = routes.stream().filter(route -> route.matches(path)).toList();
        if (page.isPresent() && isPreflight(head)) {
            line.answer().send(preflight(head, known));
            return;
        }
        Route route = route(line, known);
        trace.route = route.path();
        Caller caller = caller(head.headers(), route.scope());
        trace.key = caller.key();
        checkBody(line, route);
        route.handler()
                .handle(
                        LiveExchange.of(
                                line,
                                new LiveExchange.Call(trace.id, caller, route.rest(path)),
                                options.limits().bodyBytesMax()));
    }

    private static Route route(LiveExchange.Line line, List<Route> known) {
        if (known.isEmpty()) {
            throw ApiException.of(
                    ApiException.Kind.NOT_FOUND, "found no route for the path of the request");
        }
        String method = line.head().method();
        String meant = method.equals("HEAD") ? "GET" : method;
        Optional<Route> meantRoute =
                known.stream().filter(route -> route.method().equals(meant)).findFirst();
        if (meantRoute.isEmpty()) {
            String allowed = methods(known);
            line.answer().header("allow", allowed);
            throw ApiException.of(
                    ApiException.Kind.METHOD_NOT_ALLOWED,
                    "found another method, expected " + allowed);
        }
        return meantRoute.get();
    }

    private static String methods(List<Route> known) {
        TreeSet<String> methods = new TreeSet<>();
        known.forEach(route -> methods.add(route.method()));
        if (methods.contains("GET")) {
            methods.add("HEAD");
        }
        return String.join(", ", methods);
    }

    private static boolean isPreflight(RequestHead head) {
        return head.method().equals("OPTIONS")
                && head.headers().first("access-control-request-method").isPresent();
    }

    /// Tells a browser that a page which may call the server may call it like this.
    private static Reply preflight(RequestHead head, List<Route> known) {
        Reply reply =
                new Reply(204, "", Map.of(), new byte[0])
                        .withHeader("access-control-allow-methods", methods(known))
                        .withHeader("access-control-max-age", "600");
        Stream<String> asked = head.headers().tokens("access-control-request-headers");
        String names =
                String.join(", ", asked.filter(name -> name.matches("[a-z0-9-]{1,64}")).toList());
        return names.isEmpty() ? reply : reply.withHeader("access-control-allow-headers", names);
    }

    private Caller caller(Headers headers, Scope scope) {
        Caller caller = scope == Scope.OPEN ? Caller.nobody() : gate.admit(key(headers));
        if (!caller.may(scope)) {
            throw ApiException.of(
                    ApiException.Kind.FORBIDDEN,
                    "the key is not allowed to do this: it needs the scope "
                            + scope.name().toLowerCase(Locale.ROOT));
        }
        return caller;
    }

    /// The key of a request: the token of `Authorization: Bearer`, or `x-api-key`.
    private static Optional<String> key(Headers headers) {
        Optional<String> bearer =
                headers.only("authorization")
                        .filter(value -> value.regionMatches(true, 0, BEARER, 0, BEARER.length()))
                        .map(value -> value.substring(BEARER.length()).strip());
        Optional<String> header = headers.only("x-api-key");
        if (bearer.isPresent() && header.isPresent() && !bearer.equals(header)) {
            throw ApiException.of(
                    ApiException.Kind.UNAUTHENTICATED,
                    "found two keys, in Authorization and in x-api-key, expected one");
        }
        return bearer.or(() -> header);
    }

    private void checkBody(LiveExchange.Line line, Route route) {
        String expected =
                switch (route.body()) {
                    case NONE -> "";
                    case JSON -> "application/json";
                    case JSON_UNSAID ->
                            Visitors.isBrowser(line.head().headers()) ? "application/json" : "";
                    case MULTIPART -> "multipart/form-data";
                };
        if (!expected.isEmpty() && !contentType(line.head().headers()).equalsIgnoreCase(expected)) {
            throw ApiException.of(
                    ApiException.Kind.UNSUPPORTED_MEDIA_TYPE, "Content-Type: expected " + expected);
        }
        if (route.body() == Route.Body.NONE && !line.body().complete()) {
            throw ApiException.of(
                    ApiException.Kind.INVALID, "found a body, expected none for this route");
        }
        line.body().check(options.limits().bodyBytesMax());
    }

    private static String contentType(Headers headers) {
        return headers.only("content-type").orElse("").split(";", 2)[0].strip();
    }
}
