package autark.server.openai;

import autark.server.desk.Desk;
import autark.server.desk.Seat;
import autark.server.http.ApiException;
import autark.server.http.Caller;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/// Answers lines of a batch, behind all that somebody waits for. Where the engine has too much to
/// do, or the caller has used what it may for now, it tries again.
final class BatchAnswers {
    private static final int PRIORITY = -50;
    private static final Duration WAIT_MIN = Duration.ofMillis(100);
    private static final Duration WAIT_MAX = Duration.ofSeconds(5);
    private static final String PATH = "/v1/batches";

    private final Caller caller;
    private final Desk desk;
    private final Names names;
    private final Map<String, Endpoint> endpoints;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final AtomicBoolean cancelled = new AtomicBoolean();
    private final Set<Seat> seats = ConcurrentHashMap.newKeySet();

    /// @param endpoints that can answer, by their path
    BatchAnswers(Caller caller, Desk desk, Names names, Map<String, Endpoint> endpoints) {
        this.caller = caller;
        this.desk = desk;
        this.names = names;
        this.endpoints = Map.copyOf(endpoints);
    }

    /// Begins no more; what has begun comes to its end.
    void cancel() {
        cancelled.set(true);
    }

    /// Breaks off what has begun, and begins no more.
    void stop() {
        stopped.countDown();
        seats.forEach(Seat::cancel);
    }

    boolean stopped() {
        return stopped.getCount() == 0;
    }

    /// What becomes of a line; nothing if it is cancelled or stopped, or its time is over, before
    /// that is known.
    ///
    /// @param endpoint a path
    /// @param expiresAt in seconds since 1970
    Optional<BatchOutcome> answer(BatchLine line, String endpoint, long expiresAt) {
        String request = names.next("batch_req_");
        while (!cancelled.get() && !stopped() && names.now() < expiresAt) {
            try {
                BatchOutcome outcome = answer(line, endpoint, request);
                return stopped() ? Optional.empty() : Optional.of(outcome);
            } catch (RuntimeException e) {
                ApiException failure = OpenAiErrors.failure(e);
                if (!failure.retryAfter().isPositive() && !stopped()) {
                    int status = failure.kind().status();
                    return Optional.of(
                            BatchOutcome.of(line, request, status, OpenAiErrors.body(failure)));
                }
                await(failure.retryAfter());
            }
        }
        return Optional.empty();
    }

    private BatchOutcome answer(BatchLine line, String endpoint, String request) {
        List<Seat> used = new ArrayList<>();
        Asker asker =
                new Asker(
                        caller,
                        PRIORITY,
                        model -> {
                            Seat seat = desk.seat(caller, request, PATH, model);
                            used.add(seat);
                            seats.add(seat);
                            if (stopped()) {
                                seat.cancel();
                            }
                            return seat;
                        });
        try {
            Endpoint answering = endpoints.get(endpoint);
            if (answering == null) {
                throw ApiException.of(ApiException.Kind.INVALID, "found another endpoint");
            }
            return BatchOutcome.of(
                    line, request, BatchOutcome.OK, answering.answer(asker, line.body()));
        } finally {
            used.forEach(seats::remove);
        }
    }

    /// Waits until another try makes sense.
    private void await(Duration time) {
        Duration wait = time.compareTo(WAIT_MAX) > 0 ? WAIT_MAX : time;
        wait = wait.compareTo(WAIT_MIN) < 0 ? WAIT_MIN : wait;
        try {
            if (stopped.await(wait.toNanos(), TimeUnit.NANOSECONDS)) {
                seats.forEach(Seat::cancel);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            stop();
        }
    }
}
