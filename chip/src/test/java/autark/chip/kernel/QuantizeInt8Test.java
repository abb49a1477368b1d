package autark.chip.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import autark.chip.Int8Rows;
import autark.chip.Rows;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class QuantizeInt8Test {
    private final ScalarKernels kernels = new ScalarKernels();

    private static int code(Int8Rows rows, int row, int column) {
        return rows.data()
                .get(ValueLayout.JAVA_BYTE, rows.groupOffset(row, column / 32) + column % 32);
    }

    private static int word(Int8Rows rows, int row, int group, int field) {
        return rows.data().get(ValueLayout.JAVA_INT, rows.groupOffset(row, group) + field);
    }

    @Test
    void codesLieWithinHalfAStepAndSumsAreTheirs() {
        Rows x = RandomWeights.randomRows(20, 96, new SplittableRandom(3));
        Int8Rows codes = RandomWeights.quantized(kernels, x);
        for (int row = 0; row < x.rows(); row++) {
            for (int group = 0; group < codes.groupCount(); group++) {
                int[] sums = new int[2];
                float scale = codes.scale(row, group);
                for (int i = 0; i < 32; i++) {
                    int code = code(codes, row, 32 * group + i);
                    float error = Math.abs(code * scale - x.get(row, 32 * group + i));
                    assertThat(error).isLessThan(0.51f * scale + 127 * scale * 0.005f);
                    sums[i / 16] += code;
                }
                assertThat(word(codes, row, group, Int8Rows.MINUS_128_SUMS))
                        .isEqualTo(-128 * (sums[0] + sums[1]));
                assertThat(word(codes, row, group, Int8Rows.MINUS_8_SUMS))
                        .isEqualTo(-8 * (sums[0] + sums[1]));
                assertThat(word(codes, row, group, Int8Rows.MINUS_32_SUMS_LOW))
                        .isEqualTo(-32 * sums[0]);
                assertThat(word(codes, row, group, Int8Rows.MINUS_32_SUMS_HIGH))
                        .isEqualTo(-32 * sums[1]);
                assertThat(codes.value(row, group, Int8Rows.SCALED_SUM))
                        .isEqualTo(scale * (sums[0] + sums[1]));
                assertThat(codes.value(row, group, Int8Rows.SCALED_SUM_LOW))
                        .isEqualTo(scale * sums[0]);
                assertThat(codes.value(row, group, Int8Rows.SCALED_SUM_HIGH))
                        .isEqualTo(scale * sums[1]);
            }
        }
    }

    @Test
    void theScaleLosesNoMoreThanThatOfTheLargestMagnitude() {
        Rows x = RandomWeights.randomRows(50, 32, new SplittableRandom(4));
        Int8Rows codes = RandomWeights.quantized(kernels, x);
        for (int row = 0; row < x.rows(); row++) {
            double largest = 0;
            for (int i = 0; i < 32; i++) {
                largest = Math.max(largest, Math.abs(x.get(row, i)));
            }
            double fitted = squaredError(x, codes, row, codes.scale(row, 0));
            double plain = squaredError(x, codes, row, largest / 127);
            assertThat(fitted).isLessThanOrEqualTo(plain * (1 + 1e-5));
        }
    }

    private static double squaredError(Rows x, Int8Rows codes, int row, double scale) {
        double sum = 0;
        for (int i = 0; i < 32; i++) {
            double error = code(codes, row, i) * scale - x.get(row, i);
            sum += error * error;
        }
        return sum;
    }

    @Test
    void zerosDenormalsAndTinyValuesBecomeZeros() {
        Rows x = RandomWeights.rows(1, 96);
        for (int i = 0; i < 32; i++) {
            x.set(0, 32 + i, Float.MIN_VALUE * i);
            x.set(0, 64 + i, 0x1p-101f);
        }
        Int8Rows codes = RandomWeights.quantized(kernels, x);
        for (int column = 0; column < 96; column++) {
            assertThat(code(codes, 0, column)).isZero();
            assertThat(codes.scale(0, column / 32)).isZero();
        }
    }

    @Test
    void theLargestFloatsAreCodedAtFullRange() {
        Rows x = RandomWeights.rows(1, 32);
        x.set(0, 5, Float.MAX_VALUE);
        x.set(0, 6, -Float.MAX_VALUE);
        Int8Rows codes = RandomWeights.quantized(kernels, x);
        assertThat(code(codes, 0, 5)).isEqualTo(127);
        assertThat(code(codes, 0, 6)).isEqualTo(-127);
    }
}
