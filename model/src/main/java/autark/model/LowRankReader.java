package autark.model;

import autark.chip.Kernels;
import autark.chip.Rows;
import autark.chip.quant.TiledMatrix;
import autark.model.file.TensorFile;
import autark.model.file.TensorInfo;
import autark.model.layer.LowRank;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntToLongFunction;
import java.util.function.LongFunction;

/// Reads the pairs of an adapter and repacks them as the weights of the base model are. A
/// projection that the loader splits shares A.
final class LowRankReader {
    private final Adapter adapter;
    private final Kernels kernels;
    private final LongFunction<MemorySegment> memory;
    private final Map<String, TiledMatrix> shared = new HashMap<>();

    /// @param memory where the weights go
    LowRankReader(Adapter adapter, Kernels kernels, LongFunction<MemorySegment> memory) {
        this.adapter = adapter;
        this.kernels = kernels;
        this.memory = memory;
    }

    /// What the adapter adds to rows `first` to below `first + count` of a projection.
    ///
    /// @param target as in [Adapter#pair]
    Optional<LowRank> read(String target, int first, int count) {
        return adapter.pair(target).map(pair -> read(target, pair, first, count));
    }

    private LowRank read(String target, AdapterPair pair, int first, int count) {
        TiledMatrix a =
                shared.computeIfAbsent(
                        target,
                        _ ->
                                matrix(
                                        pair.a(),
                                        pair.rank(),
                                        kernels.lanes(),
                                        row -> pair.firstRowOfA() + row));
        int together = pair.headDim() == 0 ? kernels.lanes() : 1;
        TiledMatrix b = matrix(pair.b(), count, together, row -> pair.rowOfB(first + row));
        return new LowRank(a, b, pair.scale());
    }

    /// @param together rows that stand one behind the other in the tensor, at most a tile
    /// @param stored where a row of the matrix stands in the tensor
    private TiledMatrix matrix(
            TensorInfo tensor, int rows, int together, IntToLongFunction stored) {
        TensorFile file = adapter.file();
        int columns = (int) tensor.columns();
        int lanes = kernels.lanes();
        long rowBytes = tensor.type().bytes(columns);
        TiledMatrix matrix =
                new TiledMatrix(
                        tensor.type(),
                        rows,
                        columns,
                        lanes,
                        memory.apply(TiledMatrix.bytes(tensor.type(), rows, columns, lanes)));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer =
                    arena.allocate(lanes * rowBytes, (long) Rows.PADDING * Float.BYTES);
            for (int tile = 0; tile < matrix.tileCount(); tile++) {
                int tileRows = matrix.tileRows(tile);
                for (int lane = 0; lane < tileRows; lane += together) {
                    long bytes = Math.min(together, tileRows - lane) * rowBytes;
                    long row = stored.applyAsLong(tile * lanes + lane);
                    file.read(tensor, row * rowBytes, buffer.asSlice(lane * rowBytes, bytes));
                }
                kernels.pack(matrix, tile, buffer.asSlice(0, tileRows * rowBytes));
            }
        }
        return matrix;
    }
}
