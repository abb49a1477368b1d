package autark.server.observe;

/// How often a quantity was in each of some ranges, and its sum.
final class Histogram {
    private final double[] bounds;
    private final long[] counts;
    private double sum;

    /// @param bounds upper ends of the ranges, rising; above the last is one more range
    Histogram(double... bounds) {
        this.bounds = bounds.clone();
        this.counts = new long[bounds.length + 1];
    }

    /// The same value so many times.
    synchronized void add(double value, long times) {
        int range = 0;
        while (range < bounds.length && value > bounds[range]) {
            range++;
        }
        counts[range] += times;
        sum += value * times;
    }

    synchronized void write(Exposition out, String name, Labels labels) {
        long count = 0;
        for (int range = 0; range < bounds.length; range++) {
            count += counts[range];
            out.sample(name + "_bucket", labels.and("le", number(bounds[range])), count);
        }
        count += counts[bounds.length];
        out.sample(name + "_bucket", labels.and("le", "+Inf"), count);
        out.sample(name + "_sum", labels, sum);
        out.sample(name + "_count", labels, count);
    }

    private static String number(double bound) {
        return bound == Math.rint(bound) ? Long.toString((long) bound) : Double.toString(bound);
    }
}
