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
import java.util.List;

/// The kernels in plain Java: oracle of the others, and what runs where machine code may not.
public final class ScalarKernels implements Kernels {
    private static final int LANES = 16;

    @Override
    public String name() {
        return "scalar";
    }

    @Override
    public int lanes() {
        return LANES;
    }

    @Override
    public void quantize(Rows x, Int8Rows y, int row) {
        QuantizeInt8Scalar.quantize(x, y, row);
    }

    @Override
    public void matmul(TiledMatrix weights, TileRange tiles, Int8Rows x, Rows y) {
        for (int tile = tiles.first(); tile < tiles.end(); tile++) {
            MatmulInt8Scalar.matmul(weights, tile, x, y);
        }
    }

    @Override
    public void matmul(TiledMatrix weights, TileRange tiles, Rows x, Rows y) {
        for (int tile = tiles.first(); tile < tiles.end(); tile++) {
            MatmulFloatScalar.matmul(weights, tile, x, y);
        }
    }

    @Override
    public void rmsNorm(Rows x, Rows weight, float epsilon, Rows y, int row) {
        RmsNormScalar.rmsNorm(x, weight, epsilon, y, row);
    }

    @Override
    public void rope(Rows x, int row, RopeShape shape, Rows angles) {
        RopeScalar.rope(x, row, shape, angles);
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
        AttentionScalar.attend(shape, q, row, kvHead, blocks, position, o);
    }

    @Override
    public void add(Rows x, Rows y, int row) {
        for (int column = 0; column < x.columns(); column++) {
            x.set(row, column, x.get(row, column) + y.get(row, column));
        }
    }

    @Override
    public void addScaled(Rows x, int row, Rows y, int yRow, float factor) {
        for (int column = 0; column < x.columns(); column++) {
            x.set(row, column, Math.fma(factor, y.get(yRow, column), x.get(row, column)));
        }
    }

    @Override
    public void addBias(Rows x, Rows bias, int row) {
        for (int column = 0; column < x.columns(); column++) {
            x.set(row, column, x.get(row, column) + bias.get(0, column));
        }
    }

    @Override
    public void scale(Rows x, float factor, int row) {
        for (int column = 0; column < x.columns(); column++) {
            x.set(row, column, x.get(row, column) * factor);
        }
    }

    @Override
    public void gate(Activation activation, Rows gate, Rows up, int row) {
        for (int column = 0; column < gate.columns(); column++) {
            float x = gate.get(row, column);
            float activated =
                    switch (activation) {
                        case SILU -> Polynomials.silu(x);
                        case GELU -> Polynomials.gelu(x);
                    };
            gate.set(row, column, activated * up.get(row, column));
        }
    }

    @Override
    public void softcap(Rows x, float cap, int row) {
        SoftcapScalar.softcap(x, row, cap);
    }

    @Override
    public void softmax(Rows x, int row) {
        SoftmaxScalar.softmax(x, row);
    }
}
