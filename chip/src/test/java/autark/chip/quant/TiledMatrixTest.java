package autark.chip.quant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TiledMatrixTest {
    @ParameterizedTest
    @EnumSource
    void rowsOfTilesEqualRowsOfTheFile(QuantType type) {
        int rows = 21;
        int columns = 512;
        byte[] bytes = new byte[(int) (rows * type.bytes(columns)) + 3];
        new SplittableRandom(type.ggufId()).nextBytes(bytes);
        MemorySegment stored = Arena.ofAuto().allocate(bytes.length);
        MemorySegment.copy(bytes, 0, stored, ValueLayout.JAVA_BYTE, 0, bytes.length);
        for (int lanes : new int[] {4, 8, 16}) {
            long size = TiledMatrix.bytes(type, rows, columns, lanes);
            TiledMatrix matrix =
                    new TiledMatrix(type, rows, columns, lanes, Arena.ofAuto().allocate(size));
            for (int tile = 0; tile < matrix.tileCount(); tile++) {
                long offset = 3 + (long) tile * lanes * type.bytes(columns);
                matrix.pack(
                        tile, stored.asSlice(offset, matrix.tileRows(tile) * type.bytes(columns)));
            }
            float[] expected = new float[columns];
            float[] found = new float[columns];
            for (int row = 0; row < rows; row++) {
                long offset = 3 + row * type.bytes(columns);
                Dequantizer.dequantize(type, stored, offset, columns, expected);
                matrix.row(row, found);
                assertThat(bits(found)).as("row " + row).isEqualTo(bits(expected));
            }
        }
    }

    private static int[] bits(float[] values) {
        int[] bits = new int[values.length];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = Float.floatToRawIntBits(values[i]);
        }
        return bits;
    }

    @ParameterizedTest
    @EnumSource
    void aBlockOfATileHoldsTheFieldsOfTheFile(QuantType type) {
        int widened =
                switch (type) {
                    case MXFP4 -> 1;
                    case Q3_K, Q4_K, Q5_K -> 4;
                    case IQ4_XS -> 2;
                    case F32, F16, BF16, Q4_0, Q4_1, Q5_0, Q5_1, Q8_0, Q2_K, Q6_K, IQ4_NL -> 0;
                };
        assertThat(BlockFormat.of(type).tileBytesPerRow()).isEqualTo(type.blockBytes() + widened);
    }

    @Test
    void aRowThatIsNoWholeNumberOfBlocksIsRefused() {
        assertThatThrownBy(() -> TiledMatrix.bytes(QuantType.Q4_K, 4, 128, 16))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Q4_K: found 128 columns, expected a multiple of 256");
    }

    @Test
    void memoryOfTheWrongSizeIsRefused() {
        assertThatThrownBy(
                        () -> new TiledMatrix(QuantType.F32, 4, 8, 4, Arena.ofAuto().allocate(127)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("found 127 bytes")
                .hasMessageContaining("expected 128");
    }

    @Test
    void sizesOfTypesAreThoseOfTheFormat() {
        assertThat(QuantType.Q4_0.bytes(64)).isEqualTo(36);
        assertThat(QuantType.ofGgufId(12)).contains(QuantType.Q4_K);
        assertThat(QuantType.ofGgufId(35)).isEmpty();
        assertThatThrownBy(() -> QuantType.Q8_0.bytes(33))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("multiple of 32");
    }
}
