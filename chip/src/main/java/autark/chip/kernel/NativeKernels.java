package autark.chip.kernel;

import autark.chip.Activation;
import autark.chip.AttentionShape;
import autark.chip.Int8Rows;
import autark.chip.Kernels;
import autark.chip.KvLayer;
import autark.chip.RopeShape;
import autark.chip.RowRange;
import autark.chip.Rows;
import autark.chip.TileRange;
import autark.chip.quant.TiledMatrix;
import java.lang.foreign.MemorySegment;
import java.util.Locale;

/// Kernels assembled for the instruction set at hand. Shapes that do not fill whole vectors, which
/// only odd models have, take the scalar path.
public final class NativeKernels implements Kernels {
    private final InstructionSet instructionSet;
    private final MatmulKernels matmul;
    private final TileKernels tiles;
    private final RowKernels rows;
    private final AttentionKernels attention;
    private final Kernels scalar = new ScalarKernels();

    public NativeKernels(InstructionSet instructionSet) {
        this(instructionSet, CodeSpace.PROCESS);
    }

    NativeKernels(InstructionSet instructionSet, CodeSpace space) {
        this.instructionSet = instructionSet;
        this.matmul = new MatmulKernels(instructionSet, space);
        this.tiles = new TileKernels(instructionSet, space);
        this.rows = new RowKernels(instructionSet, space);
        this.attention = new AttentionKernels(instructionSet, space);
    }

    @Override
    public String name() {
        return instructionSet.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public int lanes() {
        return matmul.lanes();
    }

    @Override
    public int panelRows() {
        return matmul.panelRows();
    }

    @Override
    public long multiplyAdds(int rounds) {
        return matmul.multiplyAdds(rounds);
    }

    @Override
    public void pack(TiledMatrix matrix, int tile, MemorySegment stored) {
        tiles.pack(matrix, tile, stored);
    }

    @Override
    public void dequantize(TiledMatrix matrix, int row, Rows x, int xRow) {
        tiles.dequantize(matrix, row, x, xRow);
    }

    @Override
    public void quantize(Rows x, Int8Rows y, int row) {
        rows.quantize(x, y, row);
    }

    @Override
    public void matmul(TiledMatrix weights, TileRange range, Int8Rows x, Rows y) {
        matmul.matmul(weights, range, x, y);
    }

    @Override
    public void matmul(TiledMatrix weights, TileRange range, Rows x, Rows y) {
        matmul.matmul(weights, range, x, y);
    }

    @Override
    public void rmsNorm(Rows x, Rows weight, float epsilon, Rows y, int row) {
        if (RowKernels.covers(weight.columns())) {
            rows.rmsNorm(x, weight, epsilon, y, row);
        } else {
            scalar.rmsNorm(x, weight, epsilon, y, row);
        }
    }

    @Override
    public void rope(Rows x, int row, RopeShape shape, Rows factors) {
        if (rows.covers(shape)) {
            rows.rope(x, row, shape, factors);
        } else {
            scalar.rope(x, row, shape, factors);
        }
    }

    @Override
    public void store(Rows k, Rows v, int row, KvLayer layer, int position) {
        if (attention.covers(layer.shape())) {
            attention.store(k, v, row, layer, position);
        } else {
            scalar.store(k, v, row, layer, position);
        }
    }

    @Override
    public void attend(
            AttentionShape shape,
            Rows q,
            RowRange range,
            int kvHead,
            KvLayer layer,
            int position,
            Rows o) {
        if (attention.covers(layer.shape())) {
            attention.attend(shape, q, range, kvHead, layer, position, o);
        } else {
            scalar.attend(shape, q, range, kvHead, layer, position, o);
        }
    }

    @Override
    public void add(Rows x, Rows y, int row) {
        rows.add(x, row, y, row);
    }

    @Override
    public void addScaled(Rows x, int row, Rows y, int yRow, float factor) {
        rows.addScaled(x, row, y, yRow, factor);
    }

    @Override
    public void addBias(Rows x, Rows bias, int row) {
        rows.add(x, row, bias, 0);
    }

    @Override
    public void scale(Rows x, float factor, int row) {
        rows.scale(x, factor, row);
    }

    @Override
    public void gate(Activation activation, Rows gate, Rows up, int row) {
        rows.gate(activation, gate, up, row);
    }

    @Override
    public void softcap(Rows x, float cap, int row) {
        rows.softcap(x, cap, row);
    }

    @Override
    public void softmax(Rows x, int row) {
        if (RowKernels.covers(x.columns())) {
            rows.softmax(x, row);
        } else {
            scalar.softmax(x, row);
        }
    }
}
