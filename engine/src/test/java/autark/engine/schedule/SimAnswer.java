package autark.engine.schedule;

import autark.engine.FinishReason;
import autark.engine.schedule.SimRequest.Expected;
import autark.engine.schedule.SimRequest.Phase;
import autark.engine.schedule.SimRequest.Place;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// One answer of a simulation: its writer, its reader, and what is known of its fate.
final class SimAnswer implements Writer {
    /// What a writer throws that is told to.
    static final class Fault extends RuntimeException {
        private static final long serialVersionUID = 1;

        Fault() {
            super("a writer failed");
        }
    }

    final SimRequest request;
    final int choice;
    final Task task;
    private final SimClock clock;
    private final SplittableRandom random;
    private final int contextLength;
    final Instant created;
    private final List<Integer> tokens = new ArrayList<>();
    private final List<Integer> drawn = new ArrayList<>();
    private final List<Integer> scored = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();
    private Instant pausedUntil = Instant.MIN;
    private boolean forgotten;
    private int begins;
    private int ends;
    private @Nullable FinishReason finish;
    private @Nullable Throwable failure;
    private @Nullable Work work;

    /// Whether it is cancelled, and since which step.
    boolean cancelled;

    long cancelledAtStep;

    /// Whether it has ever run, and ever had to wait again.
    boolean ran;

    boolean preempted;

    SimAnswer(
            SimRequest request,
            int choice,
            int contextLength,
            SimClock clock,
            SplittableRandom random) {
        this.request = request;
        this.choice = choice;
        this.contextLength = contextLength;
        this.clock = clock;
        this.random = random;
        this.created = clock.instant();
        this.task =
                new Task(this, request.terms(), request.prompt(), request.price(), clock.instant());
    }

    @Override
    public void begin(int cachedTokens) {
        begins++;
        if (begins > 1 || !drawn.isEmpty()) {
            problems.add("began again");
        }
        if (cachedTokens < 0 || cachedTokens > request.prompt().length) {
            problems.add("began with " + cachedTokens + " known tokens");
        }
    }

    @Override
    public boolean hasRoom() {
        throwAt(Place.ROOM);
        return !forgotten && !clock.instant().isBefore(pausedUntil);
    }

    /// When its reader reads on; never if it is forgotten.
    Instant readsOn() {
        return forgotten ? Instant.MAX : pausedUntil;
    }

    @Override
    public Optional<FinishReason> write(LogitRow row, TokenList list) {
        float[] logits = row.logits();
        if (finish != null || failure != null || ends > 0) {
            problems.add("was drawn for after its end");
        }
        if (list.size() != request.prompt().length + tokens.size()) {
            problems.add(
                    "drew behind %d tokens, expected %d"
                            .formatted(list.size(), request.prompt().length + tokens.size()));
        }
        throwAt(Place.DRAW);
        drawn.add(SimLogits.fingerprint(logits));
        int token = SimLogits.draw(logits, request.seed(choice), tokens.size());
        logits[token] = Float.NaN; // writers may change them
        tokens.add(token);
        list.add(token);
        if (random.nextDouble() < request.reader().pauses()) {
            long most = request.reader().pause().toNanos();
            pausedUntil = clock.instant().plusNanos(random.nextLong(most));
        }
        forgotten = tokens.size() >= request.reader().forgottenAfter();
        if (request.cancel().phase() == Phase.DRAW && tokens.size() == request.cancel().draws()) {
            task.cancel();
            cancelled = true;
            cancelledAtStep = Long.MAX_VALUE;
        }
        finish = request.finish(token, tokens.size(), contextLength);
        return Optional.ofNullable(finish);
    }

    private void throwAt(Place place) {
        SimRequest.Fault fault = request.fault();
        if (fault.place() == place && tokens.size() >= fault.draws()) {
            throw new Fault();
        }
    }

    /// Whether its reader keeps up, as the scheduler sees it.
    boolean ready() {
        return task.hasRoom();
    }

    @Override
    public boolean scoresPrompt() {
        return request.scored();
    }

