package autark.chip.kernel;

import autark.chip.Int8Rows;
import autark.chip.Kernels;
import autark.chip.Rows;
import autark.chip.quant.QuantType;
import autark.chip.quant.TiledMatrix;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;

/// Random matrices and activations for kernel tests. Stored weights are random bytes with scales
/// that keep sums finite, so that every code and sub-scale occurs.
final class RandomWeights {
    private RandomWeights() {}

    /// Stored rows of `type`, `rows * type.bytes(columns)` bytes.
    static MemorySegment stored(QuantType type, int rows, int columns, SplittableRandom random) {
        byte[] bytes = new byte[(int) (rows * type.bytes(columns))];
        random.nextBytes(bytes);
        MemorySegment stored = Arena.ofAuto().allocate(bytes.length);
        MemorySegment.copy(bytes, 0, stored, ValueLayout.JAVA_BYTE, 0, bytes.length);
        for (long block = 0; block < bytes.length; block += type.blockBytes()) {
            setScales(type, stored, block, random);
        }
        return stored;
    }

    private static void setScales(
            QuantType type, MemorySegment stored, long block, SplittableRandom random) {
        switch (type) {
            case F32 -> stored.set(ValueLayout.JAVA_FLOAT_UNALIGNED, block, uniform(random));
            case BF16 -> {
                int bits = Float.floatToRawIntBits(uniform(random));
                stored.set(ValueLayout.JAVA_SHORT_UNALIGNED, block, (short) (bits >> 16));
            }
            case F16, Q4_0, Q5_0, Q8_0, IQ4_NL, IQ4_XS -> setHalf(stored, block, random);
            case Q4_1, Q5_1, Q4_K, Q5_K -> {
                setHalf(stored, block, random);
                setHalf(stored, block + 2, random);
            }
            case Q2_K -> {
                setHalf(stored, block + 80, random);
                setHalf(stored, block + 82, random);
            }
            case Q3_K -> setHalf(stored, block + 108, random);
            case Q6_K -> setHalf(stored, block + 208, random);
            case MXFP4 -> stored.set(ValueLayout.JAVA_BYTE, block, (byte) random.nextInt(110, 130));
        }
    }

    private static void setHalf(MemorySegment stored, long offset, SplittableRandom random) {
        short half = Float.floatToFloat16(uniform(random));
        stored.set(ValueLayout.JAVA_SHORT_UNALIGNED, offset, half);
    }

    private static float uniform(SplittableRandom random) {
        return random.nextFloat() * 2 - 1;
    }

    static TiledMatrix tiled(
            QuantType type, int rows, int columns, int lanes, MemorySegment stored) {
        long bytes = TiledMatrix.bytes(type, rows, columns, lanes);
        TiledMatrix matrix =
                new TiledMatrix(type, rows, columns, lanes, Arena.ofAuto().allocate(bytes, 64));
        for (int tile = 0; tile < matrix.tileCount(); tile++) {
            matrix.pack(tile, storedTile(matrix, tile, stored));
        }
        return matrix;
    }

    /// The stored rows of a tile.
    static MemorySegment storedTile(TiledMatrix matrix, int tile, MemorySegment stored) {
        long rowBytes = matrix.type().bytes(matrix.columns());
        return stored.asSlice(
                (long) tile * matrix.lanes() * rowBytes, matrix.tileRows(tile) * rowBytes);
    }

    static Rows rows(int rows, int columns) {
        return new Rows(rows, columns, Arena.ofAuto().allocate(Rows.bytes(rows, columns), 64));
    }

    static Rows randomRows(int rows, int columns, SplittableRandom random) {
        Rows result = rows(rows, columns);
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                result.set(row, column, uniform(random) * 4);
            }
        }
        return result;
    }

    static Int8Rows quantized(Kernels kernels, Rows x) {
        long bytes = x.rows() * Int8Rows.rowBytes(x.columns());
        Int8Rows codes =
                new Int8Rows(
                        x.rows(),
                        x.columns(),
                        kernels.panelRows(),
                        Arena.ofAuto().allocate(bytes, 64));
        for (int row = 0; row < x.rows(); row++) {
            kernels.quantize(x, codes, row);
        }
        return codes;
    }

    static float[][] toArray(Rows x) {
        float[][] result = new float[x.rows()][x.columns()];
        for (int row = 0; row < x.rows(); row++) {
            x.row(row, result[row]);
        }
        return result;
    }
}
