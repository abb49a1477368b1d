package autark.bench.http;

import autark.server.access.Books;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import tools.jackson.databind.json.JsonMapper;

/// Whether the time of an answer tells what another tenant has asked: one tenant asks half of some
/// prompts, another one asks all of them. The area under the curve (AUC) of guessing from the time
/// is 0.5 if nothing is told, 1 if all is. To see that the times could tell, the first tenant then
/// asks as well, of whom they do.
final class PrefixTiming {
    private static final int[] WORDS = {8, 32, 128, 512};
    private static final double AUC_MAX = 0.55;

    private PrefixTiming() {}

    private record Probe(String prompt, boolean asked) {}

    static void run(Path root, Path data, String model, int count, long seed)
            throws IOException, InterruptedException {
        Random random = new Random(seed);
        boolean told = false;
        try (Served served = Served.start(root, data, List.of("-m", model))) {
            String victim = key(data, "victim");
            String attacker = key(data, "attacker");
            for (int words : WORDS) {
                List<Probe> probes = new ArrayList<>();
                for (int i = 0; i < 2 * count; i++) {
                    probes.add(new Probe(prompt(random, words), i < count));
                }
                Collections.shuffle(probes, random);
                for (Probe probe : probes) {
                    if (probe.asked()) {
                        seconds(served, model, probe.prompt(), victim);
                    }
                }
                double foreign = auc(served, model, probes, attacker);
                double own = auc(served, model, probes, victim);
                System.out.printf(
                        "%d words, 2 x %d probes: AUC %.3f for another tenant, %.3f for the same%n",
                        words, count, foreign, own);
                told |= foreign > AUC_MAX;
            }
        }
        if (told) {
            System.exit(1);
        }
    }

    private static String key(Path data, String name) {
        return Books.ask(
                        data,
                        JsonMapper.shared()
                                .readTree(
                                        "{\"do\": \"create-key\", \"name\": \"%s\"}"
                                                .formatted(name)),
                        Clock.systemUTC())
                .get("token")
                .stringValue();
    }

    private static String prompt(Random random, int words) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < words; i++) {
            text.append(Integer.toString(random.nextInt(36 * 36), 36)).append(' ');
        }
        return text.toString();
    }

    private static double seconds(Served served, String model, String prompt, String key)
            throws IOException {
        String body =
                "{\"model\": \"%s\", \"prompt\": \"%s\", \"max_tokens\": 1}"
                        .formatted(model, prompt);
        Wire.Answer answer = Wire.postAs(served.address(), "/v1/completions", body, key);
        if (answer.status() != Wire.OK) {
            throw new IOException("found status " + answer.status() + ": " + answer.body());
        }
        return answer.seconds();
    }

    /// Probability that a prompt which was asked before is answered faster than one which was not.
    private static double auc(Served served, String model, List<Probe> probes, String key)
            throws IOException {
        List<Double> asked = new ArrayList<>();
        List<Double> fresh = new ArrayList<>();
        for (Probe probe : probes) {
            double seconds = seconds(served, model, probe.prompt(), key);
            (probe.asked() ? asked : fresh).add(seconds);
        }
        long faster = 0;
        for (double one : asked) {
            faster += fresh.stream().filter(other -> one < other).count();
        }
        return (double) faster / ((long) asked.size() * fresh.size());
    }
}
