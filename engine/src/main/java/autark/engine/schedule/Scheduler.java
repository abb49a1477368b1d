package autark.engine.schedule;

import autark.engine.FinishReason;
import autark.engine.Load;
import autark.engine.cache.PageStore;
import autark.engine.cache.PrefixCache;
import autark.engine.schedule.Step.Piece;
import autark.model.KvLayout;
import autark.model.KvPool;
import autark.model.Span;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import jdk.jfr.FlightRecorder;
import org.jspecify.annotations.Nullable;

/// Decides what the model reads next, step by step (continuous batching: Yu et al., Orca, 2022).
///
/// A step serves all running answers at once. Each that is being written gets its next token, and
/// perhaps a few guesses behind it; what is left of the step's tokens goes to prompts, in chunks
/// (Agrawal et al., Sarathi-Serve, 2024), as many as keep the step short for those who are written.
/// The weights are read once for all of them.
///
/// Waiting answers come in as places and memory allow, in the order of [Waiting]. If blocks of keys
/// and values run out, first remembered prefixes go, then the running answer of the lowest rank
/// that came last gives its blocks up and waits again; its tokens stay, and their keys and values
/// are computed again, mostly found among the prefixes. The same happens to an answer whose place
/// one of higher priority needs, or a tenant that has less than its share. The answer of highest
/// rank is never stopped, and the pool has room for a whole context, so each step brings somebody
/// nearer to the end. An answer whose reader does not keep up is the first to give its place and
/// its blocks up, whatever its rank, and waits until the reader has caught up.
///
/// None of this changes a bit of what is written, since logits depend on the tokens before them and
/// on nothing else (law L1), and random numbers on seed and position.
///
/// An exception of a writer ends its answer alone. If a step of several answers fails, each runs by
/// itself, then without guesses, and those that fail again end.
///
/// For one thread.
public final class Scheduler {
    /// Best first: by rank, then who runs longest.
    private static final Comparator<Task> BEST_FIRST =
            Comparator.comparingDouble((Task task) -> task.rank)
                    .reversed()
                    .thenComparing(task -> task.since)
                    .thenComparingLong(task -> task.number);

    /// Likewise, but those whose readers do not keep up are the worst.
    private static final Comparator<Task> PAUSED_LAST =
            Comparator.comparing((Task task) -> !task.hasRoom()).thenComparing(BEST_FIRST);

    /// Prompt tokens that a step takes at least if there are any, whatever it is used for.
    private static final int CHUNK_MIN = 8;

    private final LanguageModel model;
    private final Pages pages;
    private final Drafter drafter;
    private final Guessing guessing;
    private final StepRun stepRun;
    private final Limits limits;
    private final Clock clock;
    private final Waiting waiting;
    private final List<Task> running = new ArrayList<>();
    private final StepTimes times = new StepTimes();
    private final Counts counts = new Counts();

    public Scheduler(
            LanguageModel model,
            KvPool pool,
            PrefixCache prefixes,
            PageStore store,
            Drafter drafter,
            Limits limits,
            Clock clock) {
        this.model = model;
        this.pages = new Pages(pool, prefixes, store);
        this.drafter = drafter;
        this.guessing = new Guessing(model, pages, drafter, times);
        this.stepRun = new StepRun(model);
        this.limits = limits;
        this.clock = clock;
        this.waiting = new Waiting(limits.aging());
    }

    /// Takes an answer in, with those that follow it.
    public void submit(Task task) {
        waiting.add(task);
    }

    /// Whether there is an answer that has not ended.
    public boolean busy() {
        return !running.isEmpty() || !waiting.tasks().isEmpty();
    }

    /// Runs a step. Returns false if there is nothing to do until a reader, a new answer or the
    /// clock changes that.
    public boolean step() {
        Instant now = clock.instant();
        long endedBefore = counts.ended;
        endOverdue(now);
        admit(now);
        Step step = pack();
        endFailed(step);
        if (step.isEmpty()) {
            return counts.ended > endedBefore; // then others may go on
        }
        StepEvent event = beginEvent();
        stepRun.run(step);
        Instant end = clock.instant();
        Duration time = Duration.between(now, end);
        settle(step, now, time);
        if (event != null) {
            event.end(step);
        }
        counts.stepped(step, time);
        return true;
    }

    /// Only a flight recording needs an event. Without one not even its class is loaded, which
    /// would bring all of the recorder along at each start of the program.
    private static @Nullable StepEvent beginEvent() {
        if (!FlightRecorder.isInitialized()) {
            return null;
        }
        StepEvent event = new StepEvent();
        event.begin();
        return event;
    }

    /// What it is doing and has done.
    public Load load() {
        return new Load(
                running.size(),
                waiting.tasks().size(),
                pages.count(),
                pages.freeNow(),
                pages.remembered(),
                counts.steps,
                counts.tokens,
                counts.tokensPerSecond(),
                counts.cachedTokens,
                counts.draftedTokens,
                counts.acceptedTokens,
                counts.preemptions,
                counts.ended,
                counts.failed);
    }

