package autark.chip.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import autark.chip.Kernels;
import autark.chip.Rows;
import autark.chip.quant.QuantType;
import autark.chip.quant.TiledMatrix;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Law L6 for the kernels that fill tiles and read rows of them, flush against forbidden pages.
class NativeTilesTest {
    private static final int COLUMNS = 512;

    private static TiledMatrix matrix(
            QuantType type, int rows, int lanes, GuardedMemory.Side side) {
        long bytes = TiledMatrix.bytes(type, rows, COLUMNS, lanes);
        MemorySegment data = GuardedMemory.copy(Arena.ofAuto().allocate(bytes, 64), side);
        return new TiledMatrix(type, rows, COLUMNS, lanes, data);
    }

    /// Every byte of a stored block may be anything.
    private static MemorySegment anyBytes(QuantType type, int rows, SplittableRandom random) {
        byte[] bytes = new byte[(int) (rows * type.bytes(COLUMNS))];
        random.nextBytes(bytes);
        MemorySegment stored = Arena.ofAuto().allocate(bytes.length);
        MemorySegment.copy(bytes, 0, stored, ValueLayout.JAVA_BYTE, 0, bytes.length);
        return stored;
    }

    @ParameterizedTest
    @MethodSource("autark.chip.kernel.NativeMatmulTest#setsAndTypes")
    void packingEqualsTheScalarTwin(InstructionSet set, QuantType type) {
        Kernels kernels = new NativeKernels(set);
        SplittableRandom random = new SplittableRandom(type.ggufId());
        for (int rows : new int[] {1, 3, kernels.lanes(), 2 * kernels.lanes() + 5}) {
            MemorySegment stored = anyBytes(type, rows, random);
            TiledMatrix expected =
                    RandomWeights.tiled(type, rows, COLUMNS, kernels.lanes(), stored);
            for (GuardedMemory.Side side : GuardedMemory.Side.values()) {
                TiledMatrix found = matrix(type, rows, kernels.lanes(), side);
                for (int tile = 0; tile < found.tileCount(); tile++) {
                    MemorySegment source = RandomWeights.storedTile(found, tile, stored);
                    kernels.pack(found, tile, GuardedMemory.copy(source, side));
                }
                assertThat(found.data().mismatch(expected.data())).isEqualTo(-1);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("autark.chip.kernel.NativeMatmulTest#setsAndTypes")
    void rowsEqualThoseOfTheScalarTwin(InstructionSet set, QuantType type) {
        Kernels kernels = new NativeKernels(set);
        SplittableRandom random = new SplittableRandom(50 + type.ggufId());
        int rows = 2 * kernels.lanes() + 5;
        MemorySegment stored = RandomWeights.stored(type, rows, COLUMNS, random);
        TiledMatrix free = RandomWeights.tiled(type, rows, COLUMNS, kernels.lanes(), stored);
        for (GuardedMemory.Side side : GuardedMemory.Side.values()) {
            MemorySegment data = GuardedMemory.copy(free.data(), side);
            TiledMatrix guarded = new TiledMatrix(type, rows, COLUMNS, kernels.lanes(), data);
            Rows expected = RandomWeights.rows(rows, COLUMNS);
            MemorySegment output = GuardedMemory.copy(expected.data(), side);
            Rows found = new Rows(rows, COLUMNS, output);
            for (int row = 0; row < rows; row++) {
                new ScalarKernels().dequantize(free, row, expected, rows - 1 - row);
                kernels.dequantize(guarded, row, found, rows - 1 - row);
            }
            assertThat(found.data().mismatch(expected.data())).isEqualTo(-1);
        }
    }

    @Test
    void tooFewStoredBytesAreRefused() {
        for (InstructionSet set : NativeMatmulTest.sets()) {
            Kernels kernels = new NativeKernels(set);
            TiledMatrix matrix =
                    matrix(QuantType.Q8_0, 2, kernels.lanes(), GuardedMemory.Side.BEHIND);
            MemorySegment stored = Arena.ofAuto().allocate(2 * 544 - 1);
            assertThatThrownBy(() -> kernels.pack(matrix, 0, stored))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("found 1087 stored bytes, expected 1088");
        }
    }
}