    @Override
    public void score(LogitRow row, int position, TokenList list) {
        float[] logits = row.logits();
        if (!request.scored()) {
            problems.add("was given logits of the prompt that it did not want");
        }
        scored.add(SimLogits.fingerprint(logits));
        if (scored.size() != position) {
            problems.add("was given position %d, expected %d".formatted(position, scored.size()));
        }
        logits[0] = Float.NaN; // writers may change them
    }

    @Override
    public void end(FinishReason reason, TokenList list, Work done) {
        throwAt(Place.END);
        ends++;
        if (finish != null && finish != reason) {
            problems.add("ended as %s, expected %s".formatted(reason, finish));
        }
        finish = reason;
        work = done;
    }

    @Override
    public void fail(Throwable cause, Work done) {
        ends++;
        failure = cause;
        work = done;
    }

    /// Whether it runs or had to wait again; perhaps both in one step.
    boolean hasRun() {
        return task.cache != null || !task.since.equals(created);
    }

    boolean ended() {
        return ends > 0;
    }

    int drawnCount() {
        return tokens.size();
    }

    String fate() {
        return "%s after %d tokens"
                .formatted(
                        failure == null ? String.valueOf(finish) : failure.toString(),
                        tokens.size());
    }

    /// What is wrong with it, now that all is over.
    ///
    /// @param failing whether steps or memory may have failed
    List<String> verdict(boolean failing) {
        List<String> all = new ArrayList<>(problems);
        if (ends != 1) {
            all.add("ended %d times, expected once".formatted(ends));
            return all;
        }
        Expected expected = request.expected(choice, contextLength);
        if (tokens.size() > expected.tokens().size()
                || !tokens.equals(expected.tokens().subList(0, tokens.size()))) {
            all.add("wrote %s, expected %s".formatted(tokens, expected.tokens()));
        } else if (!drawn.equals(expected.drawn().subList(0, drawn.size()))) {
            all.add("drew from other logits than alone");
        }
        if (scored.size() > expected.scored().size()
                || !scored.equals(expected.scored().subList(0, scored.size()))) {
            all.add("was given other logits of its prompt than alone");
        }
        if (failure == null) {
            checkEnd(expected, all);
        } else {
            checkFailure(failure, expected, failing, all);
        }
        Work done = Objects.requireNonNull(work);
        if (done.cachedTokens() < 0 || done.cachedTokens() > request.prompt().length) {
            all.add(
                    "knew %d tokens of a prompt of %d"
                            .formatted(done.cachedTokens(), request.prompt().length));
        }
        if (done.acceptedTokens() > done.draftedTokens()) {
            all.add("more guesses were right than made");
        }
        return all;
    }

    private void checkEnd(Expected expected, List<String> all) {
        FinishReason reason = Objects.requireNonNull(finish);
        switch (reason) {
            case CANCELLED -> {
                if (!cancelled) {
                    all.add("ended as cancelled, and nobody did");
                }
            }
            case DEADLINE -> {
                if (clock.instant().isBefore(request.terms().deadline())) {
                    all.add("ended before its deadline");
                }
            }
            case STOP, STOP_STRING, LENGTH, CONTEXT_FULL, TOOL_CALLS -> {
                if (reason != expected.finish() || tokens.size() != expected.tokens().size()) {
                    all.add("ended as %s, expected %s".formatted(fate(), expected.finish()));
                }
                if (scored.size() != expected.scored().size()) {
                    all.add("its prompt was not scored to the end");
                }
                if (expected.poisoned()) {
                    all.add("has read a token that fails");
                }
            }
        }
    }

    private void checkFailure(
            Throwable cause, Expected expected, boolean failing, List<String> all) {
        boolean right =
                switch (cause) {
                    case Fault _ -> tokens.size() >= request.fault().draws();
                    case SimModel.Poisoned _ -> expected.poisoned();
                    case SimModel.Hiccup _, OutOfMemoryError _ -> failing;
                    default -> false;
                };
        if (!right) {
            all.add("failed: " + cause);
        }
    }

    @Override
    public String toString() {
        return "#%d.%d".formatted(request.number(), choice);
    }
}
