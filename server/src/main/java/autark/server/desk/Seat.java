package autark.server.desk;

import autark.engine.Engine;
import autark.engine.EngineException;
import autark.engine.OverloadedException;
import autark.engine.PromptTooLongException;
import autark.engine.Request;
import autark.engine.Stop;
import autark.engine.sample.Sampling;
import autark.engine.sample.SamplingException;
import autark.server.access.Charge;
import autark.server.access.Claim;
import autark.server.access.Receipt;
import autark.server.http.ApiException;
import autark.server.models.Lease;
import autark.server.models.ModelCard;
import autark.text.grammar.GrammarException;
import autark.text.template.TemplateException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/// A place before a loaded model, for one request. Closing it ends what is still being written,
/// takes down what it has cost and gives the model back. One thread uses it; any may cancel.
public final class Seat implements AutoCloseable {
    private final Desk desk;
    private final Lease lease;
    private final Desk.Visit visit;
    private final AtomicBoolean cancelled = new AtomicBoolean();
    private final AtomicReference<Optional<Job>> job = new AtomicReference<>(Optional.empty());

    Seat(Desk desk, Lease lease, Desk.Visit visit) {
        this.desk = desk;
        this.lease = lease;
        this.visit = visit;
    }

    /// The model.
    public ModelCard model() {
        return lease.card();
    }

    /// The engine, to read and count with; answers come from [#answer] alone.
    public Engine engine() {
        return lease.engine();
    }

    /// The sampling that the model recommends, with a seed of its own.
    public Sampling sampling() {
        return lease.engine().sampling().withSeed(desk.newSeed());
    }

    /// Begins the answer, or several to the same prompt. Once a seat.
    ///
    /// @throws ApiException if the engine cannot honour the request or has too much to do, or the
    ///   caller has not enough left
    public Job answer(Request asked, int choices) {
        if (job.get().isPresent()) {
            throw new IllegalStateException("a seat has one answer");
        }
        try {
            Job begun = told(() -> begin(asked, choices));
            job.set(Optional.of(begun));
            if (cancelled.get()) {
                begun.cancel();
            }
            return begun;
        } catch (ApiException e) {
            desk.observer().refused(visit.caller(), model().name(), e.kind());
            throw e;
        }
    }

    private Job begin(Request asked, int choices) {
        Request request =
                bounded(asked, choices)
                        .withService(asked.service().withTenant(visit.caller().tenant()));
        int promptTokens = engine().read(request).tokens().size();
        long room = Math.max(0, engine().contextLength() - promptTokens);
        long most = choices * Math.min(request.stop().maxTokens(), room);
        Claim claim = new Claim(model().name(), promptTokens, most);
        Charge charge = desk.accounts().reserve(visit.caller(), claim, this::cancel);
        try {
            return new Job(engine().generate(request, choices), charge);
        } catch (RuntimeException e) {
            charge.settle(receipt(List.of()));
            throw e;
        }
    }

    /// Who names no number of tokens means as many as there may be.
    private Request bounded(Request asked, int choices) {
        OptionalLong most = desk.accounts().answerTokensMax(visit.caller());
        if (asked.stop().maxTokens() != Stop.UNLIMITED || most.isEmpty()) {
            return asked;
        }
        long each = Math.clamp(most.getAsLong() / choices, 1, Stop.UNLIMITED);
        return asked.withMaxTokens((int) each);
    }

    /// Ends the answer soon.
    public void cancel() {
        cancelled.set(true);
        job.get().ifPresent(Job::cancel);
    }

    @Override
    public void close() {
        try {
            if (job.get().isPresent()) {
                Job ended = job.get().get();
                Receipt receipt = receipt(ended.end());
                ended.charge().settle(receipt);
                desk.observer().ended(receipt);
            }
        } finally {
            lease.close();
        }
    }

    private Receipt receipt(List<Receipt.Choice> choices) {
        Instant now = desk.now();
        return new Receipt(
                visit.caller(),
                visit.id(),
                visit.route(),
                model().name(),
                visit.begin(),
                Duration.between(visit.begin(), now),
                choices);
    }

    /// Tells what an engine refuses in words of the door.
    ///
    /// @throws ApiException if the work throws what an engine does when it refuses
    public static <T> T told(Supplier<T> work) {
        try {
            return work.get();
        } catch (PromptTooLongException e) {
            throw invalid(e).withCode("context_length_exceeded");
        } catch (OverloadedException e) {
            throw ApiException.of(ApiException.Kind.OVERLOADED, String.valueOf(e.getMessage()))
                    .withRetryAfter(e.retryAfter());
        } catch (EngineException | SamplingException | TemplateException | GrammarException e) {
            throw invalid(e);
        }
    }

    private static ApiException invalid(RuntimeException cause) {
        return ApiException.of(ApiException.Kind.INVALID, String.valueOf(cause.getMessage()));
    }
}
