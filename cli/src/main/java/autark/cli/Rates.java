package autark.cli;

import autark.engine.Json;
import java.time.Duration;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// Rates of repetitions, a second.
record Rates(double median, double least, double most) {
    private static final double NANOS_PER_SECOND = 1e9;

    /// @param count what each of the times was taken for
    static Rates of(long count, List<Duration> times) {
        double[] rates =
                times.stream()
                        .mapToDouble(time -> count * NANOS_PER_SECOND / time.toNanos())
                        .sorted()
                        .toArray();
        return new Rates(median(rates), rates[0], rates[rates.length - 1]);
    }

    private static double median(double[] sorted) {
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    ObjectNode json() {
        return Json.mapper()
                .createObjectNode()
                .put("median", median)
                .put("min", least)
                .put("max", most);
    }
}