    /// Ends all answers, as failed; those that follow others, too.
    public void failAll(Throwable failure) {
        while (busy()) {
            for (Task task : all()) {
                task.failure = failure;
                end(task);
            }
        }
    }

    private List<Task> all() {
        List<Task> all = new ArrayList<>(running);
        all.addAll(waiting.tasks());
        return all;
    }

    private void endOverdue(Instant now) {
        for (Task task : all()) {
            for (Task follower : List.copyOf(task.followers)) {
                if (overdue(follower, now)) {
                    task.followers.remove(follower);
                    finish(follower);
                }
            }
            if (overdue(task, now)) {
                end(task);
            }
        }
    }

    /// Ends those that failed before they came into the step.
    private void endFailed(Step step) {
        for (Task task : List.copyOf(running)) {
            if (task.failure != null && !step.has(task)) {
                end(task);
            }
        }
    }

    private static boolean overdue(Task task, Instant now) {
        if (task.failure != null) {
            return true;
        } else if (task.cancelled()) {
            task.finish = FinishReason.CANCELLED;
        } else if (!now.isBefore(task.terms.deadline())) {
            task.finish = FinishReason.DEADLINE;
        }
        return task.ended();
    }

    private void admit(Instant now) {
        Optional<Task> next = waiting.next(now);
        while (next.isPresent() && findPlace(next.get(), now)) {
            start(next.get(), now);
            next = waiting.next(now);
        }
    }

    /// Finds a place and memory for an answer, if need be those of others. Returns false if there
    /// are none.
    private boolean findPlace(Task task, Instant now) {
        while (!hasPlace(task)) {
            Optional<Task> victim = paused(now).or(() -> displaced(task, now));
            if (victim.isEmpty()) {
                return false;
            }
            preempt(victim.get());
        }
        return true;
    }

    /// Memory counts for all tokens so far of those that run, and of the new one.
    private boolean hasPlace(Task task) {
        int demand = demand(task);
        for (Task other : running) {
            demand += Math.max(0, demand(other) - KvLayout.pages(other.length()));
        }
        return running.isEmpty() || (running.size() < limits.running() && demand <= pages.free());
    }

    /// The lowest of those whose readers do not keep up. One step at least everybody keeps.
    private Optional<Task> paused(Instant now) {
        return running.stream()
                .filter(other -> other.loading == null && other.since.isBefore(now))
                .filter(other -> !other.hasRoom())
                .max(BEST_FIRST);
    }

    /// Pages of all tokens so far and the next one.
    private static int demand(Task task) {
        return KvLayout.pages(task.tokens.size() + 1);
    }

    /// Whose place a waiting answer may take: that of one with a lower rank, or of one of a tenant
    /// above its share if it is of one below. One step at least everybody keeps.
    private Optional<Task> displaced(Task task, Instant now) {
        long level = waiting.level(task, now);
        boolean poor = waiting.belowShare(task, limits.running());
        return running.stream()
                .filter(other -> other.loading == null && other.since.isBefore(now))
                .filter(other ->
                        other.rank < level
                                || (poor
                                        && other.rank == level
                                        && waiting.aboveShare(other, limits.running())))
                .max(BEST_FIRST);
    }

    private void start(Task task, Instant now) {
        waiting.start(task, now);
        running.add(task);
        try {
            pages.open(task);
        } catch (RuntimeException | Error e) {
            task.failure = e;
            end(task);
        }
    }

    private Step pack() {
        running.sort(BEST_FIRST);
        Step step = new Step();
        for (Task task : List.copyOf(running)) {
            if (ready(task) && task.unread() == 1 && !task.drewNothing()) {
                packNext(step, task);
            }
        }
        boolean reading = running.stream().anyMatch(task -> !step.has(task) && task.hasRoom());
        int most = model.maxStepTokens();
        guessing.guess(step, most - (reading ? CHUNK_MIN : 0));
        int end =
                step.isEmpty()
                        ? most
                        : times.within(
                                limits.stepFactor(),
                                step.tokenCount(),
                                Math.min(most, step.tokenCount() + CHUNK_MIN),
                                most);
        for (Task task : List.copyOf(running)) {
            if (ready(task) && !step.has(task)) {
                packChunk(step, task, end - step.tokenCount());
            }
        }
        return step;
    }

    private static boolean ready(Task task) {
        return task.cache != null && task.loading == null && task.hasRoom();
    }

    /// The next token of an answer that is being written.
    private void packNext(Step step, Task task) {
        boolean room =
                step.tokenCount() < model.maxStepTokens()
                        && step.outputCount() < model.maxStepOutputs();
        if (room && reserve(task, 1, step)) {
            int last = task.tokens.size() - 1;
            int[] token = task.tokens.slice(last, last + 1);
            step.add(new Piece(task, token, Span.Outputs.LAST, besides(task, step)));
        }
    }

