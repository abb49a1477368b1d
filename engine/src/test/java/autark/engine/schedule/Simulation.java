package autark.engine.schedule;

import autark.engine.Load;
import autark.engine.cache.PageStore;
import autark.engine.cache.PrefixCache;
import autark.engine.cache.PrefixName;
import autark.model.KvPool;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/// Runs a [Scheduler] through a storm of requests that a seed makes, on a clock of its own and in
/// one thread, so that a storm that goes wrong goes wrong again.
///
/// What is checked, after each step or at the end:
///
/// - Each answer ends once. What it drew, and from which logits, is what it would have drawn alone;
///   of an answer that was cancelled, or whose time was over, a beginning of it. Nothing fails but
///   what was made to fail.
/// - A page never shows the tokens of another place or another sequence.
/// - No more answers run than may, no step is larger than may be.
/// - A cancelled answer ends in the next step.
/// - If there is somebody whose reader keeps up, a step does something.
/// - Nobody is overtaken for long: an answer that came later by more than (its priority - the
///   other's + 1) times [Limits#aging] does not start first.
/// - The storm ends within as many steps as ten times the tokens of its requests, and a hundred
///   more.
/// - At the end no page is lost and none is free twice.
final class Simulation {
    /// What a storm was like.
    record Report(long seed, List<String> problems, Load load, int allocations) {
        boolean passed() {
            return problems.isEmpty();
        }
    }

    static final Consumer<String> SILENT = _ -> {};

    private final long seed;
    private final SimWorld world;
    private final Consumer<String> trace;
    private final boolean traced;

    /// Whether no two pages have one name; else the same may be remembered twice, on one memory.
    private final boolean named;

    private final SimClock clock = new SimClock();
    private final SplittableRandom random;
    private final SimModel model;
    private final KvPool pool;
    private final PrefixCache prefixes;
    private final SimDrafter drafter;
    private final Scheduler scheduler;
    private final ArrayDeque<SimRequest> coming = new ArrayDeque<>();
    private final List<SimAnswer> all = new ArrayList<>();
    private final List<SimAnswer> live = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();
    private long steps;

    private Simulation(
            long seed,
            SimWorld world,
            PrefixName.Hash hash,
            Consumer<String> trace,
            boolean named) {
        this.seed = seed;
        this.world = world;
        this.trace = trace;
        this.named = named;
        this.traced = !trace.equals(SILENT);
        this.random = new SplittableRandom(~seed);
        this.model = new SimModel(world.model(), clock, random.split());
        this.pool = model.newPool(world.pageCount());
        this.prefixes = new PrefixCache(pool, List.of("simulated"), hash);
        this.drafter = new SimDrafter(world.drafter(), random.split());
        this.scheduler =
                new Scheduler(
                        model, pool, prefixes, PageStore.none(), drafter, world.limits(), clock);
        world.requests().stream()
                .sorted(Comparator.comparing(SimRequest::submitted))
                .forEach(coming::add);
    }

    /// Runs the storm of a seed.
    static Report run(long seed) {
        return run(seed, SimWorld.of(seed), SILENT);
    }

    /// Runs the storm of a seed and tells what happens, a line an event.
    static Report run(long seed, Consumer<String> trace) {
        return run(seed, SimWorld.of(seed), trace);
    }

    static Report run(long seed, SimWorld world, Consumer<String> trace) {
        return new Simulation(seed, world, PrefixName::sha256, trace, true).report();
    }

    /// Runs the storm of a seed with another name for what is remembered.
    static Report runNamed(long seed, PrefixName.Hash hash) {
        return new Simulation(seed, SimWorld.of(seed), hash, SILENT, false).report();
    }

    private Report report() {
        try {
            run();
        } catch (RuntimeException | Error e) {
            problem("the scheduler threw " + e + " at " + e.getStackTrace()[0]);
        } finally {
            pool.close();
        }
        return new Report(seed, problems, scheduler.load(), model.allocations());
    }

