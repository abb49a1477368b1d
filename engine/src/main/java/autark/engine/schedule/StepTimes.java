package autark.engine.schedule;

import java.time.Duration;

/// How long steps take by the number of their tokens, as measured; it decides how much of a prompt
/// is read beside answers that are being written, and whether guessing pays.
///
/// Counts are put into classes two of which span a doubling. What was not measured is taken to grow
/// in proportion from the next smaller class that was.
final class StepTimes {
    private static final int CLASS_COUNT = 32;

    /// Part of a new measurement in the mean.
    private static final double NEW = 0.2;

    private final double[] seconds = new double[CLASS_COUNT];
    private final double[] tokens = new double[CLASS_COUNT];

    void add(int tokenCount, Duration time) {
        double measured = time.toNanos() / 1e9;
        int index = classOf(tokenCount);
        if (seconds[index] == 0) {
            seconds[index] = measured;
            tokens[index] = tokenCount;
        } else {
            seconds[index] += NEW * (measured - seconds[index]);
            tokens[index] += NEW * (tokenCount - tokens[index]);
        }
    }

    /// Seconds of a step of so many tokens, 0 if nothing is known.
    double seconds(int tokenCount) {
        int index = classOf(tokenCount);
        while (index > 0 && seconds[index] == 0) {
            index--;
        }
        if (seconds[index] == 0) {
            return 0;
        }
        return seconds[index] * Math.max(1, tokenCount / tokens[index]);
    }

    /// Whether a step of about so many tokens was measured.
    boolean known(int tokenCount) {
        return seconds[classOf(tokenCount)] > 0;
    }

    /// The most tokens, from `least` to `most`, whose step takes at most `factor` times as long as
    /// one of `tokenCount`.
    int within(double factor, int tokenCount, int least, int most) {
        double limit = factor * seconds(tokenCount);
        if (limit == 0) {
            return least;
        }
        int low = least;
        int high = most;
        while (low < high) {
            int middle = (low + high + 1) / 2;
            if (seconds(middle) <= limit) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    private static int classOf(int tokenCount) {
        int log = 31 - Integer.numberOfLeadingZeros(Math.max(1, tokenCount));
        boolean upper = log > 0 && (tokenCount >>> (log - 1) & 1) != 0;
        return Math.min(CLASS_COUNT - 1, 2 * log + (upper ? 1 : 0));
    }
}