    /// The next tokens of a prompt, or of an answer whose keys and values were given up.
    private void packChunk(Step step, Task task, int room) {
        boolean scored = task.scoring();
        if (!scored) {
            pages.adopt(task);
            pages.adoptPart(task);
        }
        int count = Math.min(task.unread(), room);
        int outputs = model.maxStepOutputs() - step.outputCount();
        if (scored) {
            count = Math.min(count, outputs);
        } else if (count == task.unread() && outputs == 0) {
            count--;
        }
        if (count <= 0 || !reserve(task, count, step)) {
            return;
        }
        int start = task.length();
        int[] tokens = task.tokens.slice(start, start + count);
        boolean last = start + count == task.tokens.size();
        Span.Outputs wanted =
                scored ? Span.Outputs.ALL : last ? Span.Outputs.LAST : Span.Outputs.NONE;
        step.add(new Piece(task, tokens, wanted, last ? besides(task, step) : List.of()));
    }

    /// Followers for whom there is a place; the others wait as everybody does, and so do those who
    /// want logits of the prompt themselves.
    private List<Task> besides(Task task, Step step) {
        List<Task> beside = new ArrayList<>();
        int places = limits.running() - running.size() - step.besideCount();
        for (Task follower : task.followers) {
            if (beside.size() < places && !follower.scoring()) {
                beside.add(follower);
            } else {
                waiting.add(follower);
            }
        }
        task.followers.clear();
        return beside;
    }

    /// Reserves room for tokens of an answer, if need be that of others which have no part in the
    /// step, and a lower rank or a reader who does not keep up.
    private boolean reserve(Task task, int tokenCount, Step step) {
        while (!pages.makeRoom(task, tokenCount)) {
            Optional<Task> victim =
                    running.stream()
                            .filter(other -> other != task && other.loading == null)
                            .filter(other -> !step.has(other))
                            .filter(other ->
                                    BEST_FIRST.compare(other, task) > 0 || !other.hasRoom())
                            .max(PAUSED_LAST);
            if (victim.isEmpty()) {
                return false;
            }
            preempt(victim.get());
        }
        try {
            Objects.requireNonNull(task.cache).reserve(tokenCount);
            return true;
        } catch (RuntimeException | Error e) {
            task.failure = e;
            return false;
        }
    }

    /// Takes an answer's place and blocks; what it has computed stays as long as there is room.
    private void preempt(Task task) {
        pages.giveUp(task);
        running.remove(task);
        waiting.addAgain(task, clock.instant());
        counts.preemptions++;
    }

    private void settle(Step step, Instant start, Duration time) {
        times.add(step.tokenCount(), time);
        long tokens = 0;
        long sharedNanos = 0;
        for (Piece piece : step.pieces()) {
            Task task = piece.task();
            waiting.serve(task, piece.tokens().length);
            tokens += piece.tokens().length;
            // What is shared so far is rounded, not each share: so they add up.
            long nanos = time.toNanos() * tokens / step.tokenCount();
            task.computed(Duration.ofNanos(nanos - sharedNanos));
            sharedNanos = nanos;
            task.worked(start, time, piece.first());
            for (Task follower : piece.beside()) {
                startBeside(follower, task, start, time);
            }
            settle(task);
        }
    }

    /// An answer that begins where another one has read its prompt.
    private void startBeside(Task task, Task leader, Instant start, Duration time) {
        waiting.startBeside(task, leader, start);
        task.worked(start, time, true);
        task.cachedTokens = task.promptTokens;
        try {
            pages.share(task, leader);
        } catch (RuntimeException | Error e) {
            task.failure = e;
        }
        running.add(task);
        settle(task);
    }

    private void settle(Task task) {
        if (task.failure == null) {
            pages.settle(task);
        }
        if (task.ended()) {
            end(task);
        }
    }

    private void end(Task task) {
        pages.giveUp(task);
        waiting.forget(task, running.remove(task));
        for (Task follower : task.followers) {
            waiting.add(follower);
        }
        task.followers.clear();
        finish(task);
    }

    /// Tells the writer. If it cannot take the end, it has failed, and nobody else.
    private void finish(Task task) {
        drafter.forget(task.tokens);
        FinishReason reason = task.finish;
        if (task.failure == null && reason != null) {
            try {
                task.writer.end(reason, task.tokens, task.work());
            } catch (RuntimeException | Error e) {
                task.failure = e;
            }
        }
        Throwable failure = task.failure;
        if (failure != null) {
            try {
                task.writer.fail(failure, task.work());
            } catch (RuntimeException | Error e) {
                failure.addSuppressed(e);
            }
        }
        counts.ended(task);
    }
}
