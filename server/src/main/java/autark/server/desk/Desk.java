package autark.server.desk;

import autark.server.access.Accounts;
import autark.server.access.Receipt;
import autark.server.http.ApiException;
import autark.server.http.Caller;
import autark.server.http.Exchange;
import autark.server.models.Catalog;
import autark.server.models.ModelCard;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.random.RandomGenerator;

/// The one way to an engine. Every dialect comes here with what a client asks; here it is seen
/// whether the caller may ask this model and this much, here the answer is cancelled when the
/// client goes away or its key is revoked, and here the cost is taken down, however the answer
/// ends.
///
/// ```java
/// try (Seat seat = desk.seat(exchange, "smollm2:135m")) {
///     Job job = seat.answer(Request.of(messages).withSampling(seat.sampling()), 1);
///     for (Piece piece : job) ...
/// }
/// ```
public final class Desk {
    private final Catalog catalog;
    private final Accounts accounts;
    private final Observer observer;
    private final Clock clock;
    private final RandomGenerator seeds;

    /// @param seeds of the answers whose requests name none; for use by many threads
    public Desk(
            Catalog catalog,
            Accounts accounts,
            Observer observer,
            Clock clock,
            RandomGenerator seeds) {
        this.catalog = catalog;
        this.accounts = accounts;
        this.observer = observer;
        this.clock = clock;
        this.seeds = seeds;
    }

    /// What is told of the answers; never what they say.
    public interface Observer {
        /// An answer has ended.
        void ended(Receipt receipt);

        /// A request was refused before an answer began.
        void refused(Caller caller, String model, ApiException.Kind kind);

        /// Looks away.
        static Observer none() {
            return new Observer() {
                @Override
                public void ended(Receipt receipt) {}

                @Override
                public void refused(Caller caller, String model, ApiException.Kind kind) {}
            };
        }
    }

    /// The models that can be asked.
    public Catalog catalog() {
        return catalog;
    }

    /// The models that a caller may ask, by name.
    public List<ModelCard> offered(Caller caller) {
        return catalog.models().stream().filter(card -> caller.mayAsk(card.name())).toList();
    }

    /// The model that a name or an alias stands for.
    ///
    /// @throws ApiException if there is none, or the caller may not ask it
    public ModelCard find(Caller caller, String model) {
        return catalog.find(model)
                .filter(card -> caller.mayAsk(card.name()))
                .orElseThrow(() -> Catalog.unknown(model));
    }

    /// A place before a model, for the request of a client.
    ///
    /// @throws ApiException if there is no such model, or the caller may not ask it
    public Seat seat(Exchange exchange, String model) {
        Seat seat = seat(exchange.caller(), exchange.id(), exchange.path(), model);
        exchange.whenGone(seat::cancel);
        return seat;
    }

    /// A place before a model, for work without a client that waits.
    ///
    /// @param id names the work in the ledger
    /// @param route on whose behalf, as `/v1/batches`
    /// @throws ApiException if there is no such model, or the caller may not ask it
    public Seat seat(Caller caller, String id, String route, String model) {
        Instant begin = clock.instant();
        try {
            String name = find(caller, model).name();
            return new Seat(this, catalog.lease(name), new Visit(caller, id, route, begin));
        } catch (ApiException e) {
            observer.refused(caller, "", e.kind());
            throw e;
        }
    }

    /// Who came, when, and what for.
    record Visit(Caller caller, String id, String route, Instant begin) {}

    long newSeed() {
        return seeds.nextLong();
    }

    Accounts accounts() {
        return accounts;
    }

    Observer observer() {
        return observer;
    }

    Instant now() {
        return clock.instant();
    }
}
