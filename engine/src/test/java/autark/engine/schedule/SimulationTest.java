package autark.engine.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import autark.engine.cache.PrefixName;
import autark.engine.schedule.SimRequest.Cancel;
import autark.engine.schedule.SimRequest.Fault;
import autark.engine.schedule.SimRequest.Phase;
import autark.engine.schedule.SimRequest.Reader;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// Storms of requests; `bench/simulate` runs more of them.
final class SimulationTest {
    private static final int STORMS = 200;
    private static final int CONTEXT = 128;

    @Test
    void everyStormPasses() {
        long preemptions = 0;
        long accepted = 0;
        for (long seed = 0; seed < STORMS; seed++) {
            Simulation.Report report = Simulation.run(seed);
            assertThat(report.problems())
                    .as("seed %d; bench/simulate 1 %d tells more", seed, seed)
                    .isEmpty();
            preemptions += report.load().preemptions();
            accepted += report.load().acceptedTokens();
        }
        assertThat(preemptions).as("storms are storms").isGreaterThan(1000);
        assertThat(accepted).as("guesses are made").isGreaterThan(1000);
    }

    /// Pages whose names collide, all of them or one in four, never give a foreign page.
    @Test
    void namesThatCollideChangeNoAnswer() {
        PrefixName one = new PrefixName("one");
        for (long seed = 0; seed < STORMS / 4; seed++) {
            assertThat(Simulation.runNamed(seed, _ -> one).problems())
                    .as("seed %d", seed)
                    .isEmpty();
            assertThat(Simulation.runNamed(seed, SimulationTest::oneOfFour).problems())
                    .as("seed %d", seed)
                    .isEmpty();
        }
    }

    private static PrefixName oneOfFour(List<byte[]> fields) {
        PrefixName name = PrefixName.sha256(fields);
        return name.hex().charAt(0) < '4' ? new PrefixName("one") : name;
    }

    @Test
    void aStormGoesTheSameWayAgain() {
        List<String> first = new ArrayList<>();
        List<String> again = new ArrayList<>();
        Simulation.run(3, first::add);
        Simulation.run(3, again::add);
        assertThat(first).hasSizeGreaterThan(20).isEqualTo(again);
    }

    /// Tenants who always want something get equal parts of what is computed, however long their
    /// requests are and however many they send.
    @Test
    void tenantsWithWorkGetEqualShares() {
        for (long seed = 0; seed < 10; seed++) {
            double[] shares = shares(new SplittableRandom(seed));
            double least = Arrays.stream(shares).min().orElseThrow();
            double most = Arrays.stream(shares).max().orElseThrow();
            assertThat(most / least)
                    .as("seed %d: %s", seed, Arrays.toString(shares))
                    .isLessThan(1.35);
        }
    }

    /// Tokens of three tenants until the first of them has nothing left.
    private static double[] shares(SplittableRandom random) {
        String[] tenants = {"ann", "bob", "cyd"};
        int[] lengths = {20, 60, 100};
        int[] counts = {300, 100, 60};
        SimClock clock = new SimClock();
        SimModel model =
                new SimModel(new SimModel.Shape(CONTEXT, 32, 16, 0, 0), clock, random.split());
        List<List<SimAnswer>> answers = new ArrayList<>();
        try (Machine machine = new Machine(model, clock)) {
            for (int i = 0; i < tenants.length; i++) {
                List<SimAnswer> mine = new ArrayList<>();
                for (int j = 0; j < counts[i]; j++) {
                    int[] prompt =
                            random.ints(random.nextInt(1, lengths[i]), 1, SimLogits.POISON)
                                    .toArray();
                    SimRequest request = request(1000 * i + j, prompt, tenants[i]);
                    mine.add(new SimAnswer(request, 0, CONTEXT, clock, random.split()));
                }
                mine.forEach(answer -> machine.scheduler.submit(answer.task));
                answers.add(mine);
            }
            while (answers.stream().noneMatch(mine -> mine.stream().allMatch(SimAnswer::ended))) {
                machine.scheduler.step();
            }
        }
        return answers.stream().mapToDouble(SimulationTest::computed).toArray();
    }

    private static double computed(List<SimAnswer> answers) {
        return answers.stream()
                .filter(SimAnswer::ended)
                .mapToDouble(answer -> answer.request.prompt().length + answer.drawnCount())
                .sum();
    }

    private static SimRequest request(int number, int[] prompt, String tenant) {
        return new SimRequest(
                number,
                prompt,
                1,
                20,
                false,
                new Terms(tenant, 0, Instant.MAX),
                Instant.EPOCH,
                new Cancel(Phase.NONE, Duration.ZERO, 0),
                Reader.eager(),
                Fault.none());
    }
}
