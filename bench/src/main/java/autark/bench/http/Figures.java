package autark.bench.http;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// Measured values of any number of threads.
final class Figures {
    private final List<Double> values = Collections.synchronizedList(new ArrayList<>());

    void add(double value) {
        values.add(value);
    }

    int count() {
        return values.size();
    }

    double sum() {
        synchronized (values) {
            return values.stream().mapToDouble(value -> value).sum();
        }
    }

    /// NaN if there is no value.
    double quantile(double share) {
        synchronized (values) {
            List<Double> sorted = values.stream().sorted().toList();
            return sorted.isEmpty() ? Double.NaN : sorted.get((int) (share * (sorted.size() - 1)));
        }
    }
}
