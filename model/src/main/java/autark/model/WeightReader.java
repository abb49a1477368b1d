package autark.model;

import autark.chip.Kernels;
import autark.chip.LargeMemory;
import autark.chip.Rows;
import autark.chip.TileRange;
import autark.chip.WorkerPool;
import autark.chip.quant.Dequantizer;
import autark.chip.quant.QuantType;
import autark.chip.quant.TiledMatrix;
import autark.model.file.Gguf;
import autark.model.file.ModelFormatException;
import autark.model.file.TensorInfo;
import autark.model.layer.Linear;
import autark.model.layer.RmsNorm;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashSet;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;

/// Reads tensors by name, checks their shapes and repacks them into memory that we own. Tensors
/// that nobody asked for are refused at the end: a weight that changes the forward pass must not be
/// lost.
final class WeightReader {
    private static final Rows NO_ROWS = new Rows(0, 0, MemorySegment.NULL);

    /// What a thread reads of a file before it repacks it: it fits in the cache.
    private static final long STAGING_BYTES = 256 << 10;

    private final Gguf file;
    private final Kernels kernels;
    private final WorkerPool pool;
    private final LargeMemory memory;
    private final Queue<MemorySegment> staging = new ConcurrentLinkedQueue<>();
    private final Set<String> read = new HashSet<>();
    private final LowRankReader lowRanks;
    private long allocatedBytes;

    /// @param memory where the weights go
    WeightReader(Gguf file, Adapter adapter, Kernels kernels, WorkerPool pool, LargeMemory memory) {
        this.file = file;
        this.kernels = kernels;
        this.pool = pool;
        this.memory = memory;
        this.lowRanks = new LowRankReader(adapter, kernels, this::allocate);
    }

    boolean has(String name) {
        return file.tensor(name).isPresent();
    }

    /// The projection `NAME.weight`, with `NAME.bias` if there is one.
    Linear linear(String name, int columns, int rows) {
        return linear(name, columns, rows, 0, rows);
    }

    /// Rows `first` to below `first + count` of a projection of `rows` rows.
    Linear linear(String name, int columns, int rows, int first, int count) {
        TiledMatrix weight = matrix(name + ".weight", columns, rows, first, count);
        float[] bias = optionalVector(name + ".bias", rows);
        return new Linear(
                weight,
                bias.length == 0
                        ? NO_ROWS
                        : row(java.util.Arrays.copyOfRange(bias, first, first + count)),
                lowRanks.read(name + ".weight", first, count));
    }

    private TiledMatrix matrix(String name, int columns, long rows, long first, int count) {
        TensorInfo tensor = tensor(name);
        if (tensor.columns() != columns || tensor.rows() != rows) {
            throw new ModelFormatException(
                    "tensor %s: found shape %s, expected %d columns and %d rows"
                            .formatted(name, tensor.shapeText(), columns, rows));
        }
        QuantType type = tensor.type();
        int lanes = kernels.lanes();
        long bytes = TiledMatrix.bytes(type, count, columns, lanes);
        TiledMatrix matrix = new TiledMatrix(type, count, columns, lanes, allocate(bytes));
        long rowBytes = type.bytes(columns);
        long offset = Math.multiplyExact(first, rowBytes);
        int together = Math.clamp(STAGING_BYTES / (lanes * rowBytes), 1, matrix.tileCount());
        pool.run(
                Math.ceilDiv(matrix.tileCount(), together),
                item -> {
                    int firstTile = item * together;
                    int end = Math.min(matrix.tileCount(), firstTile + together);
                    pack(tensor, matrix, offset, new TileRange(firstTile, end));
                });
        return matrix;
    }

    /// @param offset byte offset of the first row of the matrix in the tensor
    private void pack(TensorInfo tensor, TiledMatrix matrix, long offset, TileRange tiles) {
        long rowBytes = matrix.type().bytes(matrix.columns());
        long tileBytes = matrix.lanes() * rowBytes;
        int lastTile = tiles.end() - 1;
        long bytes = (tiles.count() - 1) * tileBytes + matrix.tileRows(lastTile) * rowBytes;
        MemorySegment buffer = stagingOf(tiles.count() * tileBytes);
        file.read(tensor, offset + tiles.first() * tileBytes, buffer.asSlice(0, bytes));
        for (int tile = tiles.first(); tile < tiles.end(); tile++) {
            long start = (tile - tiles.first()) * tileBytes;
            kernels.pack(matrix, tile, buffer.asSlice(start, matrix.tileRows(tile) * rowBytes));
        }
        staging.add(buffer);
    }

    private MemorySegment stagingOf(long bytes) {
        MemorySegment buffer = staging.poll();
        return buffer == null || buffer.byteSize() < bytes
                ? Arena.ofAuto()
                        .allocate(Math.max(bytes, STAGING_BYTES), Rows.PADDING * Float.BYTES)
                : buffer;
    }

    /// Expert `expert` of a stack of projections.
    Linear expert(String name, int columns, int rows, int expertCount, int expert) {
        long first = (long) expert * rows;
        long allRows = (long) expertCount * rows;
        String tensor = name + ".weight";
        return new Linear(
                matrix(tensor, columns, allRows, first, rows),
                NO_ROWS,
                lowRanks.read(Adapter.expert(tensor, expert), 0, rows));
    }

    RmsNorm norm(String name, int width, float epsilon) {
        return new RmsNorm(row(vector(name, width)), epsilon);
    }

    /// The norm, or an absent one if the file has no such tensor.
    RmsNorm optionalNorm(String name, int width, float epsilon) {
        return has(name) ? norm(name, width, epsilon) : new RmsNorm(NO_ROWS, epsilon);
    }

    private float[] vector(String name, int width) {
        TensorInfo tensor = tensor(name);
        if (tensor.columns() != width || tensor.rows() != 1) {
            throw new ModelFormatException(
                    "tensor %s: found shape %s, expected %d values"
                            .formatted(name, tensor.shapeText(), width));
        }
        float[] values = new float[width];
        Dequantizer.dequantize(tensor.type(), file.data(tensor), 0, width, values);
        return values;
    }

    /// The values, or none if the file has no such tensor.
    float[] optionalVector(String name, int width) {
        return has(name) ? vector(name, width) : new float[0];
    }

    private Rows row(float[] values) {
        Rows row = new Rows(1, values.length, allocate(Rows.bytes(1, values.length)));
        row.setRow(0, values);
        return row;
    }

    private MemorySegment allocate(long bytes) {
        allocatedBytes += bytes;
        return memory.allocate(bytes);
    }

    /// Bytes of all weights so far.
    long allocatedBytes() {
        return allocatedBytes;
    }

    private TensorInfo tensor(String name) {
        read.add(name);
        return file.tensor(name)
                .orElseThrow(() ->
                        new ModelFormatException(
                                "tensor %s is missing; the file has %d tensors"
                                        .formatted(name, file.tensors().size())));
    }

    /// @throws ModelFormatException if a tensor was not read
    void refuseUnread(String architecture) {
        for (TensorInfo tensor : file.tensors()) {
            if (!read.contains(tensor.name())) {
                throw new ModelFormatException(
                        "tensor %s (%s): found a tensor that Autark does not know for %s and cannot honour"
                                .formatted(tensor.name(), tensor.shapeText(), architecture));
            }
        }
    }
}
