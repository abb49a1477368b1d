package autark.chip.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import autark.chip.Int8Rows;
import autark.chip.Kernels;
import autark.chip.Rows;
import autark.chip.TileRange;
import autark.chip.quant.QuantType;
import autark.chip.quant.TiledMatrix;
import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Assembled kernels stay inside their operands: each operand lies flush against a page that ends
/// the process when it is touched, before it and behind it.
class GuardPageTest {
    @ParameterizedTest
    @MethodSource("autark.chip.kernel.NativeMatmulTest#setsAndTypes")
    void matmulTouchesItsOperandsOnly(InstructionSet set, QuantType type) {
        Kernels kernels = new NativeKernels(set);
        SplittableRandom random = new SplittableRandom(type.ggufId());
        for (GuardedMemory.Side side : GuardedMemory.Side.values()) {
            for (int rows : new int[] {1, kernels.lanes(), 2 * kernels.lanes() + 5}) {
                for (int tokens : new int[] {1, 2, 3, 7, 11}) {
                    checkMatmul(kernels, type, rows, tokens, side, random);
                }
            }
        }
    }

    private static void checkMatmul(
            Kernels kernels,
            QuantType type,
            int rows,
            int tokens,
            GuardedMemory.Side side,
            SplittableRandom random) {
        int columns = 256;
        MemorySegment stored = RandomWeights.stored(type, rows, columns, random);
        TiledMatrix free = RandomWeights.tiled(type, rows, columns, kernels.lanes(), stored);
        TiledMatrix weights =
                new TiledMatrix(
                        type,
                        rows,
                        columns,
                        kernels.lanes(),
                        GuardedMemory.copy(free.data(), side));
        Rows x = RandomWeights.randomRows(tokens, columns, random);
        Rows expected = RandomWeights.rows(tokens, rows);
        Rows y = guarded(RandomWeights.rows(tokens, rows), side);
        TileRange tiles = new TileRange(0, weights.tileCount());
        if (type.isFloat()) {
            kernels.matmul(free, tiles, x, expected);
            kernels.matmul(weights, tiles, guarded(x, side), y);
        } else {
            Int8Rows codes = RandomWeights.quantized(kernels, x);
            kernels.matmul(free, tiles, codes, expected);
            MemorySegment data = GuardedMemory.copy(codes.data(), side);
            kernels.matmul(
                    weights, tiles, new Int8Rows(tokens, columns, kernels.panelRows(), data), y);
        }
        assertThat(RandomWeights.toArray(y)).isDeepEqualTo(RandomWeights.toArray(expected));
    }

    private static Rows guarded(Rows rows, GuardedMemory.Side side) {
        MemorySegment data = GuardedMemory.copy(rows.data(), side);
        return new Rows(rows.rows(), rows.columns(), data);
    }
}
