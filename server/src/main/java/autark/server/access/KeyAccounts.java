package autark.server.access;

import autark.server.http.ApiException;
import autark.server.http.Caller;
import autark.server.store.MvTables;
import autark.server.store.StoreException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;

/// The accounts of all keys: what each has used, and the ledger.
final class KeyAccounts implements Accounts {
    private static final Logger LOGGER = System.getLogger(KeyAccounts.class.getName());

    private final MvTables tables;
    private final Keys keys;
    private final Ledger ledger;
    private final Prices prices;
    private final Energy energy;
    private final Tally tally;
    private final Clock clock;
    private final Map<String, Meter> meters = new ConcurrentHashMap<>();

    KeyAccounts(
            MvTables tables,
            Keys keys,
            Ledger ledger,
            Prices prices,
            Energy energy,
            Tally tally,
            Clock clock) {
        this.tables = tables;
        this.keys = keys;
        this.ledger = ledger;
        this.prices = prices;
        this.energy = energy;
        this.tally = tally;
        this.clock = clock;
        LocalDate today = Meter.dayOf(clock.instant());
        ledger.read(
                today,
                today,
                entry ->
                        meter(entry.key())
                                .restore(today, entry.promptTokens() + entry.writtenTokens()));
    }

    @Override
    public Charge reserve(Caller caller, Claim claim, Runnable cancel) {
        try {
            Meter meter = meter(caller.key());
            Meter.Hold hold = meter.reserve(limits(caller), clock.instant(), claim, cancel);
            try {
                limits(caller); // a key that was revoked meanwhile has not seen this answer
            } catch (ApiException e) {
                meter.settle(hold, 0);
                throw e;
            }
            Energy.Reading reading = energy.begin();
            return receipt -> settle(meter, hold, reading, receipt);
        } catch (ApiException e) {
            tally.refused();
            throw e;
        }
    }

    @Override
    public OptionalLong answerTokensMax(Caller caller) {
        return limits(caller).answerTokens();
    }

    /// @throws ApiException if the key is good for nothing, or its use could not be written down
    private Limits limits(Caller caller) {
        if (caller.key().equals(Caller.LOCAL_KEY)) {
            return Limits.none();
        }
        if (tables.failure().isPresent()) {
            throw ApiException.of(
                    ApiException.Kind.UNAVAILABLE,
                    "the server cannot write down what is used; its owner has to see to its disk");
        }
        ApiKey key =
                keys.named(caller.key())
                        .orElseThrow(() ->
                                ApiException.of(
                                        ApiException.Kind.UNAUTHENTICATED,
                                        "found a key that is not known here"));
        if (!key.isActive(clock.instant())) {
            throw ApiException.of(ApiException.Kind.UNAUTHENTICATED, KeyGate.inactive(key));
        }
        return key.grant().limits();
    }

    private void settle(Meter meter, Meter.Hold hold, Energy.Reading reading, Receipt receipt) {
        meter.settle(hold, receipt.promptTokens() + receipt.writtenTokens());
        if (receipt.choices().isEmpty()) {
            return;
        }
        tally.answered();
        Duration computed =
                receipt.choices().stream()
                        .map(choice -> choice.usage().computed())
                        .reduce(Duration.ZERO, Duration::plus);
        Duration elapsed = Duration.between(hold.time(), clock.instant());
        BigDecimal cost = prices.cost(receipt);
        try {
            ledger.add(
                    entry(hold.time(), receipt, computed, reading.joules(computed, elapsed), cost));
        } catch (StoreException e) {
            LOGGER.log(
                    Level.ERROR,
                    "the answer {0} of the key {1} is not in the ledger: {2}",
                    receipt.request(),
                    receipt.caller().key(),
                    e.getMessage());
        }
    }

    private Entry entry(
            Instant time, Receipt receipt, Duration computed, double joules, BigDecimal cost) {
        return new Entry(
                time,
                receipt.request(),
                receipt.caller().key(),
                receipt.caller().tenant(),
                receipt.route(),
                receipt.model(),
                receipt.promptTokens(),
                receipt.cachedTokens(),
                receipt.writtenTokens(),
                computed,
                joules,
                energy.source(),
                cost,
                prices.currency());
    }

    /// Ends the answers of a key that are being written.
    void cancel(String key) {
        meter(key).cancelAll();
    }

    private Meter meter(String key) {
        return meters.computeIfAbsent(key, _ -> new Meter());
    }
}
