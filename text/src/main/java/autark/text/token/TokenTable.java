package autark.text.token;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// The tokens of a vocabulary: checked, with their types, to be found by text.
final class TokenTable {
    private static final int BYTE_TOKEN_LENGTH = 6;

    private final Utf8Strings texts;
    private final StringIndex index;
    private final TokenType[] types;

    TokenTable(Vocabulary vocabulary) {
        this.texts = vocabulary.tokens;
        checkCount("tokens", texts.size(), Vocabulary.TOKEN_COUNT_MAX);
        this.types = types(vocabulary);
        this.index = StringIndex.ofDistinct(texts, "token");
    }

    static void checkCount(String what, int found, int max) {
        if (found == 0 || found > max) {
            throw new TokenizerException(
                    "the vocabulary has %d %s, expected 1 to %d".formatted(found, what, max));
        }
    }

    private static TokenType[] types(Vocabulary vocabulary) {
        TokenType[] types = new TokenType[vocabulary.size()];
        Arrays.fill(types, TokenType.NORMAL);
        if (vocabulary.types.length == 0) {
            return types;
        }
        if (vocabulary.types.length != types.length) {
            throw new TokenizerException(
                    "the vocabulary has %d token types, expected one for each of %d tokens"
                            .formatted(vocabulary.types.length, types.length));
        }
        for (int token = 0; token < types.length; token++) {
            types[token] = TokenType.ofCode(vocabulary.types[token], token);
            if (types[token] == TokenType.BYTE) {
                byteValue(vocabulary.tokens, token);
            }
        }
        return types;
    }

    int size() {
        return types.length;
    }

    TokenType type(int token) {
        return types[token];
    }

    /// Only while the tokenizer is built.
    void setType(int token, TokenType type) {
        types[token] = type;
    }

    String text(int token) {
        return texts.text(token);
    }

    byte[] bytes(int token) {
        return Arrays.copyOfRange(texts.bytes, texts.offsets[token], texts.offsets[token + 1]);
    }

    Utf8Strings texts() {
        return texts;
    }

    StringIndex index() {
        return index;
    }

    int find(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return index.find(bytes, 0, bytes.length);
    }

    /// The value of a token such as `<0x0A>`.
    int byteValue(int token) {
        return byteValue(texts, token);
    }

    private static int byteValue(Utf8Strings texts, int token) {
        int at = texts.offsets[token];
        if (texts.length(token) == BYTE_TOKEN_LENGTH
                && texts.bytes[at] == '<'
                && texts.bytes[at + 1] == '0'
                && texts.bytes[at + 2] == 'x'
                && texts.bytes[at + 5] == '>') {
            int high = Character.digit(texts.bytes[at + 3], 16);
            int low = Character.digit(texts.bytes[at + 4], 16);
            if (high >= 0 && low >= 0) {
                return (high << 4) | low;
            }
        }
        throw new TokenizerException(
                "token %d '%s' is of type byte, expected a text such as <0x0A>"
                        .formatted(token, texts.text(token)));
    }
}
