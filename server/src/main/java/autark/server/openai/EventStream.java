package autark.server.openai;

import autark.server.desk.Pulse;
import autark.server.http.ClientGoneException;
import autark.server.http.Exchange;
import java.time.Duration;
import tools.jackson.databind.JsonNode;

/// Server-sent events.
///
/// @param out gives a comment as a sign of life
record EventStream(Pulse out) implements AutoCloseable {
    private static final String PING = ": ping\n\n";

    /// Begins to answer.
    ///
    /// @param pingEvery how long nothing may be sent
    static EventStream begin(Exchange exchange, Duration pingEvery) {
        return new EventStream(new Pulse(exchange.stream(Pulse.EVENTS), PING, pingEvery));
    }

    /// Sends an event without a name.
    void send(JsonNode data) {
        out.write("data: " + data + "\n\n");
    }

    /// Sends an event.
    void send(String name, JsonNode data) {
        out.write("event: " + name + "\ndata: " + data + "\n\n");
    }

    /// Sends what comes last where events have no names.
    void done() {
        out.write("data: [DONE]\n\n");
    }

    /// Runs what sends the events; if it fails, that is the last event.
    void tell(Runnable events) {
        try {
            events.run();
        } catch (ClientGoneException e) {
            throw e;
        } catch (RuntimeException e) {
            send(OpenAiErrors.body(OpenAiErrors.failure(e)));
        }
    }

    @Override
    public void close() {
        out.close();
    }
}
