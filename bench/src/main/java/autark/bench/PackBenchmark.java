package autark.bench;

import autark.chip.Chip;
import autark.chip.Kernels;
import autark.chip.quant.QuantType;
import autark.chip.quant.TiledMatrix;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/// Stored rows repacked into tiles on one thread, as when a model is loaded. The counter
/// `storedBytes` is the number to look at; it is per nanosecond, hence in GB/s.
@State(Scope.Thread)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class PackBenchmark {
    private static final int ROWS = 1024;
    private static final int COLUMNS = 2048;

    /// Bytes repacked, for a rate beside the score.
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.OPERATIONS)
    public static class Work {
        public long storedBytes;
    }

    @Param QuantType type = QuantType.Q4_0;

    private final Arena arena = Arena.ofShared();
    private final Kernels kernels = Chip.current().kernels();
    private TiledMatrix matrix = matrix(QuantType.F32);
    private MemorySegment stored = MemorySegment.NULL;

    @Setup
    public void setUp() {
        matrix = matrix(type);
        stored = arena.allocate(ROWS * type.bytes(COLUMNS), 64);
    }

    @TearDown
    public void tearDown() {
        arena.close();
    }

    @Benchmark
    public TiledMatrix pack(Work work) {
        long rowBytes = type.bytes(COLUMNS);
        long tileBytes = kernels.lanes() * rowBytes;
        for (int tile = 0; tile < matrix.tileCount(); tile++) {
            long bytes = matrix.tileRows(tile) * rowBytes;
            kernels.pack(matrix, tile, stored.asSlice(tile * tileBytes, bytes));
        }
        work.storedBytes += stored.byteSize();
        return matrix;
    }

    private TiledMatrix matrix(QuantType type) {
        int lanes = kernels.lanes();
        long bytes = TiledMatrix.bytes(type, ROWS, COLUMNS, lanes);
        return new TiledMatrix(type, ROWS, COLUMNS, lanes, arena.allocate(bytes, 64));
    }
}
