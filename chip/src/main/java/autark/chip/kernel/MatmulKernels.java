package autark.chip.kernel;

import autark.chip.Int8Rows;
import autark.chip.Rows;
import autark.chip.TileRange;
import autark.chip.quant.QuantType;
import autark.chip.quant.TiledMatrix;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/// Calls the assembled matrix products, one call for as many tokens as a [VectorMachine.Blocking]
/// says, and one more for a tile that is left over where tiles are taken in pairs. A kernel is
/// assembled when it is first needed.
///
/// A few tokens need weights nearly as fast as memory brings them. So they take turns on a piece of
/// a few tiles, which stays in the cache, and meanwhile ask for the next piece. Many tokens go
/// through all tiles, a few of them after the other: what weights cost is nothing then, and
/// activations are read less often.
final class MatmulKernels {
    /// Bounds of the table of kernels.
    private static final int TILES_MAX = 2;

    private static final int TOKENS_MAX = 16;

    /// Most calls that take turns on a piece.
    private static final int PASSES_MAX = 8;

    private static final int FORMS = TILES_MAX * TOKENS_MAX * (PASSES_MAX + 1);

    /// Activations that stay in the cache beside two pieces of weights.
    private static final long ACTIVATION_BYTES_MAX = 512 << 10;

    private final InstructionSet instructionSet;
    private final CodeSpace space;
    private final int lanes;
    private final int panelRows;
    private final int floatTokensMax;

    private final Map<QuantType, VectorMachine.Blocking> blocking = new EnumMap<>(QuantType.class);

    private final AtomicReferenceArray<@Nullable MemorySegment> kernels;
    private @Nullable MemorySegment limit;

    MatmulKernels(InstructionSet instructionSet, CodeSpace space) {
        VectorMachine machine = instructionSet.machine();
        this.instructionSet = instructionSet;
        this.space = space;
        this.lanes = machine.lanes();
        this.panelRows = machine.panelRows();
        for (QuantType type : QuantType.values()) {
            VectorMachine.Blocking at = machine.blocking(type);
            Shapes.multiple("rows of a panel", panelRows, at.tokens());
            blocking.put(type, at);
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

    private VectorMachine.Blocking blockingOf(QuantType type) {
        return Objects.requireNonNull(blocking.get(type));
    }

    void matmul(TiledMatrix weights, TileRange tiles, Int8Rows x, Rows y) {
        check(weights, tiles, x.rows(), y);
        refuse(weights.type().isFloat(), weights, "quantized");
        if (x.panelRows() != panelRows || x.columns() != weights.columns()) {
            throw new IllegalArgumentException(
                    "found activations of %d columns in panels of %d, expected %d and %d"
                            .formatted(x.columns(), x.panelRows(), weights.columns(), panelRows));
        }
        VectorMachine.Blocking at = blockingOf(weights.type());
        int passes = Math.ceilDiv(x.rows(), at.tokens());
        boolean inTurns =
                x.rows() > 1
                        && passes <= PASSES_MAX
                        && x.rows() * Int8Rows.rowBytes(x.columns()) <= ACTIVATION_BYTES_MAX;
        try {
            if (inTurns) {
                for (int tile = tiles.first(); tile < tiles.end(); tile += at.tiles()) {
                    int end = Math.min(tile + at.tiles(), tiles.end());
                    multiply(weights, new TileRange(tile, end), end - tile, passes, x, y);
                }
            } else {
                // One token is read as fast as the weights come: best in one stream.
                int together = x.rows() == 1 ? 1 : at.tiles();
                int whole = tiles.first() + tiles.count() / together * together;
                multiply(weights, new TileRange(tiles.first(), whole), together, 0, x, y);
                multiply(weights, new TileRange(whole, tiles.end()), 1, 0, x, y);
            }
        } finally {
            Reference.reachabilityFence(weights);
            Reference.reachabilityFence(x);
            Reference.reachabilityFence(y);
        }
    }

    /// All tokens with some tiles, a call for as many as registers hold.
    ///
    /// @param together tiles that the kernel takes at once
    /// @param passes as in [MatmulInt8Code.Form]
    private void multiply(
            TiledMatrix weights, TileRange tiles, int together, int passes, Int8Rows x, Rows y) {
        if (tiles.count() == 0) {
            return;
        }
        int tokensMax = blockingOf(weights.type()).tokens();
        long ahead = weights.data().address() + tiles.end() * weights.tileBytes();
        for (int row = 0; row < x.rows(); row += tokensMax) {
            int tokens = Math.min(tokensMax, x.rows() - row);
            var form = new MatmulInt8Code.Form(weights.type(), together, tokens, passes);
            space.call(
                    kernel(form),
                    tileAddress(weights, tiles),
                    tiles.count() / together | 4L * y.stride() << 32,
                    x.data().address() + x.groupOffset(row, 0),
                    y.data().address() + y.offset(row, tiles.first() * lanes),
                    weights.blockCount() | x.groupStride(row) << 32,
                    ahead);
            if (passes > 0) {
                ahead += weights.blockCount() * form.askedBytes(lanes);
            }
        }
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
                        kernel(new MatmulInt8Code.Form(weights.type(), 1, tokens, 0)),
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
    private MemorySegment kernel(MatmulInt8Code.Form form) {
        int tiles = form.type().ordinal() * TILES_MAX + form.tiles() - 1;
        int tokens = tiles * TOKENS_MAX + form.tokens() - 1;
        int index = tokens * (PASSES_MAX + 1) + form.passes();
        MemorySegment kernel = kernels.get(index);
        return kernel == null ? assemble(form, index) : kernel;
    }

    private synchronized MemorySegment assemble(MatmulInt8Code.Form form, int index) {
        MemorySegment known = kernels.get(index);
        if (known != null) {
            return known;
        }
        VectorMachine machine = instructionSet.machine();
        MemorySegment kernel =
                space.seal(
                        form.type().isFloat()
                                ? MatmulFloatCode.emit(machine, form.type(), form.tokens())
                                : MatmulInt8Code.emit(machine, form));
        kernels.set(index, kernel);
        return kernel;
    }
}
