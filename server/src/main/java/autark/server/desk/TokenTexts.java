package autark.server.desk;

import autark.engine.sample.TokenLogprob;
import autark.text.token.Tokenizer;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Tells tokens and how likely the model held them.
///
/// A token is a run of bytes, which need not be whole characters: then its text is `bytes:` and the
/// bytes in the notation `\xe2`.
public final class TokenTexts {
    /// Stands for minus infinity, which JSON cannot tell.
    private static final double LOGPROB_MIN = -9999;

    private final Tokenizer tokenizer;

    public TokenTexts(Tokenizer tokenizer) {
        this.tokenizer = tokenizer;
    }

    /// Whether a token adds to a text; those that control a conversation do not.
    public boolean isText(int token) {
        return tokenizer.bytes(token).length > 0;
    }

    /// The bytes of a token; of one that adds none those of its name.
    public byte[] bytes(int token) {
        byte[] bytes = tokenizer.bytes(token);
        return bytes.length > 0 ? bytes : tokenizer.piece(token).getBytes(StandardCharsets.UTF_8);
    }

    /// The text of a token.
    public String text(int token) {
        byte[] bytes = bytes(token);
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            StringBuilder text = new StringBuilder("bytes:");
            for (byte value : bytes) {
                text.append("\\x%02x".formatted(value & 0xFF));
            }
            return text.toString();
        }
    }

    /// A number that JSON can tell.
    public static double told(double logprob) {
        return Math.max(logprob, LOGPROB_MIN);
    }

    /// One row for each token that is text: `token`, `logprob`, `bytes` and `top_logprobs`, as all
    /// dialects tell it that do.
    public ArrayNode rows(List<TokenLogprob> logprobs) {
        ArrayNode rows = JsonNodeFactory.instance.arrayNode();
        for (TokenLogprob logprob : logprobs) {
            if (!isText(logprob.token())) {
                continue;
            }
            ObjectNode row = row(rows, logprob.token(), logprob.logprob());
            ArrayNode top = row.putArray("top_logprobs");
            for (TokenLogprob.Ranked ranked : logprob.top()) {
                row(top, ranked.token(), ranked.logprob());
            }
        }
        return rows;
    }

    private ObjectNode row(ArrayNode rows, int token, double logprob) {
        ObjectNode row = rows.addObject();
        row.put("token", text(token));
        row.put("logprob", told(logprob));
        ArrayNode bytes = row.putArray("bytes");
        for (byte value : bytes(token)) {
            bytes.add(value & 0xFF);
        }
        return row;
    }
}
