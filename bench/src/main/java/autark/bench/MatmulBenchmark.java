package autark.bench;

import autark.chip.Chip;
import autark.chip.Int8Rows;
import autark.chip.Kernels;
import autark.chip.Rows;
import autark.chip.TileRange;
import autark.chip.quant.QuantType;
import autark.chip.quant.TiledMatrix;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/// A weight matrix times the activations of some tokens, on one thread: one token is decode, many
/// are prefill. The counter `multiplyAdds` is the number to look at; it is per nanosecond.
@State(Scope.Thread)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class MatmulBenchmark {
    private static final int ROWS = 256;
    private static final int COLUMNS = 2048;
    private static final long SEED = 1;

    /// Multiply-adds done, for a rate beside the score.
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.OPERATIONS)
    public static class Work {
        public long multiplyAdds;
    }

    @Param QuantType type = QuantType.Q4_0;

    @Param({"1", "64"})
    int tokenCount;

    private final Arena arena = Arena.ofShared();
    private final Kernels kernels = Chip.current().kernels();
    private TiledMatrix weights = matrix(QuantType.F32);
    private Rows x = rows(0, COLUMNS);
    private Int8Rows xInt8 = int8Rows(0);
    private Rows y = rows(0, ROWS);

    @Setup
    public void setUp() {
        weights = matrix(type);
        x = rows(tokenCount, COLUMNS);
        xInt8 = int8Rows(tokenCount);
        y = rows(tokenCount, ROWS);
        fillWithHalves(weights.data());
        fillWithHalves(x.data());
        for (int row = 0; row < tokenCount; row++) {
            kernels.quantize(x, xInt8, row);
        }
    }

    @TearDown
    public void tearDown() {
        arena.close();
    }

    @Benchmark
    public Rows matmul(Work work) {
        TileRange tiles = new TileRange(0, weights.tileCount());
        if (type.blockElements() > 1) {
            kernels.matmul(weights, tiles, xInt8, y);
        } else {
            kernels.matmul(weights, tiles, x, y);
        }
        work.multiplyAdds += (long) ROWS * COLUMNS * tokenCount;
        return y;
    }

    private TiledMatrix matrix(QuantType type) {
        int lanes = kernels.lanes();
        long bytes = TiledMatrix.bytes(type, ROWS, COLUMNS, lanes);
        return new TiledMatrix(type, ROWS, COLUMNS, lanes, arena.allocate(bytes, 64));
    }

    private Rows rows(int rows, int columns) {
        return new Rows(rows, columns, arena.allocate(Rows.bytes(rows, columns), 64));
    }

    private Int8Rows int8Rows(int rows) {
        return new Int8Rows(
                rows,
                COLUMNS,
                kernels.panelRows(),
                arena.allocate(rows * Int8Rows.rowBytes(COLUMNS), 64));
    }

    /// Small finite numbers, however a type reads them: no NaN and nearly no denormals, which some
    /// chips treat slowly.
    private static void fillWithHalves(MemorySegment data) {
        SplittableRandom random = new SplittableRandom(SEED);
        for (long offset = 0; offset + 2 <= data.byteSize(); offset += 2) {
            short half = Float.floatToFloat16((float) random.nextDouble(-0.5, 0.5));
            data.set(ValueLayout.JAVA_SHORT_UNALIGNED, offset, half);
        }
    }
}
