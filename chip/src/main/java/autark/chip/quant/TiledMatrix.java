package autark.chip.quant;

import static autark.chip.quant.Layouts.INT;
import static autark.chip.quant.Layouts.SHORT;

import autark.chip.quant.BlockFormat.Block;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// A weight matrix as kernels read it: rows interleaved into tiles, in memory that we own.
///
/// A tile holds as many rows as the kernels have vector lanes, so that a lane owns an output row
/// and sums over the columns in order: no horizontal reduction, and the same bits on every chip.
/// The blocks of a tile follow one another along the columns; inside a block stand first its 16-bit
/// floats, then its byte scales, then its code words, each field as one value per lane:
///
/// ```
/// tile 0: block 0 [half 0: lanes x 2 B] [half 1 ...] [byte 0: lanes x 1 B] ... [word 0: lanes x 4 B] ...
///         block 1 ...
/// tile 1: ...
/// ```
///
/// The last tile is filled up with rows of zeros.
///
/// @param rows output rows, without the filling
/// @param columns input width, a whole number of blocks
/// @param lanes rows a tile
/// @param data `tileCount() * tileBytes()` bytes
public record TiledMatrix(QuantType type, int rows, int columns, int lanes, MemorySegment data) {
    public TiledMatrix {
        long expected = bytes(type, rows, columns, lanes);
        if (data.byteSize() != expected) {
            throw new IllegalArgumentException(
                    "found %d bytes for %d x %d of %s, expected %d"
                            .formatted(data.byteSize(), rows, columns, type, expected));
        }
    }

    /// Bytes that a matrix takes in tiles of `lanes` rows.
    ///
    /// @throws IllegalArgumentException if `columns` is no whole number of blocks
    public static long bytes(QuantType type, int rows, int columns, int lanes) {
        return tileCount(rows, lanes) * tileBytes(type, columns, lanes);
    }

    private static long tileCount(int rows, int lanes) {
        return ((long) rows + lanes - 1) / lanes;
    }

    private static long tileBytes(QuantType type, int columns, int lanes) {
        if (columns % type.blockElements() != 0) {
            throw new IllegalArgumentException(
                    "%s: found %d columns, expected a multiple of %d"
                            .formatted(type, columns, type.blockElements()));
        }
        long blockBytes = (long) BlockFormat.of(type).tileBytesPerRow() * lanes;
        return columns / type.blockElements() * blockBytes;
    }

    public int tileCount() {
        return (int) tileCount(rows, lanes);
    }

    public long tileBytes() {
        return tileBytes(type, columns, lanes);
    }

    public int blockCount() {
        return columns / type.blockElements();
    }

    /// Rows in a tile, without the filling.
    public int tileRows(int tile) {
        return Math.min(lanes, rows - tile * lanes);
    }

    /// Fills one tile: the scalar twin of the kernels that do.
    ///
    /// @param stored the rows of the tile as a file has them, one after the other
    public void pack(int tile, MemorySegment stored) {
        BlockFormat format = BlockFormat.of(type);
        Block block = new Block(1);
        long rowBytes = type.bytes(columns);
        for (int lane = 0; lane < tileRows(tile); lane++) {
            long rowOffset = lane * rowBytes;
            for (int blockIndex = 0; blockIndex < blockCount(); blockIndex++) {
                format.read(stored, rowOffset + (long) blockIndex * type.blockBytes(), block);
                write(format, tile, blockIndex, lane, block);
            }
        }
    }

    private long blockOffset(BlockFormat format, int tile, int blockIndex) {
        return (tile * (long) blockCount() + blockIndex) * format.tileBytesPerRow() * lanes;
    }

    private void write(BlockFormat format, int tile, int blockIndex, int lane, Block block) {
        long halves = blockOffset(format, tile, blockIndex);
        for (int i = 0; i < format.halfCount(); i++) {
            data.set(SHORT, halves + 2L * (i * lanes + lane), block.halves[i]);
        }
        long bytes = halves + 2L * format.halfCount() * lanes;
        for (int i = 0; i < format.byteCount(); i++) {
            data.set(ValueLayout.JAVA_BYTE, bytes + (long) i * lanes + lane, block.bytes[i]);
        }
        long words = bytes + (long) format.byteCount() * lanes;
        for (int i = 0; i < format.wordCount(); i++) {
            data.set(INT, words + 4L * (i * lanes + lane), block.words[i]);
        }
    }

    /// Reads the fields of all lanes of one block of a tile.
    private void read(BlockFormat format, int tile, int blockIndex, Block block) {
        int halfCount = format.halfCount() * lanes;
        int byteCount = format.byteCount() * lanes;
        int wordCount = format.wordCount() * lanes;
        long halves = blockOffset(format, tile, blockIndex);
        long bytes = halves + 2L * halfCount;
        MemorySegment.copy(data, SHORT, halves, block.halves, 0, halfCount);
        MemorySegment.copy(data, ValueLayout.JAVA_BYTE, bytes, block.bytes, 0, byteCount);
        MemorySegment.copy(data, INT, bytes + byteCount, block.words, 0, wordCount);
    }

    /// Writes row `row` as floats to the front of `into`, `columns` of them.
    public void row(int row, float[] into) {
        BlockFormat format = BlockFormat.of(type);
        Block block = new Block(lanes);
        Codes codes = new Codes();
        block.lane = row % lanes;
        for (int blockIndex = 0; blockIndex < blockCount(); blockIndex++) {
            read(format, row / lanes, blockIndex, block);
            Dequantizer.expand(type, block, codes, into, blockIndex * type.blockElements());
        }
    }

    /// A reader of this matrix for the scalar kernels; one a thread.
    public Reader reader() {
        return new Reader(this);
    }

    /// Reads blocks out of the tiles, all lanes at once.
    public static final class Reader {
        private final TiledMatrix matrix;
        private final BlockFormat format;
        private final Block block;

        /// The group that [#group] took apart last.
        public final Codes codes = new Codes();

        private Reader(TiledMatrix matrix) {
            this.matrix = matrix;
            this.format = BlockFormat.of(matrix.type);
            this.block = new Block(matrix.lanes);
        }

        /// Moves to a block of an integer type; [#group] then takes its groups apart.
        public void block(int tile, int blockIndex) {
            matrix.read(format, tile, blockIndex, block);
        }

        /// Takes group `group` of the row in lane `lane` into [#codes].
        public void group(int lane, int group) {
            block.lane = lane;
            codes.unpack(matrix.type, block, group);
        }
    }
}
