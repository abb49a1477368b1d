package autark.chip;

/// How fast a kernel set could multiply if it did nothing else: the limit for reading prompts,
/// where each weight meets many tokens.
public final class MultiplyRate {
    private static final int ROUNDS = 20_000;
    private static final int ITEMS_PER_THREAD = 8;
    private static final int MEASUREMENTS_MIN = 3;
    private static final long DURATION_NANOS = 200_000_000;
    private static final double NANOS_PER_SECOND = 1e9;

    private MultiplyRate() {}

    /// Multiplications of int8 codes with addition a second that the threads of `pool` do together
    /// at best. Takes about a fifth of a second.
    public static double perSecond(Kernels kernels, WorkerPool pool) {
        int items = pool.threadCount() * ITEMS_PER_THREAD;
        long[] counts = new long[items];
        long begin = System.nanoTime();
        double best = 0;
        for (int i = 0; i < MEASUREMENTS_MIN || System.nanoTime() - begin < DURATION_NANOS; i++) {
            long start = System.nanoTime();
            pool.run(items, item -> counts[item] = kernels.multiplyAdds(ROUNDS));
            long nanos = System.nanoTime() - start;
            best = Math.max(best, items * counts[0] * NANOS_PER_SECOND / nanos);
        }
        return best;
    }
}
