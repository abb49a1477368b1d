package autark.text.token;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/// Turns a stream of tokens into whole characters: the bytes of a character may come over several
/// tokens, and no part of it is given out before it is complete. For one stream and one thread.
public final class StreamDecoder {
    /// The start of a character that is not complete yet: at most three bytes.
    private static final int PENDING_BYTES_MAX = 3;

    private final Tokenizer tokenizer;
    private final CharsetDecoder decoder =
            StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPLACE)
                    .onUnmappableCharacter(CodingErrorAction.REPLACE);
    private byte[] pending = {};
    private boolean dropsSpace;

    StreamDecoder(Tokenizer tokenizer, boolean dropsFirstSpace) {
        this.tokenizer = tokenizer;
        this.dropsSpace = dropsFirstSpace;
    }

    /// Where a token's bytes start, if one space before them is not part of the text.
    static int start(byte[] bytes, boolean dropsSpace) {
        return dropsSpace && bytes.length > 0 && bytes[0] == ' ' ? 1 : 0;
    }

    /// The characters that are complete with this token; may be empty. Ill-formed bytes become
    /// U+FFFD.
    ///
    /// @throws TokenizerException if the vocabulary has no such token
    public String next(int token) {
        byte[] bytes = tokenizer.bytes(token);
        int start = start(bytes, dropsSpace);
        dropsSpace = false;
        return decode(bytes, start, false);
    }

    /// The rest of the text: U+FFFD if it ends within a character, else empty. The decoder is then
    /// as new, but in the middle of a text.
    public String end() {
        String rest = decode(new byte[0], 0, true);
        decoder.reset();
        return rest;
    }

    private String decode(byte[] bytes, int start, boolean last) {
        int count = bytes.length - start;
        ByteBuffer input =
                ByteBuffer.allocate(pending.length + count)
                        .put(pending)
                        .put(bytes, start, count)
                        .flip();
        CharBuffer output = CharBuffer.allocate(input.remaining() + 1);
        decoder.decode(input, output, last);
        if (last) {
            decoder.flush(output);
        }
        pending = new byte[input.remaining()];
        input.get(pending);
        assert pending.length <= PENDING_BYTES_MAX;
        return output.flip().toString();
    }
}
