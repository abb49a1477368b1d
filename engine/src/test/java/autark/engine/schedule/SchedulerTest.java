package autark.engine.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import autark.engine.Load;
import autark.engine.schedule.SimRequest.Cancel;
import autark.engine.schedule.SimRequest.Fault;
import autark.engine.schedule.SimRequest.Phase;
import autark.engine.schedule.SimRequest.Place;
import autark.engine.schedule.SimRequest.Reader;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// Small storms made by hand, each for something that once went wrong or easily might. What holds
/// is what [Simulation] checks.
final class SchedulerTest {
    private static final int CONTEXT = 128;
    private static final SimModel.Shape MODEL = new SimModel.Shape(CONTEXT, 16, 8, 0, 0);

    @Test
    void aGuessBehindAPromptWhoseLastStepReadsOneTokenIsChecked() {
        // 17 tokens in steps of 16; they repeat themselves, the answer does not go on so.
        int[] prompt = prompt(17);
        Arrays.setAll(prompt, i -> prompt[i % 5]);
        passes(world().withDrafter(SimDrafter.Kind.LOOKUP).with(request(0, prompt)));
    }

    @Test
    void aGuessThatTheModelCannotReadFailsNoAnswer() {
        Setup world = world().withDrafter(SimDrafter.Kind.POISON);
        passes(world.with(request(0, prompt(40))));
        passes(world.with(request(0, prompt(40))).with(request(1, prompt(20))));
    }

    @Test
    void answersToOnePromptBeginTogetherHoweverItsLastTokenIsRead() {
        for (int length : new int[] {1, 16, 17, 30}) {
            SimRequest request = new Ask(prompt(length)).withChoices(4).request(0);
            assertThat(report(world().with(request)).load().steps())
                    .as("prompt of %d", length)
                    .isLessThan(30);
        }
    }

    @Test
    void answersThatBeginBesideTwoOthersInOneStepAreCounted() {
        SimRequest first = new Ask(prompt(8)).withChoices(4).request(0);
        SimRequest second = new Ask(prompt(7)).withChoices(4).request(1);
        passes(world().with(first).with(second));
    }

    @Test
    void aReaderWhoIsGoneHoldsNoPlace() {
        Reader gone = new Reader(0, Duration.ZERO, 3);
        SimRequest forgotten = new Ask(prompt(10)).withReader(gone).request(0);
        passes(world().withRunning(1).with(forgotten).with(request(1, prompt(20))));
    }

    @Test
    void aReaderWhoIsGoneHoldsNoMemory() {
        Reader gone = new Reader(0, Duration.ZERO, 3);
        SimRequest forgotten = new Ask(prompt(80)).withReader(gone).request(0);
        passes(world().withPages(5).with(forgotten).with(request(1, prompt(100))));
    }

    @Test
    void tokensThatAreFoundAgainAfterAPreemptionWereNotKnownBefore() {
        // One place, which they take from one another.
        Setup world = world().withRunning(1).withAging(Duration.ofMillis(15));
        int[] other = prompt(107);
        other[0]++;
        Load load = report(world.with(request(0, prompt(107))).with(request(1, other))).load();
        assertThat(load.preemptions()).isPositive();
        assertThat(load.cachedTokens()).isZero();
    }

    @Test
    void aPromptIsScoredOnceWhateverIsPreempted() {
        Setup world = world().withRunning(1).withAging(Duration.ofMillis(15));
        passes(
                world.with(new Ask(prompt(107)).withScores().request(0))
                        .with(new Ask(prompt(108)).withScores().request(1)));
    }

    @Test
    void eachAnswerToOnePromptGetsItsScores() {
        for (int length : new int[] {1, 7, 16, 17, 40}) {
            passes(world().with(new Ask(prompt(length)).withChoices(3).withScores().request(0)));
        }
    }

