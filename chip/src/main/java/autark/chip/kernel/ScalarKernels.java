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
    public int panelRows() {
        return LANES;
    }

    @Override
    public long multiplyAdds(int rounds) {
        Codes codes = new Codes();
        long done = 0;
        for (int round = 0; round < rounds; round++) {
            codes.add();
            done += Codes.COUNT;
        }
        return done;
    }

    /// A loop that the JVM turns into vector instructions, as it does that of the products.
    private static final class Codes {
        static final int COUNT = 512;

        private final float[] sums = new float[COUNT];
        private final float[] activations = new float[COUNT];

        void add() {
            for (int i = 0; i < COUNT; i++) {
                sums[i] = Math.fma(3f, activations[i], sums[i]);
            }
        }
    }

    @Override
    public void pack(TiledMatrix matrix, int tile, MemorySegment stored) {
        matrix.pack(tile, stored);
    }

    @Override
    public void dequantize(TiledMatrix matrix, int row, Rows x, int xRow) {
        float[] values = new float[matrix.columns()];
        matrix.row(row, values);
        x.setRow(xRow, values);
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
    public void rope(Rows x, int row, RopeShape shape, Rows factors) {
        RopeScalar.rope(x, row, shape, factors);
    }

    @Override
    public void store(Rows k, Rows v, int row, KvLayer layer, int position) {
        KvStoreScalar.store(k, v, row, layer, position);
    }

    @Override
    public void attend(
            AttentionShape shape,
            Rows q,
            RowRange rows,
            int kvHead,
            KvLayer layer,
            int position,
            Rows o) {
        for (int i = 0; i < rows.count(); i++) {
            AttentionScalar.attend(shape, q, rows.first() + i, kvHead, layer, position + i, o);
        }
    }

    @Override
    public void add(Rows x, Rows y, int row) {
        x.setRow(row, sum(x.row(row), y.row(row)));
    }

    @Override
    public void addBias(Rows x, Rows bias, int row) {
        x.setRow(row, sum(x.row(row), bias.row(0)));
    }

    private static float[] sum(float[] x, float[] y) {
        for (int column = 0; column < x.length; column++) {
            x[column] += y[column];
        }
        return x;
    }

    @Override
    public void addScaled(Rows x, int row, Rows y, int yRow, float factor) {
        float[] sums = x.row(row);
        float[] values = y.row(yRow);
        for (int column = 0; column < sums.length; column++) {
            sums[column] = Math.fma(factor, values[column], sums[column]);
        }
        x.setRow(row, sums);
    }

    @Override
    public void scale(Rows x, float factor, int row) {
        float[] values = x.row(row);
        for (int column = 0; column < values.length; column++) {
            values[column] *= factor;
        }
        x.setRow(row, values);
    }

    @Override
    public void gate(Activation activation, Rows gate, Rows up, int row) {
        float[] gates = gate.row(row);
        float[] factors = up.row(row);
        for (int column = 0; column < gates.length; column++) {
            float activated =
                    switch (activation) {
                        case SILU -> Polynomials.silu(gates[column]);
                        case GELU -> Polynomials.gelu(gates[column]);
                    };
            gates[column] = activated * factors[column];
        }
        gate.setRow(row, gates);
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
