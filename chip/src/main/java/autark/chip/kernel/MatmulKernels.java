package autark.chip.kernel;

import autark.chip.Int8Rows;
import autark.chip.RowRange;
import autark.chip.Rows;
import autark.chip.TileRange;
import autark.chip.quant.QuantType;
import autark.chip.quant.TiledMatrix;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/// Calls the assembled matrix products, one call for as many tokens as a [VectorMachine.Blocking]
/// says, and one more for a tile that is left over where tiles are taken in pairs. A kernel is
/// assembled when a type and a number of tokens first need it.
final class MatmulKernels {
    /// Bounds of the table of kernels.
    private static final int TILES_MAX = 2;

    private static final int TOKENS_MAX = 16;
    private static final int FORMS = TILES_MAX * TOKENS_MAX;

    private final InstructionSet instructionSet;
    private final CodeSpace space;
    private final int lanes;
    private final int panelRows;
    private final int floatTokensMax;

    /// By the ordinal of the type.
    private final List<VectorMachine.Blocking> blocking;

    private final AtomicReferenceArray<@Nullable MemorySegment> kernels;
    private @Nullable MemorySegment limit;

    MatmulKernels(InstructionSet instructionSet, CodeSpace space) {
        VectorMachine machine = instructionSet.machine();
        this.instructionSet = instructionSet;
        this.space = space;
        this.lanes = machine.lanes();
        this.panelRows = machine.panelRows();
        this.blocking = Arrays.stream(QuantType.values()).map(machine::blocking).toList();
        for (VectorMachine.Blocking at : blocking) {
            Shapes.multiple("rows of a panel", panelRows, at.tokens());
        }
        this.floatTokensMax = MatmulFloatCode.tokensMax(machine);
        this.kernels = new AtomicReferenceArray<>(QuantType.values().length * FORMS);
    }

    int lanes() {
        return lanes;
    }

    /// Rows of a panel of activations.
    int panelRows() {
        return panelRows;
    }

    /// Runs [LimitCode].
    ///
    /// @return the multiplications that it did
    long multiplyAdds(int rounds) {
        space.call(limit(), rounds, 0, 0, 0, 0, 0);
        return rounds * LimitCode.multiplyAdds(instructionSet.machine());
    }

    private synchronized MemorySegment limit() {
        MemorySegment known = limit;
        if (known == null) {
            known = space.seal(LimitCode.emit(instructionSet.machine()));
            limit = known;
        }
        return known;
    }

    @SuppressWarnings("EnumOrdinal") // an index into a list, kept nowhere else
    void matmul(TiledMatrix weights, TileRange tiles, Int8Rows x, Rows y) {
        check(weights, tiles, x.rows(), y);
        refuse(weights.type().isFloat(), weights, "quantized");
        if (x.panelRows() != panelRows || x.columns() != weights.columns()) {
            throw new IllegalArgumentException(
                    "found activations of %d columns in panels of %d, expected %d and %d"
                            .formatted(x.columns(), x.panelRows(), weights.columns(), panelRows));
        }
        VectorMachine.Blocking at = blocking.get(weights.type().ordinal());
        // One token is read as fast as the weights come: best in one stream, tile after tile.
        int together = x.rows() == 1 ? 1 : at.tiles();
        int whole = tiles.count() - tiles.count() % together;
        TileRange wholes = new TileRange(tiles.first(), tiles.first() + whole);
        TileRange rest = new TileRange(wholes.end(), tiles.end());
        try {
            for (int row = 0; row < x.rows(); row += at.tokens()) {
                int tokens = Math.min(at.tokens(), x.rows() - row);
                if (wholes.count() > 0) {
                    multiply(weights, wholes, together, x, new RowRange(row, row + tokens), y);
                }
                if (rest.count() > 0) {
                    multiply(weights, rest, 1, x, new RowRange(row, row + tokens), y);
                }
            }
        } finally {
            Reference.reachabilityFence(weights);
            Reference.reachabilityFence(x);
            Reference.reachabilityFence(y);
        }
    }

    /// @param together tiles that the kernel takes at once
    /// @param rows of `x` and `y`, all of one panel
    private void multiply(
            TiledMatrix weights, TileRange tiles, int together, Int8Rows x, RowRange rows, Rows y) {
        space.call(
                kernel(weights.type(), together, rows.count()),
                tileAddress(weights, tiles),
                tiles.count() / together,
                x.data().address() + x.groupOffset(rows.first(), 0),
                y.data().address() + y.offset(rows.first(), tiles.first() * lanes),
                weights.blockCount() | x.groupStride(rows.first()) << 32,
                4L * y.stride());
    }

    void matmul(TiledMatrix weights, TileRange tiles, Rows x, Rows y) {
        check(weights, tiles, x.rows(), y);
        refuse(!weights.type().isFloat(), weights, "32-bit");
        Shapes.same("columns", x.columns(), weights.columns());
        long strides = 4L * x.stride() | 4L * y.stride() << 32;
        try {
            for (int first = 0; first < x.rows(); first += floatTokensMax) {
                int tokens = Math.min(floatTokensMax, x.rows() - first);
                space.call(
                        kernel(weights.type(), 1, tokens),
                        tileAddress(weights, tiles),
                        tiles.count(),
                        x.data().address() + x.offset(first, 0),
                        y.data().address() + y.offset(first, tiles.first() * lanes),
                        weights.columns(),
                        strides);
            }
        } finally {
            Reference.reachabilityFence(weights);
            Reference.reachabilityFence(x);
            Reference.reachabilityFence(y);
        }
    }

    private static long tileAddress(TiledMatrix weights, TileRange tiles) {
        return weights.data().address() + tiles.first() * weights.tileBytes();
    }

    private static void refuse(boolean wrong, TiledMatrix weights, String activations) {
        if (wrong) {
            throw new IllegalArgumentException(
                    "found %s weights with %s activations".formatted(weights.type(), activations));
        }
    }

    private void check(TiledMatrix weights, TileRange tiles, int rows, Rows y) {
        boolean tilesFit =
                tiles.first() >= 0 && tiles.count() > 0 && tiles.end() <= weights.tileCount();
        boolean shapesFit = y.rows() == rows && y.columns() == weights.rows();
        if (weights.lanes() != lanes || !tilesFit || !shapesFit) {
            throw new IllegalArgumentException(
                    "found "
                            + tiles
                            + (" of " + weights.type() + " with " + weights.lanes() + " lanes")
                            + (" and an output of " + y.rows() + " x " + y.columns())
                            + (" for " + rows + " rows"));
        }
    }

    @SuppressWarnings("EnumOrdinal") // an index into an array, kept nowhere else
    private MemorySegment kernel(QuantType type, int together, int tokens) {
        int index = (type.ordinal() * TILES_MAX + together - 1) * TOKENS_MAX + tokens - 1;
        MemorySegment kernel = kernels.get(index);
        return kernel == null ? assemble(type, together, tokens, index) : kernel;
    }

    private synchronized MemorySegment assemble(
            QuantType type, int together, int tokens, int index) {
        MemorySegment known = kernels.get(index);
        if (known != null) {
            return known;
        }
        VectorMachine machine = instructionSet.machine();
        MemorySegment kernel =
                space.seal(
                        type.isFloat()
                                ? MatmulFloatCode.emit(machine, type, tokens)
                                : MatmulInt8Code.emit(machine, type, together, tokens));
        kernels.set(index, kernel);
        return kernel;
    }
}
