package autark.engine.sample;

/// Sums of doubles in one order for ever: eight lanes, then the lanes in pairs. A compiler can add
/// the lanes at once; it cannot change the order.
final class Sums {
    private static final int LANES = 8;

    private Sums() {}

    /// The sum of the elements from `start` to `end`.
    static double of(double[] a, int start, int end) {
        double s0 = 0;
        double s1 = 0;
        double s2 = 0;
        double s3 = 0;
        double s4 = 0;
        double s5 = 0;
        double s6 = 0;
        double s7 = 0;
        int i = start;
        for (; i <= end - LANES; i += LANES) {
            s0 += a[i];
            s1 += a[i + 1];
            s2 += a[i + 2];
            s3 += a[i + 3];
            s4 += a[i + 4];
            s5 += a[i + 5];
            s6 += a[i + 6];
            s7 += a[i + 7];
        }
        for (; i < end; i++) {
            s0 += a[i];
        }
        return ((s0 + s1) + (s2 + s3)) + ((s4 + s5) + (s6 + s7));
    }
}
