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
                .get(ValueLayout.JAVA_BYTE, rows.codesOffset(row, column / 32) + column % 32);
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
                assertThat(codes.sum(row, group, 0)).isEqualTo(sums[0]);
                assertThat(codes.sum(row, group, 1)).isEqualTo(sums[1]);
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