    @Test
    void answersThatReadTheSameAtOnceHoldItOnce() {
        // A page more than a context: two answers fit if they share what they read.
        SimRequest one = new Ask(prompt(97)).withScores().request(0);
        SimRequest same = new Ask(prompt(98)).withScores().request(1);
        Load load = report(world().withPages(5).with(one).with(same)).load();
        assertThat(load.preemptions()).isZero();
    }

    @Test
    void whenAllFailThoseThatFollowOthersFailToo() {
        SimClock clock = new SimClock();
        SimRequest request = new Ask(prompt(40)).withChoices(3).request(0);
        List<SimAnswer> answers = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            answers.add(new SimAnswer(request, i, CONTEXT, clock, new SplittableRandom(i)));
        }
        answers.stream().skip(1).forEach(next -> answers.getFirst().task.follow(next.task));
        SimModel model = new SimModel(MODEL, clock, new SplittableRandom(1));
        try (Machine machine = new Machine(model, clock)) {
            Scheduler scheduler = machine.scheduler;
            scheduler.submit(answers.getFirst().task);
            scheduler.step();
            scheduler.failAll(new IllegalStateException("the end"));
            assertThat(answers).allMatch(SimAnswer::ended);
            assertThat(scheduler.busy()).isFalse();
        }
    }

    @Test
    void aWriterThatThrowsFailsAlone() {
        for (Place place : Place.values()) {
            for (int draws = 0; draws < 4; draws++) {
                SimRequest bad = new Ask(prompt(20)).withFault(place, draws).request(0);
                passes(world().with(bad).with(request(1, prompt(30))));
            }
        }
    }

    @Test
    void aStepThatFailsWhileAnswersDrawIsNotRunAgain() {
        SimModel.Shape shape = new SimModel.Shape(CONTEXT, 16, 8, 0.05, 0);
        for (int seed = 0; seed < 20; seed++) {
            Setup world = world().withModel(shape);
            for (int i = 0; i < 4; i++) {
                world = world.with(request(i, prompt(20 + i)));
            }
            assertThat(Simulation.run(seed, world.world(), Simulation.SILENT).problems())
                    .as("seed %d", seed)
                    .isEmpty();
        }
    }

    /// Which allocation fails is all of them in turn; at most the answers of one request fail by
    /// it, and no page is lost.
    @Test
    void whoeverFindsNoMemoryFailsAndNobodyElse() {
        Setup world =
                world().withDrafter(SimDrafter.Kind.RANDOM)
                        .with(new Ask(prompt(40)).withChoices(3).request(0))
                        .with(request(1, prompt(50)))
                        .with(request(2, prompt(3)));
        int allocations = report(world).allocations();
        assertThat(allocations).isGreaterThan(20);
        for (int k = 1; k <= allocations; k++) {
            Setup scarce = world.withModel(new SimModel.Shape(CONTEXT, 16, 8, 0, k));
            Simulation.Report report = Simulation.run(1, scarce.world(), Simulation.SILENT);
            assertThat(report.problems()).as("allocation %d", k).isEmpty();
            assertThat(report.load().failed()).as("allocation %d", k).isLessThanOrEqualTo(1);
        }
    }

    @Test
    void guessesLeaveRoomForPrompts() {
        // Four answers with right guesses could fill a step of 20 tokens.
        SimModel.Shape shape = new SimModel.Shape(CONTEXT, 20, 20, 0, 0);
        Setup world = world().withRunning(5).withModel(shape).withDrafter(SimDrafter.Kind.RIGHT);
        for (int i = 0; i < 4; i++) {
            world = world.with(new Ask(prompt(2)).withMaxTokens(120).request(i));
        }
        Instant late = Instant.EPOCH.plusMillis(40);
        Ask ask = new Ask(prompt(60)).withSubmitted(late).withMaxTokens(1);
        List<String> lines = new ArrayList<>();
        Simulation.run(1, world.with(ask.request(4)).world(), lines::add);
        long first = lines.stream().takeWhile(line -> !line.contains("#4.0=")).count();
        long end = lines.stream().takeWhile(line -> !line.contains("#4.0=LENGTH")).count();
        assertThat(end - first).as("steps of a prompt of 60").isLessThanOrEqualTo(60 / 8 + 1);
    }

    private static void passes(Setup setup) {
        report(setup);
    }

    private static Simulation.Report report(Setup setup) {
        Simulation.Report report = Simulation.run(1, setup.world(), Simulation.SILENT);
        assertThat(report.problems()).isEmpty();
        return report;
    }

    private static Setup world() {
        return new Setup(MODEL, 20, Limits.of(4), SimDrafter.Kind.NONE, List.of());
    }

    /// A world that is being made.
    private record Setup(
            SimModel.Shape model,
            int pages,
            Limits limits,
            SimDrafter.Kind drafter,
            List<SimRequest> requests) {
        Setup withDrafter(SimDrafter.Kind kind) {
            return new Setup(model, pages, limits, kind, requests);
        }

        Setup withModel(SimModel.Shape shape) {
            return new Setup(shape, pages, limits, drafter, requests);
        }

        Setup withRunning(int count) {
            return new Setup(model, pages, Limits.of(count), drafter, requests);
        }

        Setup withAging(Duration time) {
            Limits aging = new Limits(limits.running(), time, limits.stepFactor());
            return new Setup(model, pages, aging, drafter, requests);
        }

        Setup withPages(int count) {
            return new Setup(model, count, limits, drafter, requests);
        }

        Setup with(SimRequest request) {
            List<SimRequest> more = new ArrayList<>(requests);
            more.add(request);
            return new Setup(model, pages, limits, drafter, more);
        }

        SimWorld world() {
            int context = Math.min(CONTEXT, (pages - 1) * 32);
            return new SimWorld(model, pages, context, limits, drafter, requests);
        }
    }

    private static SimRequest request(int number, int[] prompt) {
        return new Ask(prompt).request(number);
    }

    /// A request that is being made.
    private record Ask(
            int[] prompt,
            int choices,
            int maxTokens,
            boolean scored,
            Terms terms,
            Instant submitted,
            Cancel cancel,
            Reader reader,
            Fault fault) {
        Ask(int[] prompt) {
            this(
                    prompt,
                    1,
                    20,
                    false,
                    new Terms("ann", 0, Instant.MAX),
                    Instant.EPOCH,
                    new Cancel(Phase.NONE, Duration.ZERO, 0),
                    Reader.eager(),
                    Fault.none());
        }

        Ask withFault(Place place, int draws) {
            return new Ask(
                    prompt,
                    choices,
                    maxTokens,
                    scored,
                    terms,
                    submitted,
                    cancel,
                    reader,
                    new Fault(place, draws));
        }

        Ask withMaxTokens(int count) {
            return new Ask(prompt, choices, count, scored, terms, submitted, cancel, reader, fault);
        }

        Ask withSubmitted(Instant time) {
            return new Ask(prompt, choices, maxTokens, scored, terms, time, cancel, reader, fault);
        }

        Ask withReader(Reader newReader) {
            return new Ask(
                    prompt, choices, maxTokens, scored, terms, submitted, cancel, newReader, fault);
        }

        Ask withScores() {
            return new Ask(
                    prompt, choices, maxTokens, true, terms, submitted, cancel, reader, fault);
        }

        Ask withChoices(int count) {
            return new Ask(
                    prompt, count, maxTokens, scored, terms, submitted, cancel, reader, fault);
        }

        SimRequest request(int number) {
            return new SimRequest(
                    number, prompt, choices, maxTokens, scored, terms, submitted, cancel, reader,
                    fault);
        }
    }

    private static int[] prompt(int length) {
        int[] tokens = new int[length];
        Arrays.setAll(tokens, i -> 1 + i * i % (SimLogits.POISON - 1));
        return tokens;
    }
}
