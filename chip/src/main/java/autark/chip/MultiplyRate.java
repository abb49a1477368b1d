package autark.chip;

import autark.chip.quant.QuantType;
import autark.chip.quant.TiledMatrix;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// How fast a kernel set multiplies: the limit for reading prompts, where each weight meets many
/// tokens.
public final class MultiplyRate {
    /// The type that most models come in.
    private static final QuantType TYPE = QuantType.Q4_0;

    private static final int COLUMNS = 1024;

    /// Weights and activations of so many rows and tokens stay in the caches next to a core.
    private static final int ROWS = 512;

    private static final int TOKENS = 128;
    private static final int ROUNDS_MIN = 3;
    private static final long DURATION_NANOS = 400_000_000;
    private static final double NANOS_PER_SECOND = 1e9;

    private MultiplyRate() {}

    /// Multiplications with addition a second that the threads of `pool` do together at best, in
    /// products of 4-bit weights and int8 activations. Takes about half a second.
    public static double perSecond(Kernels kernels, WorkerPool pool) {
        try (Arena arena = Arena.ofShared()) {
            TiledMatrix weights = weights(kernels, arena);
            Int8Rows x = activations(kernels, arena);
            Rows y = new Rows(TOKENS, ROWS, arena.allocate(Rows.bytes(TOKENS, ROWS), 64));
            long begin = System.nanoTime();
            long best = Long.MAX_VALUE;
            for (int round = 0;
                    round < ROUNDS_MIN || System.nanoTime() - begin < DURATION_NANOS;
                    round++) {
                long start = System.nanoTime();
                pool.run(
                        weights.tileCount(),
                        tile -> kernels.matmul(weights, new TileRange(tile, tile + 1), x, y));
                best = Math.min(best, System.nanoTime() - start);
            }
            return NANOS_PER_SECOND * ROWS * COLUMNS * TOKENS / best;
        }
    }

    /// The time does not depend on the values, so the codes are zeros.
    private static TiledMatrix weights(Kernels kernels, Arena arena) {
        long bytes = TiledMatrix.bytes(TYPE, ROWS, COLUMNS, kernels.lanes());
        return new TiledMatrix(TYPE, ROWS, COLUMNS, kernels.lanes(), arena.allocate(bytes, 64));
    }

    private static Int8Rows activations(Kernels kernels, Arena arena) {
        Rows x = new Rows(TOKENS, COLUMNS, arena.allocate(Rows.bytes(TOKENS, COLUMNS), 64));
        MemorySegment data = arena.allocate(TOKENS * Int8Rows.rowBytes(COLUMNS), 64);
        Int8Rows codes = new Int8Rows(TOKENS, COLUMNS, kernels.panelRows(), data);
        for (int row = 0; row < TOKENS; row++) {
            kernels.quantize(x, codes, row);
        }
        return codes;
    }
}
