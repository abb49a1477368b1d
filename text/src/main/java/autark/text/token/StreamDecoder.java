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

    private final TokenBytes tokenBytes;
    private final CharsetDecoder decoder =
            StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPLACE)
                    .onUnmappableCharacter(CodingErrorAction.REPLACE);
    private byte[] pending = {};

    /// What a token adds to a text.
    @FunctionalInterface
    interface TokenBytes {
        byte[] next(int token);
    }

    StreamDecoder(TokenBytes tokenBytes) {
        this.tokenBytes = tokenBytes;
    }

    /// The characters that are complete with this token; may be empty. Ill-formed bytes become
    /// U+FFFD.
    ///
    /// @throws TokenizerException if the vocabulary has no such token
    public String next(int token) {
        return decode(tokenBytes.next(token), false);
    }

    /// The rest of the text: U+FFFD if it ends within a character, else empty. The decoder is then
    /// as new, but in the middle of a text.
    public String end() {
        String rest = decode(new byte[0], true);
        decoder.reset();
        return rest;
    }

    private String decode(byte[] bytes, boolean last) {
        ByteBuffer input =
                ByteBuffer.allocate(pending.length + bytes.length).put(pending).put(bytes).flip();
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
