package autark.server.openai;

import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.NoSuchElementException;

/// Lines of a file, put together to pieces that are not too large to keep.
///
/// @param lines each ends with a line end
record BatchOutput(Iterator<String> lines) implements Iterator<byte[]> {
    static final int PIECE_CHARS = 4 << 20;

    @Override
    public boolean hasNext() {
        return lines.hasNext();
    }

    @Override
    public byte[] next() {
        if (!lines.hasNext()) {
            throw new NoSuchElementException("all lines have been put together");
        }
        StringBuilder piece = new StringBuilder();
        while (lines.hasNext() && piece.length() < PIECE_CHARS) {
            piece.append(lines.next());
        }
        return piece.toString().getBytes(StandardCharsets.UTF_8);
    }
}
