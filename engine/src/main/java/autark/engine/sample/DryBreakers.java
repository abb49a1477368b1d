package autark.engine.sample;

import autark.text.token.Tokenizer;
import autark.text.token.TokenizerException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/// Finds the tokens that break a repeated sequence by their text, for [Dry].
public final class DryBreakers {
    /// What breaks a sequence if nothing is said: ends of lines, colons, quotation marks,
    /// asterisks.
    public static final List<String> STANDARD = List.of("\n", ":", "\"", "*");

    /// Most breakers.
    public static final int COUNT_MAX = 64;

    private DryBreakers() {}

    /// All tokens that hold one of the texts.
    ///
    /// @throws SamplingException if a text is empty, if no token holds it, or if there are too many
    public static TokenSet of(Tokenizer tokenizer, List<String> texts) {
        Range.check(
                "dry breakers", texts.size(), texts.size() <= COUNT_MAX, "at most " + COUNT_MAX);
        boolean[] found = new boolean[texts.size()];
        TokenSet tokens = find(tokenizer, texts, found);
        for (int i = 0; i < found.length; i++) {
            if (!found[i]) {
                throw new SamplingException(
                        ("dry breaker: found \"%s\", expected a text that one token of the model holds;"
                                        + " take a shorter part of it")
                                .formatted(texts.get(i)));
            }
        }
        return tokens;
    }

    /// All tokens that hold one of the [#STANDARD] texts.
    public static TokenSet standard(Tokenizer tokenizer) {
        return find(tokenizer, STANDARD, new boolean[STANDARD.size()]);
    }

    private static TokenSet find(Tokenizer tokenizer, List<String> texts, boolean[] found) {
        byte[][] wanted = new byte[texts.size()][];
        for (int i = 0; i < wanted.length; i++) {
            wanted[i] = texts.get(i).getBytes(StandardCharsets.UTF_8);
            if (wanted[i].length == 0) {
                throw new SamplingException("dry breaker: found an empty text, expected some");
            }
        }
        int[] tokens = new int[tokenizer.vocabSize()];
        int count = 0;
        for (int token = 0; token < tokens.length; token++) {
            if (holdsOne(bytes(tokenizer, token), wanted, found)) {
                tokens[count++] = token;
            }
        }
        return TokenSet.of(Arrays.copyOf(tokens, count));
    }

    /// The text of a token behind another one: the first token of a text may lose its space.
    private static byte[] bytes(Tokenizer tokenizer, int token) {
        try {
            byte[] twice = tokenizer.decode(token, token);
            return Arrays.copyOfRange(twice, tokenizer.decode(token).length, twice.length);
        } catch (TokenizerException _) {
            return new byte[0]; // an id without a token
        }
    }

    private static boolean holdsOne(byte[] token, byte[][] wanted, boolean[] found) {
        boolean any = false;
        for (int i = 0; i < wanted.length; i++) {
            if (holds(token, wanted[i])) {
                found[i] = true;
                any = true;
            }
        }
        return any;
    }

    private static boolean holds(byte[] token, byte[] wanted) {
        for (int start = 0; start + wanted.length <= token.length; start++) {
            if (Arrays.equals(token, start, start + wanted.length, wanted, 0, wanted.length)) {
                return true;
            }
        }
        return false;
    }
}
