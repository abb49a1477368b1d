package autark.chip.kernel;

import autark.chip.Int8Rows;
import autark.chip.Rows;
import autark.chip.TileRange;
import autark.chip.os.CodeCall;
import autark.chip.os.ExecutableMemory;
import autark.chip.quant.QuantType;
import autark.chip.quant.TiledMatrix;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Reference;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Calls the assembled matrix products: splits tokens into panels that fit the registers, and gives
/// a last tile that is not full its own output, so that kernels always write whole vectors.
final class MatmulKernels {
    private final InstructionSet instructionSet;
    private final int lanes;
    private final MemorySegment constants;
    private final Map<QuantType, MemorySegment[]> kernels = new ConcurrentHashMap<>();

    /// @param constants the bytes of [KernelConstants]
    MatmulKernels(InstructionSet instructionSet, MemorySegment constants) {
        this.instructionSet = instructionSet;
        this.lanes = instructionSet.machine().lanes();
        this.constants = constants;
    }

    int lanes() {
        return lanes;
    }

    /// What a kernel reads of its activations.
    private record Input(MemorySegment data, int rows, long rowBytes) {}

    void matmul(TiledMatrix weights, TileRange tiles, Int8Rows x, Rows y) {
        Input input = new Input(x.data(), x.rows(), Int8Rows.rowBytes(x.columns()));
        matmul(weights, tiles, input, y);
    }

    void matmul(TiledMatrix weights, TileRange tiles, Rows x, Rows y) {
        matmul(weights, tiles, new Input(x.data(), x.rows(), 4L * x.stride()), y);
    }

    private void matmul(TiledMatrix weights, TileRange tiles, Input x, Rows y) {
        check(weights, tiles, x, y);
        int fullTiles = weights.rows() / lanes;
        int fullEnd = Math.min(tiles.end(), fullTiles);
        try {
            if (tiles.first() < fullEnd) {
                long output = y.data().address() + y.offset(0, tiles.first() * lanes);
                run(weights, new TileRange(tiles.first(), fullEnd), x, output, 4L * y.stride());
            }
            if (tiles.end() > fullTiles) {
                lastTile(weights, fullTiles, x, y);
            }
        } finally {
            Reference.reachabilityFence(weights);
            Reference.reachabilityFence(x);
            Reference.reachabilityFence(y);
        }
    }

    private void check(TiledMatrix weights, TileRange tiles, Input x, Rows y) {
        boolean tilesFit = tiles.first() >= 0 && tiles.end() <= weights.tileCount();
        boolean shapesFit = y.rows() == x.rows() && y.columns() == weights.rows();
        if (weights.lanes() != lanes || !tilesFit || !shapesFit) {
            throw new IllegalArgumentException(
                    "found "
                            + tiles
                            + (" of " + weights.type() + " with " + weights.lanes() + " lanes")
                            + (" and an output of " + y.rows() + " x " + y.columns())
                            + (" for " + x.rows() + " rows"));
        }
    }

    private void lastTile(TiledMatrix weights, int tile, Input x, Rows y) {
        int count = weights.rows() - tile * lanes;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment whole = arena.allocate(4L * lanes * x.rows(), 64);
            run(weights, new TileRange(tile, tile + 1), x, whole.address(), 4L * lanes);
            for (int row = 0; row < x.rows(); row++) {
                long from = 4L * lanes * row;
                MemorySegment.copy(whole, from, y.data(), y.offset(row, tile * lanes), 4L * count);
            }
        }
    }

    private void run(
            TiledMatrix weights, TileRange tiles, Input x, long output, long outputStride) {
        MemorySegment[] kernelOfTokens = kernels.computeIfAbsent(weights.type(), this::assemble);
        int tokensMax = kernelOfTokens.length - 1;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment arguments = arena.allocate(MatmulInt8Code.ARGUMENT_BYTES, 8);
            for (int first = 0; first < x.rows(); first += tokensMax) {
                int tokens = Math.min(tokensMax, x.rows() - first);
                long tileAddress = weights.data().address() + tiles.first() * weights.tileBytes();
                set(arguments, MatmulInt8Code.TILES, tileAddress);
                set(arguments, MatmulInt8Code.TILE_COUNT, tiles.count());
                set(arguments, MatmulInt8Code.X, x.data().address() + first * x.rowBytes());
                set(arguments, MatmulInt8Code.X_STRIDE, x.rowBytes());
                set(arguments, MatmulInt8Code.Y, output + first * outputStride);
                set(arguments, MatmulInt8Code.Y_STRIDE, outputStride);
                set(arguments, MatmulInt8Code.BLOCK_COUNT, weights.blockCount());
                set(arguments, MatmulInt8Code.CONSTANTS, constants.address());
                CodeCall.call(kernelOfTokens[tokens], arguments);
            }
        }
    }

    private static void set(MemorySegment arguments, int offset, long value) {
        arguments.set(ValueLayout.JAVA_LONG, offset, value);
    }

    /// Kernels of a type by their number of tokens; index 0 is not used.
    private MemorySegment[] assemble(QuantType type) {
        boolean isFloat = type.isFloat();
        VectorMachine limits = instructionSet.machine();
        int tokensMax =
                isFloat
                        ? MatmulFloatCode.tokensMax(limits)
                        : MatmulInt8Code.tokensMax(limits, type);
        MemorySegment[] result = new MemorySegment[tokensMax + 1];
        result[0] = MemorySegment.NULL;
        for (int tokens = 1; tokens <= tokensMax; tokens++) {
            VectorMachine machine = instructionSet.machine();
            result[tokens] =
                    ExecutableMemory.seal(
                            isFloat
                                    ? MatmulFloatCode.emit(machine, type, tokens)
                                    : MatmulInt8Code.emit(machine, type, tokens));
        }
        return result;
    }
}
