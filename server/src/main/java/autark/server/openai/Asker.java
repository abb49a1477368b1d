package autark.server.openai;

import autark.engine.Request;
import autark.server.desk.Desk;
import autark.server.desk.Seat;
import autark.server.http.Caller;
import autark.server.http.Exchange;
import java.util.function.Function;

/// On whose behalf an answer is written: a client that waits for it, or a batch.
///
/// @param priority among answers
/// @param seats gives a place before a model
record Asker(Caller caller, int priority, Function<String, Seat> seats) {
    private static final int USUAL = 0;

    /// A client that waits.
    static Asker of(Desk desk, Exchange exchange) {
        return new Asker(exchange.caller(), USUAL, model -> desk.seat(exchange, model));
    }

    /// The request with the priority that it has here.
    Request prioritized(Request request) {
        return request.withService(request.service().withPriority(priority));
    }

    /// A place before a model.
    ///
    /// @throws autark.server.http.ApiException if there is no such model, or it may not be asked
    Seat seat(String model) {
        return seats.apply(model);
    }
}