    private void run() {
        trace.accept("seed %d: %s".formatted(seed, world));
        long most = 100 + 2 * world.requests().stream().mapToLong(SimRequest::price).sum() * 5;
        while (problems.isEmpty() && (!coming.isEmpty() || scheduler.busy())) {
            submitDue();
            live.forEach(this::cancelInPhase);
            step();
            if (steps > most) {
                problem("found no end after %d steps".formatted(steps));
            }
        }
        if (problems.isEmpty()) {
            checkQuiet();
        }
        for (SimAnswer answer : all) {
            if (answer.ended() || problems.isEmpty()) {
                answer.verdict(world.model().fails())
                        .forEach(problem -> problem(answer + " " + problem));
            }
        }
    }

    private void submitDue() {
        while (!coming.isEmpty() && !coming.getFirst().submitted().isAfter(clock.instant())) {
            SimRequest request = coming.removeFirst();
            List<SimAnswer> answers = new ArrayList<>();
            for (int i = 0; i < request.choices(); i++) {
                SimAnswer answer =
                        new SimAnswer(request, i, world.contextLength(), clock, random.split());
                answers.add(answer);
                drafter.add(answer, world.contextLength());
            }
            answers.stream()
                    .skip(1)
                    .forEach(follower -> answers.getFirst().task.follow(follower.task));
            scheduler.submit(answers.getFirst().task);
            all.addAll(answers);
            live.addAll(answers);
            if (traced) {
                tell("comes " + request);
            }
        }
    }

    private void cancelInPhase(SimAnswer answer) {
        boolean reached =
                !answer.cancelled
                        && switch (answer.request.cancel().phase()) {
                            case NONE, DRAW -> false;
                            case SUBMITTED -> true;
                            case LATER -> isLater(answer);
                            case PREFILL -> answer.task.cache != null && answer.drawnCount() == 0;
                            case DECODE -> answer.drawnCount() >= answer.request.cancel().draws();
                            case PAUSED -> !answer.ready();
                            case PREEMPTED -> answer.preempted;
                            case FOLLOWER -> answer.choice > 0 && follows(answer);
                        };
        if (reached) {
            cancel(answer);
        }
    }

    private boolean isLater(SimAnswer answer) {
        Instant time = answer.request.submitted().plus(answer.request.cancel().time());
        return !clock.instant().isBefore(time);
    }

    /// Whether it waits for another one to read its prompt.
    private boolean follows(SimAnswer answer) {
        return live.stream().anyMatch(other -> other.task.followers.contains(answer.task));
    }

    private void cancel(SimAnswer answer) {
        tell("%s is cancelled".formatted(answer));
        answer.task.cancel();
        answer.cancelled = true;
        answer.cancelledAtStep = steps;
    }

    private void step() {
        List<SimAnswer> waiting =
                live.stream().filter(answer -> !answer.ran && !follows(answer)).toList();
        boolean worked = scheduler.step();
        steps++;
        for (SimAnswer answer : live) {
            answer.preempted |= answer.ran && answer.task.cache == null && !answer.ended();
            if (answer.hasRun() && !answer.ran) {
                answer.ran = true;
                checkOvertaken(answer, waiting);
            }
        }
        tellStep(worked);
        checkStep(worked);
        live.removeIf(SimAnswer::ended);
        if (!worked) {
            moveOn();
        }
    }

    /// Lets time pass until something changes.
    private void moveOn() {
        Instant now = clock.instant();
        Instant next = coming.isEmpty() ? Instant.MAX : coming.getFirst().submitted();
        for (SimAnswer answer : live) {
            next = min(next, answer.request.terms().deadline());
            next = answer.ready() ? next : min(next, answer.readsOn());
        }
        if (next.isAfter(now) && next.isBefore(Instant.MAX)) {
            clock.advanceTo(next);
        } else if (next.equals(Instant.MAX)) {
            // All that is left waits for readers who have gone.
            live.forEach(this::cancel);
        } else {
            clock.advance(Duration.ofMillis(1));
        }
    }

