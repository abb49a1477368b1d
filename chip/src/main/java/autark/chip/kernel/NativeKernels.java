package autark.chip.kernel;

import autark.chip.Activation;
import autark.chip.AttentionShape;
import autark.chip.Int8Rows;
import autark.chip.Kernels;
import autark.chip.KvBlock;
import autark.chip.RopeShape;
import autark.chip.Rows;
import autark.chip.TileRange;
import autark.chip.quant.TiledMatrix;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Locale;

/// Kernels assembled for the instruction set at hand. Matrix products and attention are machine
/// code; the operations on single rows, and attention with capped scores or odd widths, are the
/// scalar ones.
public final class NativeKernels implements Kernels {
    private final InstructionSet instructionSet;
    private final MatmulKernels matmul;
    private final AttentionKernels attention;
    private final Kernels scalar = new ScalarKernels();

    public NativeKernels(InstructionSet instructionSet) {
        this.instructionSet = instructionSet;
        MemorySegment constants = KernelConstants.segment();
        this.matmul = new MatmulKernels(instructionSet, constants);
        this.attention = new AttentionKernels(instructionSet, constants);
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
    public void quantize(Rows x, Int8Rows y, int row) {
        scalar.quantize(x, y, row);
    }

    @Override
    public void matmul(TiledMatrix weights, TileRange tiles, Int8Rows x, Rows y) {
        matmul.matmul(weights, tiles, x, y);
    }

    @Override
    public void matmul(TiledMatrix weights, TileRange tiles, Rows x, Rows y) {
        matmul.matmul(weights, tiles, x, y);
    }

    @Override
    public void rmsNorm(Rows x, Rows weight, float epsilon, Rows y, int row) {
        scalar.rmsNorm(x, weight, epsilon, y, row);
    }

    @Override
    public void rope(Rows x, int row, RopeShape shape, Rows angles) {
        scalar.rope(x, row, shape, angles);
    }

    @Override
    public void attend(
            AttentionShape shape,
            Rows q,
            int row,
            int kvHead,
            List<KvBlock> blocks,
            int position,
            Rows o) {
        if (attention.covers(shape)) {
            attention.attend(shape, q, row, kvHead, blocks, position, o);
        } else {
            scalar.attend(shape, q, row, kvHead, blocks, position, o);
        }
    }

    @Override
    public void add(Rows x, Rows y, int row) {
        scalar.add(x, y, row);
    }

    @Override
    public void addScaled(Rows x, int row, Rows y, int yRow, float factor) {
        scalar.addScaled(x, row, y, yRow, factor);
    }

    @Override
    public void addBias(Rows x, Rows bias, int row) {
        scalar.addBias(x, bias, row);
    }

    @Override
    public void scale(Rows x, float factor, int row) {
        scalar.scale(x, factor, row);
    }

    @Override
    public void gate(Activation activation, Rows gate, Rows up, int row) {
        scalar.gate(activation, gate, up, row);
    }

    @Override
    public void softcap(Rows x, float cap, int row) {
        scalar.softcap(x, cap, row);
    }

    @Override
    public void softmax(Rows x, int row) {
        scalar.softmax(x, row);
    }
}
