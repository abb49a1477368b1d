package autark.server.openai;

import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.NoSuchElementException;

/// Lines of a file, put together to pieces that are not too large to keep.
///
/// @param lines each ends with a line end
record BatchOutput(Iterable<String> lines, int pieceChars) implements Iterable<byte[]> {
    private static final int PIECE_CHARS = 4 << 20;

    /// Pieces of the usual size.
    static BatchOutput of(Iterable<String> lines) {
        return new BatchOutput(lines, PIECE_CHARS);
    }

    @Override
    public Iterator<byte[]> iterator() {
        Iterator<String> left = lines.iterator();
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return left.hasNext();
            }

            @Override
            public byte[] next() {
                if (!left.hasNext()) {
                    throw new NoSuchElementException("all lines have been put together");
                }
                StringBuilder piece = new StringBuilder();
                while (left.hasNext() && piece.length() < pieceChars) {
                    piece.append(left.next());
                }
                return piece.toString().getBytes(StandardCharsets.UTF_8);
            }
        };
    }
}