    private static Instant min(Instant a, Instant b) {
        return a.isBefore(b) ? a : b;
    }

    private void checkOvertaken(SimAnswer started, List<SimAnswer> waiting) {
        if (!waiting.contains(started)) {
            return; // beside the one that it follows
        }
        for (SimAnswer other : waiting) {
            boolean stillWaits = !other.hasRun() && !other.ended();
            int gap = started.request.terms().priority() - other.request.terms().priority();
            Duration bound = world.limits().aging().multipliedBy(gap + 1L);
            Instant latest = other.created.plus(bound);
            if (stillWaits && started.created.isAfter(latest)) {
                problem("%s was overtaken by %s".formatted(other, started));
            }
        }
    }

    private void checkStep(boolean worked) {
        model.problems().forEach(this::problem);
        Load load = scheduler.load();
        if (load.running() > world.limits().running()) {
            problem("%d answers run".formatted(load.running()));
        }
        if (pool.freeUnits() < 0
                || pool.freeUnits() > pool.unitCount()
                || prefixes.freeablePages() < 0
                || prefixes.freeablePages() > prefixes.pageCount()
                || (named && prefixes.pageCount() > world.pageCount())) {
            problem(
                    "found %d units free, %d pages remembered, %d of them freeable"
                            .formatted(
                                    pool.freeUnits(),
                                    prefixes.pageCount(),
                                    prefixes.freeablePages()));
        }
        for (SimAnswer answer : live) {
            if (answer.cancelled && !answer.ended()) {
                if (answer.cancelledAtStep == Long.MAX_VALUE) {
                    answer.cancelledAtStep = steps;
                } else {
                    problem("%s goes on after it was cancelled".formatted(answer));
                }
            }
            if (!worked && !answer.ended() && answer.ready()) {
                problem("%s could go on, and nothing was done".formatted(answer));
            }
        }
    }

    /// Nobody runs: every page is free or remembered, and what is remembered can be let go.
    private void checkQuiet() {
        int layers = pool.layout().layerCount();
        int held = pool.unitCount() - pool.freeUnits();
        if (named && held != prefixes.pageCount() * layers) {
            problem(
                    "%d units are held, expected those of %d pages"
                            .formatted(held, prefixes.pageCount()));
        }
        if (prefixes.freeablePages() != prefixes.pageCount()) {
            problem("remembered pages are held by nobody, and not freeable");
        }
        if (!prefixes.makeRoom(pool.unitCount(), "ann") || prefixes.pageCount() != 0) {
            problem(
                    "%d of %d units are lost"
                            .formatted(pool.unitCount() - pool.freeUnits(), pool.unitCount()));
        }
        Load load = scheduler.load();
        if (load.running() + load.waiting() != 0 || load.ended() != all.size()) {
            problem("%s, expected the end of %d".formatted(load, all.size()));
        }
    }

    private void problem(String text) {
        problems.add("step %d: %s".formatted(steps, text));
        tell("PROBLEM: " + text);
    }

    private void tell(String text) {
        trace.accept(
                String.format(
                        Locale.ROOT, "%10.6f %s", clock.instant().toEpochMilli() / 1e3, text));
    }

    private void tellStep(boolean worked) {
        if (!traced) {
            return;
        }
        StringBuilder line =
                new StringBuilder("step %d%s:".formatted(steps, worked ? "" : " idle"));
        for (SimAnswer answer : live) {
            Task task = answer.task;
            String state =
                    answer.ended()
                            ? answer.fate()
                            : task.cache == null
                                    ? follows(answer) ? "follows" : "waits"
                                    : "%d/%d".formatted(task.length(), task.tokens.size());
            line.append(" ").append(answer).append("=").append(state);
            line.append(answer.ready() ? "" : " (paused)");
        }
        tell(
                "%s; %d units free, %d pages remembered"
                        .formatted(line, pool.freeUnits(), prefixes.pageCount()));
    }
}
