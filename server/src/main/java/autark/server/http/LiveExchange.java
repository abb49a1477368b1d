package autark.server.http;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;

/// A request on its connection.
///
/// @param asked the parameters of the query that the route has asked for
record LiveExchange(Line line, Call call, int bodyBytesMax, Set<String> asked) implements Exchange {
    /// A request and the means to answer it.
    ///
    /// @param draining whether the server is about to close
    record Line(
            RequestHead head,
            RequestBody body,
            Answer answer,
            Wire wire,
            BooleanSupplier draining) {}

    /// Who asks for what.
    ///
    /// @param id names the request
    record Call(String id, Caller caller, String pathRest) {}

    static LiveExchange of(Line line, Call call, int bodyBytesMax) {
        return new LiveExchange(line, call, bodyBytesMax, new LinkedHashSet<>());
    }

    @Override
    public String id() {
        return call.id();
    }

    @Override
    public Caller caller() {
        return call.caller();
    }

    @Override
    public String path() {
        return line.head().target().path();
    }

    @Override
    public String pathRest() {
        return call.pathRest();
    }

    @Override
    public Optional<String> query(String name) {
        asked.add(name);
        List<String> values = line.head().target().query().getOrDefault(name, List.of());
        return values.stream().findFirst();
    }

    @Override
    public void endQuery() {
        for (String name : line.head().target().query().keySet()) {
            if (!asked.contains(name)) {
                throw ApiException.field(
                                name,
                                "unknown parameter %s; known here: %s"
                                        .formatted(
                                                name.substring(0, Math.min(80, name.length())),
                                                String.join(", ", asked)))
                        .withCode("unknown_parameter");
            }
        }
    }

    @Override
    public Optional<String> header(String name) {
        return line.head().headers().first(name);
    }

    @Override
    public boolean draining() {
        return line.draining().getAsBoolean();
    }

    @Override
    public void whenGone(Runnable action) {
        line.wire().whenGone(action);
    }

    @Override
    public byte[] body() {
        return line.body().read(bodyBytesMax);
    }

    @Override
    public void reply(Reply reply) {
        line.answer().send(reply);
    }

    @Override
    public Outflow stream(Reply head) {
        return line.answer().stream(head);
    }
}
