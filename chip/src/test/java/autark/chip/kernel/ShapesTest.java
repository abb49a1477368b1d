package autark.chip.kernel;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import autark.chip.AttentionShape;
import autark.chip.Int8Rows;
import autark.chip.Kernels;
import autark.chip.KvLayer;
import autark.chip.KvShape;
import autark.chip.KvType;
import autark.chip.LargeMemory;
import autark.chip.RopeShape;
import autark.chip.RowRange;
import autark.chip.Rows;
import autark.chip.TileRange;
import autark.chip.quant.QuantType;
import autark.chip.quant.TiledMatrix;
import java.lang.foreign.Arena;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Operands that a kernel would read or write beside are refused before machine code sees them.
class ShapesTest {
    private final Rows two = RandomWeights.rows(2, 64);
    private final Rows narrow = RandomWeights.rows(2, 32);
    private final KvLayer layer =
            new KvLayer(new KvShape(1, 64, KvType.F16), new LargeMemory(Arena.ofAuto()));

    @ParameterizedTest
    @MethodSource("autark.chip.kernel.NativeMatmulTest#sets")
    void whatDoesNotFitIsRefused(InstructionSet set) {
        Kernels kernels = new NativeKernels(set);
        RopeShape rope = new RopeShape(RopeShape.Pairing.HALVES, 64, 64);
        Int8Rows codes =
                new Int8Rows(
                        1,
                        64,
                        kernels.panelRows(),
                        Arena.ofAuto().allocate(Int8Rows.rowBytes(64), 64));
        Int8Rows wide =
                new Int8Rows(
                        1,
                        96,
                        kernels.panelRows(),
                        Arena.ofAuto().allocate(Int8Rows.rowBytes(96), 64));
        TileRange tiles = new TileRange(0, 1);
        Rows result = RandomWeights.rows(2, 3);
        Rows one = result.first(1);
        layer.reserve(1);
        List<ThrowingCallable> calls =
                List.of(
                        () -> kernels.add(two, two, 2),
                        () -> kernels.add(two, narrow, 0),
                        () -> kernels.rmsNorm(two, RandomWeights.rows(1, 48), 1e-5f, two, 0),
                        () -> kernels.rmsNorm(two, RandomWeights.rows(1, 64), 1e-5f, narrow, 0),
                        () -> kernels.rope(two, 0, rope, two),
                        () -> kernels.quantize(narrow, codes, 0),
                        () -> kernels.quantize(two, codes, 1),
                        () -> kernels.store(two, narrow, 0, layer, 0),
                        () -> kernels.store(two, two, 0, layer, KvShape.BLOCK_TOKENS),
                        () -> attend(kernels, new RowRange(0, 1), KvShape.BLOCK_TOKENS, two),
                        () -> attend(kernels, new RowRange(1, 3), 0, two),
                        () -> attend(kernels, new RowRange(0, 1), 0, narrow),
                        () -> kernels.dequantize(matrix(kernels.lanes()), 3, two, 0),
                        () -> kernels.dequantize(matrix(kernels.lanes()), 0, two, 2),
                        () -> kernels.dequantize(matrix(kernels.lanes()), 0, narrow, 0),
                        () -> kernels.dequantize(matrix(2 * kernels.lanes()), 0, two, 0),
                        () -> kernels.pack(matrix(kernels.lanes()), 1, two.data()),
                        () -> kernels.matmul(matrix(kernels.lanes()), tiles, two, result),
                        () -> kernels.matmul(floats(kernels.lanes()), tiles, narrow, result),
                        () -> kernels.matmul(floats(kernels.lanes()), tiles, codes, one),
                        () -> kernels.matmul(matrix(kernels.lanes()), tiles, wide, one));
        for (ThrowingCallable call : calls) {
            assertThatThrownBy(call)
                    .isInstanceOfAny(
                            IllegalArgumentException.class, IndexOutOfBoundsException.class);
        }
    }

    private void attend(Kernels kernels, RowRange rows, int position, Rows o) {
        AttentionShape shape =
                new AttentionShape(1, 1, 64, 1f, Float.POSITIVE_INFINITY, Integer.MAX_VALUE);
        kernels.attend(shape, two, rows, 0, layer, position, o);
    }

    private static TiledMatrix floats(int lanes) {
        long bytes = TiledMatrix.bytes(QuantType.F16, 3, 64, lanes);
        return new TiledMatrix(QuantType.F16, 3, 64, lanes, Arena.ofAuto().allocate(bytes, 64));
    }

    private static TiledMatrix matrix(int lanes) {
        long bytes = TiledMatrix.bytes(QuantType.Q8_0, 3, 64, lanes);
        return new TiledMatrix(QuantType.Q8_0, 3, 64, lanes, Arena.ofAuto().allocate(bytes, 64));
    }
}
