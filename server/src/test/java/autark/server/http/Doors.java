package autark.server.http;

import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.node.JsonNodeFactory;

/// Doors for tests.
final class Doors {
    static final String HOST = "Host: localhost\r\n";

    /// Tells failures as `{"failed": message}`.
    static final ErrorForm FORM = form("failed");

    private Doors() {}

    /// Tells failures in a field of this name.
    static ErrorForm form(String field) {
        return (failure, id) ->
                Reply.json(JsonNodeFactory.instance.objectNode().put(field, failure.getMessage()))
                        .withStatus(failure.kind().status());
    }

    static Door open(DoorOptions options, Route... routes) {
        return Door.open(options, List.of(routes), Gate.open(), Map.of("/", FORM));
    }

    static Door open(Limits limits, Route... routes) {
        return open(DoorOptions.loopback(0).withLimits(limits), routes);
    }

    static Route get(String path, Route.Handler handler) {
        return Route.get(path, Scope.OPEN, FORM, handler);
    }

    static Route post(String path, Route.Handler handler) {
        return Route.post(path, Scope.OPEN, FORM, handler);
    }

    /// Answers with the path and the body, so that a test sees what has come in.
    static Route echo() {
        return post(
                "/echo",
                exchange ->
                        exchange.reply(
                                Reply.text(
                                        "text/plain",
                                        exchange.path() + " " + exchange.body().length)));
    }

    static Route ok() {
        return get("/ok", exchange -> exchange.reply(Reply.text("text/plain", "ok")));
    }

    static String request(String method, String path, String... headers) {
        return method + " " + path + " HTTP/1.1\r\n" + HOST + lines(headers) + "\r\n";
    }

    static String json(String path, String body) {
        return request(
                        "POST",
                        path,
                        "Content-Type: application/json",
                        "Content-Length: " + body.length())
                + body;
    }

    private static String lines(String... headers) {
        StringBuilder lines = new StringBuilder();
        for (String header : headers) {
            lines.append(header).append("\r\n");
        }
        return lines.toString();
    }

    static Caller caller(String name, Scope... scopes) {
        return new Caller(name, name, Set.of(scopes), Set.of());
    }
}
