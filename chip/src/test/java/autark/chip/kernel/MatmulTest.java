package autark.chip.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import autark.chip.Int8Rows;
import autark.chip.Kernels;
import autark.chip.Rows;
import autark.chip.TileRange;
import autark.chip.quant.QuantType;
import autark.chip.quant.TiledMatrix;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MatmulTest {
    private static final int ROWS = 37;
    private static final int COLUMNS = 512;

    private final Kernels kernels = new ScalarKernels();

    private float[][] product(TiledMatrix weights, Rows x) {
        Rows y = RandomWeights.rows(x.rows(), weights.rows());
        boolean integer = weights.type().blockElements() > 1;
        Int8Rows codes = integer ? RandomWeights.quantized(kernels, x) : null;
        TileRange tiles = new TileRange(0, weights.tileCount());
        if (codes == null) {
            kernels.matmul(weights, tiles, x, y);
        } else {
            kernels.matmul(weights, tiles, codes, y);
        }
        return RandomWeights.toArray(y);
    }

    @ParameterizedTest
    @EnumSource
    void equalsTheProductOfTheDequantisedOperands(QuantType type) {
        SplittableRandom random = new SplittableRandom(type.ggufId());
        MemorySegment stored = RandomWeights.stored(type, ROWS, COLUMNS, random);
        TiledMatrix weights = RandomWeights.tiled(type, ROWS, COLUMNS, 16, stored);
        Rows x = RandomWeights.randomRows(11, COLUMNS, random);
        float[][] found = product(weights, x);
        boolean integer = type.blockElements() > 1;
        float[][] inputs =
                integer
                        ? dequantized(RandomWeights.quantized(kernels, x))
                        : RandomWeights.toArray(x);
        float[] row = new float[COLUMNS];
        for (int r = 0; r < ROWS; r++) {
            weights.row(r, row);
            for (int t = 0; t < x.rows(); t++) {
                double expected = 0;
                double magnitude = 0;
                for (int column = 0; column < COLUMNS; column++) {
                    double product = (double) row[column] * inputs[t][column];
                    expected += product;
                    magnitude += Math.abs(product);
                }
                assertThat((double) found[t][r]).isCloseTo(expected, within(1e-5 * magnitude));
            }
        }
    }

    private static float[][] dequantized(Int8Rows codes) {
        float[][] result = new float[codes.rows()][codes.columns()];
        for (int row = 0; row < codes.rows(); row++) {
            for (int column = 0; column < codes.columns(); column++) {
                long offset = codes.groupOffset(row, column / 32) + column % 32;
                int code = codes.data().get(ValueLayout.JAVA_BYTE, offset);
                result[row][column] = code * codes.scale(row, column / Int8Rows.GROUP_ELEMENTS);
            }
        }
        return result;
    }

    @ParameterizedTest
    @EnumSource
    void aTokenHasTheSameBitsAloneAndAmongOthers(QuantType type) {
        SplittableRandom random = new SplittableRandom(100 + type.ggufId());
        MemorySegment stored = RandomWeights.stored(type, ROWS, COLUMNS, random);
        TiledMatrix weights = RandomWeights.tiled(type, ROWS, COLUMNS, 16, stored);
        Rows x = RandomWeights.randomRows(75, COLUMNS, random);
        float[][] together = product(weights, x);
        float[] values = new float[COLUMNS];
        for (int token = 0; token < x.rows(); token++) {
            Rows alone = RandomWeights.rows(1, COLUMNS);
            x.row(token, values);
            alone.setRow(0, values);
            assertThat(product(weights, alone)[0]).as("token " + token).isEqualTo(together[token]);
        }
    }

    @ParameterizedTest
    @EnumSource
    void theWidthOfATileLeavesTheBitsAlone(QuantType type) {
        SplittableRandom random = new SplittableRandom(200 + type.ggufId());
        MemorySegment stored = RandomWeights.stored(type, ROWS, COLUMNS, random);
        Rows x = RandomWeights.randomRows(9, COLUMNS, random);
        float[][] wide = product(RandomWeights.tiled(type, ROWS, COLUMNS, 16, stored), x);
        for (int lanes : new int[] {4, 8}) {
            float[][] narrow = product(RandomWeights.tiled(type, ROWS, COLUMNS, lanes, stored), x);
            assertThat(narrow).as(lanes + " lanes").isDeepEqualTo(wide);
        }
    }

    /// The largest codes, sub-scales and activations of each sign: sums stay below 2^24, where
    /// floats are exact, so the panel of many tokens equals the integer path.
    @ParameterizedTest
    @EnumSource
    void extremesStayExact(QuantType type) {
        for (int fill : new int[] {0x00, 0x7F, 0x80, 0xFF}) {
            MemorySegment stored =
                    RandomWeights.stored(type, 16, COLUMNS, new SplittableRandom(fill));
            if (type.blockElements() > 1) {
                fillAllButScales(type, stored, (byte) fill);
            }
            TiledMatrix weights = RandomWeights.tiled(type, 16, COLUMNS, 16, stored);
            Rows x = RandomWeights.rows(9, COLUMNS);
            for (int token = 0; token < x.rows(); token++) {
                for (int column = 0; column < COLUMNS; column++) {
                    x.set(token, column, token % 2 == 0 ? 3f : -3f);
                }
            }
            float[][] together = product(weights, x);
            Rows alone = x.first(1);
            assertThat(product(weights, alone)[0]).isEqualTo(together[0]);
        }
    }

    private static void fillAllButScales(QuantType type, MemorySegment stored, byte fill) {
        SplittableRandom random = new SplittableRandom(fill);
        MemorySegment scales =
                RandomWeights.stored(
                        type, (int) (stored.byteSize() / type.bytes(COLUMNS)), COLUMNS, random);
        stored.fill(fill);
        int[] halves =
                switch (type) {
                    case Q2_K -> new int[] {80, 82};
                    case Q3_K -> new int[] {108};
                    case Q6_K -> new int[] {208};
                    case Q4_1, Q5_1, Q4_K, Q5_K -> new int[] {0, 2};
                    case F32, F16, BF16, Q4_0, Q5_0, Q8_0, IQ4_NL, IQ4_XS -> new int[] {0};
                    case MXFP4 -> new int[] {};
                };
        for (long block = 0; block < stored.byteSize(); block += type.blockBytes()) {
            for (int half : halves) {
                MemorySegment.copy(scales, block + half, stored, block + half, 2);
            }
            if (type == QuantType.MXFP4) {
                stored.set(ValueLayout.JAVA_BYTE, block, (byte) 120);
            }
        }
    }
}
