package autark.engine.schedule;

import autark.engine.schedule.SimRequest.Cancel;
import autark.engine.schedule.SimRequest.Fault;
import autark.engine.schedule.SimRequest.Phase;
import autark.engine.schedule.SimRequest.Place;
import autark.engine.schedule.SimRequest.Reader;
import autark.model.KvLayout;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/// What a seed makes: a machine, and requests that come to it.
///
/// @param pageCount pages of the pool
/// @param contextLength most tokens of prompt and answer
record SimWorld(
        SimModel.Shape model,
        int pageCount,
        int contextLength,
        Limits limits,
        SimDrafter.Kind drafter,
        List<SimRequest> requests) {
    private static final int[] EDGES = {1, 2, 3, 31, 32, 33, 34, 63, 64, 65, 96, 97};
    private static final String[] TENANTS = {"ann", "bob", "cyd", ""};

    static SimWorld of(long seed) {
        return new Maker(new SplittableRandom(seed)).world();
    }

    @Override
    public String toString() {
        return "context %d, %d pages, steps of %d tokens and %d outputs, %d running, aging %s, %s guesses, hiccups %s, shortage %d, %d requests"
                .formatted(
                        contextLength,
                        pageCount,
                        model.maxStepTokens(),
                        model.maxStepOutputs(),
                        limits.running(),
                        limits.aging(),
                        drafter,
                        model.hiccups(),
                        model.shortage(),
                        requests.size());
    }

    private static final class Maker {
        private final SplittableRandom random;
        private final int context;
        private final int tenantCount;
        private final int spread;
        private final double trouble;
        private final int[][] families;

        Maker(SplittableRandom random) {
            this.random = random;
            this.context = random.nextInt(48, 200);
            this.tenantCount = random.nextInt(1, TENANTS.length + 1);
            this.spread = random.nextInt(2000);
            this.trouble = random.nextInt(3) == 0 ? 0 : random.nextDouble(0.5);
            this.families = new int[random.nextInt(1, 5)][];
            Arrays.setAll(families, i -> family());
        }

        /// What several prompts begin with; some repeat themselves.
        private int[] family() {
            int period = random.nextInt(3) == 0 ? random.nextInt(1, 12) : context;
            int[] tokens = tokens(context);
            Arrays.setAll(tokens, i -> tokens[i % period]);
            return tokens;
        }

        /// Tokens that can be read.
        private int[] tokens(int count) {
            return random.ints(count, 1, SimLogits.POISON).toArray();
        }

        SimWorld world() {
            int running = random.nextInt(1, 9);
            int outputs = running + random.nextInt(12);
            int stepTokens = outputs + random.nextInt(48);
            int whole = KvLayout.pages(context) + 1;
            int pages =
                    switch (random.nextInt(3)) {
                        case 0 -> whole;
                        case 1 -> whole + random.nextInt(whole);
                        default -> 5 * whole;
                    };
            double hiccups = random.nextInt(6) == 0 ? random.nextDouble(0.05) : 0;
            int shortage = random.nextInt(6) == 0 ? random.nextInt(1, 50) : 0;
            Duration aging = Duration.ofMillis(random.nextInt(1, 1000));
            double factor = random.nextDouble(1, 3);
            List<SimRequest> requests = new ArrayList<>();
            int count = random.nextInt(1, 33);
            for (int i = 0; i < count; i++) {
                requests.add(request(i));
            }
            SimDrafter.Kind[] kinds = SimDrafter.Kind.values();
            return new SimWorld(
                    new SimModel.Shape(context, stepTokens, outputs, hiccups, shortage),
                    pages,
                    context,
                    new Limits(running, aging, factor),
                    kinds[random.nextInt(kinds.length)],
                    requests);
        }

        private SimRequest request(int number) {
            int[] prompt = prompt();
            int most = context - prompt.length;
            boolean unlimited = random.nextInt(4) == 0;
            int maxTokens = unlimited ? most : random.nextInt(1, most + 1);
            if (random.nextDouble() < trouble / 8) {
                prompt[random.nextInt(prompt.length)] = SimLogits.POISON;
            }
            Instant submitted = Instant.EPOCH.plusMillis(spread == 0 ? 0 : random.nextInt(spread));
            boolean hurried = random.nextDouble() < trouble / 3;
            Terms terms =
                    new Terms(
                            TENANTS[random.nextInt(tenantCount)],
                            random.nextInt(3) == 0 ? random.nextInt(-2, 3) : 0,
                            hurried ? submitted.plusMillis(random.nextInt(1, 2000)) : Instant.MAX);
            int choices = random.nextInt(4) == 0 ? random.nextInt(2, 6) : 1;
            boolean throwing = random.nextDouble() < trouble / 6;
            return new SimRequest(
                    number,
                    prompt,
                    choices,
                    maxTokens,
                    random.nextInt(12) == 0,
                    terms,
                    submitted,
                    cancel(),
                    reader(),
                    throwing ? fault() : Fault.none());
        }

        private Fault fault() {
            Place[] places = Place.values();
            return new Fault(places[random.nextInt(places.length)], random.nextInt(10));
        }

        private int[] prompt() {
            int most = context - 1;
            int length =
                    switch (random.nextInt(4)) {
                        case 0 -> Math.min(most, EDGES[random.nextInt(EDGES.length)]);
                        case 1 -> most - random.nextInt(4);
                        default -> random.nextInt(1, most + 1);
                    };
            int[] prompt = tokens(length);
            int shared =
                    switch (random.nextInt(3)) {
                        case 0 -> 0;
                        case 1 -> length;
                        default -> random.nextInt(length + 1);
                    };
            System.arraycopy(families[random.nextInt(families.length)], 0, prompt, 0, shared);
            return prompt;
        }

        private Cancel cancel() {
            Phase[] phases = Phase.values();
            boolean cancels = random.nextDouble() < trouble;
            Phase phase = cancels ? phases[random.nextInt(phases.length)] : Phase.NONE;
            return new Cancel(
                    phase, Duration.ofMillis(random.nextInt(1, 2000)), random.nextInt(1, 12));
        }

        private Reader reader() {
            if (random.nextDouble() >= trouble) {
                return Reader.eager();
            }
            boolean forgotten = random.nextInt(4) == 0;
            return new Reader(
                    random.nextDouble(0.5),
                    Duration.ofMillis(random.nextInt(1, 500)),
                    forgotten ? random.nextInt(1, 20) : SimRequest.NEVER);
        }
    }
}
