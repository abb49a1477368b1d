package autark.bench.http;

import autark.server.access.Books;
import autark.server.http.ApiException;
import autark.server.http.Gate;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.SplittableRandom;
import tools.jackson.databind.json.JsonMapper;

/// Whether the time in which a key is refused tells how much of it was right: keys whose secret is
/// right but for its last digits against keys whose secret is made up, in an order that chance
/// makes, by Welch's t-test. Beyond 4.5 the two are told apart.
final class KeyTiming {
    private static final double TOLD_APART = 4.5;
    private static final int WARM_UP = 200_000;
    private static final int TOKENS = 4096;
    private static final int LAST_DIGITS = 4;

    /// Times beyond this are those of something else: a collection of garbage, another process.
    private static final long NANOS_MAX = 100_000;

    private KeyTiming() {}

    static void run(Path data, int tries, long seed) {
        try (Books books = Books.open(data, Books.Reach.THIS_MACHINE, Clock.systemUTC())) {
            books.listen();
            String token =
                    Books.ask(
                                    data,
                                    JsonMapper.shared()
                                            .readTree("{\"do\": \"create-key\", \"name\": \"a\"}"),
                                    Clock.systemUTC())
                            .get("token")
                            .stringValue();
            Gate gate = books.gate();
            SplittableRandom random = new SplittableRandom(seed);
            Moments near = new Moments();
            Moments far = new Moments();
            int secret = token.lastIndexOf('-') + 1;
            String[] almostRight = wrong(token, token.length() - LAST_DIGITS, random);
            String[] madeUp = wrong(token, secret, random);
            for (int i = -WARM_UP; i < tries; i++) {
                boolean almost = random.nextBoolean();
                int which = random.nextInt(TOKENS);
                long nanos = refusal(gate, almost ? almostRight[which] : madeUp[which]);
                if (i >= 0 && nanos < NANOS_MAX) {
                    (almost ? near : far).add((double) nanos);
                }
            }
            double t =
                    (near.mean() - far.mean())
                            / Math.sqrt(near.meanVariance() + far.meanVariance());
            System.out.printf(
                    "%d refusals: %.1f ns where all but the last digits were right, %.1f ns where"
                            + " nothing was; Welch's t %.2f, told apart beyond %.1f (seed %d)%n",
                    tries, near.mean(), far.mean(), t, TOLD_APART, seed);
            if (Math.abs(t) > TOLD_APART) {
                System.exit(1);
            }
        }
    }

    private static long refusal(Gate gate, String token) {
        Optional<String> key = Optional.of(token);
        long begin = System.nanoTime();
        try {
            gate.admit(key);
            throw new IllegalStateException("a wrong key was let in");
        } catch (ApiException e) {
            return System.nanoTime() - begin;
        }
    }

    /// Tokens that are right up to a place and chance from there on. They are made before the clock
    /// runs, all in the same way.
    private static String[] wrong(String token, int right, SplittableRandom random) {
        String[] wrong = new String[TOKENS];
        for (int i = 0; i < TOKENS; i++) {
            do {
                char[] digits = token.toCharArray();
                for (int at = right; at < digits.length; at++) {
                    digits[at] = Character.forDigit(random.nextInt(16), 16);
                }
                wrong[i] = new String(digits);
            } while (wrong[i].equals(token));
        }
        return wrong;
    }

    private static final class Moments {
        private double count;
        private double sum;
        private double squares;

        void add(double value) {
            count++;
            sum += value;
            squares += value * value;
        }

        double mean() {
            return sum / count;
        }

        /// The variance of the mean.
        double meanVariance() {
            return (squares - sum * sum / count) / (count - 1) / count;
        }
    }
}
