package autark.chip.kernel;

import autark.chip.Rows;
import autark.chip.quant.QuantType;
import autark.chip.quant.TiledMatrix;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.util.EnumMap;
import java.util.Map;

/// Calls the assembled kernels that fill tiles and read single rows of them.
final class TileKernels {
    private final InstructionSet instructionSet;
    private final int lanes;
    private final CodeSpace space;
    private final Map<QuantType, MemorySegment> packing = new EnumMap<>(QuantType.class);
    private final Map<QuantType, MemorySegment> dequantizing = new EnumMap<>(QuantType.class);

    TileKernels(InstructionSet instructionSet, CodeSpace space) {
        this.instructionSet = instructionSet;
        this.lanes = instructionSet.machine().lanes();
        this.space = space;
    }

    void pack(TiledMatrix matrix, int tile, MemorySegment stored) {
        Shapes.same("rows of a tile", matrix.lanes(), lanes);
        Shapes.index(tile, matrix.tileCount());
        int rows = matrix.tileRows(tile);
        long rowBytes = matrix.type().bytes(matrix.columns());
        if (stored.byteSize() < rows * rowBytes) {
            throw new IllegalArgumentException(
                    "found %d stored bytes, expected %d"
                            .formatted(stored.byteSize(), rows * rowBytes));
        }
        try {
            space.call(
                    packing(matrix.type()),
                    stored.address(),
                    matrix.data().address() + tile * matrix.tileBytes(),
                    rows,
                    matrix.blockCount(),
                    rowBytes,
                    0);
        } finally {
            Reference.reachabilityFence(stored);
            Reference.reachabilityFence(matrix);
        }
    }

    void dequantize(TiledMatrix matrix, int row, Rows x, int xRow) {
        Shapes.same("rows of a tile", matrix.lanes(), lanes);
        Shapes.same("columns", x.columns(), matrix.columns());
        Shapes.index(row, matrix.rows());
        Shapes.index(xRow, x.rows());
        int tile = row / matrix.lanes();
        try {
            space.call(
                    dequantizing(matrix.type()),
                    matrix.data().address() + tile * matrix.tileBytes(),
                    (long) Float.BYTES * (row % matrix.lanes()),
                    x.data().address() + x.offset(xRow, 0),
                    matrix.blockCount(),
                    0,
                    0);
        } finally {
            Reference.reachabilityFence(matrix);
            Reference.reachabilityFence(x);
        }
    }

    private synchronized MemorySegment packing(QuantType type) {
        return packing.computeIfAbsent(
                type, key -> space.seal(PackCode.emit(instructionSet.machine(), key)));
    }

    private synchronized MemorySegment dequantizing(QuantType type) {
        return dequantizing.computeIfAbsent(
                type, key -> space.seal(DequantizeCode.emit(instructionSet.machine(), key)));
    }
}
