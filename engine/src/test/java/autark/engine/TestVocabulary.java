package autark.engine;

import autark.text.token.SpecialRole;
import autark.text.token.Tokenizer;
import autark.text.token.TokenizerFlag;
import autark.text.token.TokenizerSpec;
import autark.text.token.Utf8Strings;
import autark.text.token.Vocabulary;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// A vocabulary of the 256 bytes, each token's id being its byte, and a few control tokens.
final class TestVocabulary {
    static final int BEGIN = 256;
    static final int END = 257;
    static final int TURN_START = 258;
    static final int TURN_END = 259;
    static final int THINK_OPEN = 260;
    static final int THINK_CLOSE = 261;
    static final int TOOL_CALLS = 262;
    static final int SIZE = 263;

    private static final List<String> CONTROLS =
            List.of(
                    "<s>",
                    "</s>",
                    "<|im_start|>",
                    "<|im_end|>",
                    "<think>",
                    "</think>",
                    "[TOOL_CALLS]");

    /// There must be one: that of two bytes which no text has, into a token that there is not.
    private static final Utf8Strings RARE_MERGE = Utf8Strings.of(List.of("\u0100 \u0100"));

    private static final int NORMAL = 1;
    private static final int CONTROL = 3;

    private TestVocabulary() {}

    static Tokenizer tokenizer() {
        return tokenizer(true);
    }

    static Tokenizer tokenizer(boolean addsBegin) {
        List<String> tokens = new ArrayList<>();
        int next = 256;
        for (int value = 0; value < 256; value++) {
            boolean printable =
                    (value >= '!' && value <= '~')
                            || (value >= 0xA1 && value <= 0xAC)
                            || value >= 0xAE;
            tokens.add(Character.toString(printable ? value : next++));
        }
        tokens.addAll(CONTROLS);
        int[] types = new int[SIZE];
        Arrays.fill(types, NORMAL);
        Arrays.fill(types, BEGIN, SIZE, CONTROL);
        return Tokenizer.of(
                new TokenizerSpec(
                        "gpt2",
                        "gpt-2",
                        "",
                        new Vocabulary(Utf8Strings.of(tokens), new float[0], types, RARE_MERGE),
                        Map.of(
                                SpecialRole.BEGIN_OF_SEQUENCE, BEGIN,
                                SpecialRole.END_OF_SEQUENCE, END,
                                SpecialRole.END_OF_TURN, TURN_END),
                        Map.of(TokenizerFlag.ADD_BEGIN_OF_SEQUENCE, addsBegin)));
    }

    /// The tokens of a text, one a byte.
    static int[] bytes(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return IntStream.range(0, bytes.length).map(i -> bytes[i] & 0xFF).toArray();
    }
}
