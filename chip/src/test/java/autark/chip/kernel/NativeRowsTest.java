package autark.chip.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import autark.chip.Activation;
import autark.chip.Int8Rows;
import autark.chip.Kernels;
import autark.chip.RopeShape;
import autark.chip.Rows;
import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;
import java.util.function.BiConsumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Law L6 for the kernels of single rows: equal bits on odd widths, extremes and denormals, with
/// operands flush against forbidden pages.
class NativeRowsTest {
    private static final float[] EXTREMES = {
        0f,
        -0f,
        Float.MIN_VALUE,
        -Float.MIN_VALUE,
        0x1p-130f,
        -0x1p-126f,
        1e-20f,
        0.1249f,
        -0.125f,
        0.5f,
        -86.9f,
        -87f,
        -87.1f,
        87.9f,
        88f,
        88.1f,
        1e4f,
        -1e4f,
        1e18f,
        -1e18f
    };

    private final SplittableRandom random = new SplittableRandom(9);

    private Rows inputs(int rows, int columns) {
        Rows x = RandomWeights.randomRows(rows, columns, random);
        for (int i = 0; i < rows * columns / 3; i++) {
            float value = EXTREMES[random.nextInt(EXTREMES.length)];
            x.set(random.nextInt(rows), random.nextInt(columns), value);
        }
        return x;
    }

    private static Rows guarded(Rows x, GuardedMemory.Side side) {
        return new Rows(x.rows(), x.columns(), GuardedMemory.copy(x.data(), side));
    }

    /// Runs the same on both sets, each on copies of `x` and `y`, and compares the first copy.
    private static void compare(
            InstructionSet set, Rows x, Rows y, TriConsumer<Kernels, Rows, Rows> body) {
        Rows expected = guarded(x, GuardedMemory.Side.BEHIND);
        body.accept(new ScalarKernels(), expected, guarded(y, GuardedMemory.Side.BEHIND));
        for (GuardedMemory.Side side : GuardedMemory.Side.values()) {
            Rows found = guarded(x, side);
            body.accept(new NativeKernels(set), found, guarded(y, side));
            assertThat(bits(found)).isDeepEqualTo(bits(expected));
        }
    }

    @FunctionalInterface
    private interface TriConsumer<A, B, C> {
        void accept(A a, B b, C c);
    }

    private static int[][] bits(Rows x) {
        int[][] bits = new int[x.rows()][x.columns()];
        for (int row = 0; row < x.rows(); row++) {
            for (int column = 0; column < x.columns(); column++) {
                bits[row][column] = Float.floatToRawIntBits(x.get(row, column));
            }
        }
        return bits;
    }

    @ParameterizedTest
    @MethodSource("autark.chip.kernel.NativeMatmulTest#sets")
    void elementwiseKernelsEqualTheirTwins(InstructionSet set) {
        for (int columns : new int[] {1, 5, 16, 31, 64, 576}) {
            Rows x = inputs(3, columns);
            Rows y = inputs(3, columns);
            compare(set, x, y, (kernels, a, b) -> kernels.add(a, b, 2));
            compare(set, x, y, (kernels, a, b) -> kernels.addBias(a, b, 1));
            compare(set, x, y, (kernels, a, b) -> kernels.addScaled(a, 1, b, 2, -0.37f));
            compare(set, x, y, (kernels, a, b) -> kernels.scale(a, 1.7f, 2));
            compare(set, x, y, (kernels, a, b) -> kernels.softcap(a, 30f, 2));
            for (Activation activation : Activation.values()) {
                compare(set, x, y, (kernels, a, b) -> kernels.gate(activation, a, b, 2));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("autark.chip.kernel.NativeMatmulTest#sets")
    void normAndSoftmaxEqualTheirTwins(InstructionSet set) {
        for (int width : new int[] {1, 15, 16, 48, 64, 576}) {
            Rows weight = inputs(1, width);
            for (int spans : new int[] {1, 3}) {
                Rows x = RandomWeights.randomRows(2, spans * width, random);
                compare(set, x, weight, (kernels, a, b) -> kernels.rmsNorm(a, b, 1e-5f, a, 1));
                compare(set, x, weight, (kernels, a, b) -> kernels.softmax(a, 1));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("autark.chip.kernel.NativeMatmulTest#sets")
    void ropeEqualsItsTwin(InstructionSet set) {
        for (RopeShape.Pairing pairing : RopeShape.Pairing.values()) {
            for (int[] dims : new int[][] {{64, 64}, {96, 32}, {20, 20}, {80, 48}, {128, 128}}) {
                RopeShape shape = new RopeShape(pairing, dims[0], dims[1]);
                Rows x = inputs(2, 3 * dims[0]);
                Rows factors = RandomWeights.randomRows(2, 2 * dims[1], random);
                compare(set, x, factors, (kernels, a, b) -> kernels.rope(a, 1, shape, b));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("autark.chip.kernel.NativeMatmulTest#sets")
    void quantizingEqualsItsTwin(InstructionSet set) {
        Kernels kernels = new NativeKernels(set);
        BiConsumer<Rows, Integer> check =
                (x, panelRows) -> {
                    for (GuardedMemory.Side side : GuardedMemory.Side.values()) {
                        Int8Rows expected = int8(x, panelRows, side);
                        Int8Rows found = int8(x, panelRows, side);
                        for (int row = 0; row < x.rows(); row++) {
                            new ScalarKernels().quantize(x, expected, row);
                            kernels.quantize(guarded(x, side), found, row);
                        }
                        assertThat(found.data().mismatch(expected.data())).isEqualTo(-1);
                    }
                };
        for (int columns : new int[] {32, 96, 576}) {
            check.accept(inputs(1, columns), 12);
            check.accept(inputs(7, columns), 3);
            check.accept(RandomWeights.rows(2, columns), 4);
        }
    }

    /// Filled with rubbish, so that a byte that is not written shows.
    private static Int8Rows int8(Rows x, int panelRows, GuardedMemory.Side side) {
        MemorySegment data =
                java.lang.foreign.Arena.ofAuto()
                        .allocate(x.rows() * Int8Rows.rowBytes(x.columns()), 64);
        data.fill((byte) 0x55);
        return new Int8Rows(x.rows(), x.columns(), panelRows, GuardedMemory.copy(data, side));
    }
}
