package autark.text.token;

import static org.assertj.core.api.Assertions.assertThat;

import autark.text.token.Tokenizer.Specials;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Texts made to be slow: each takes seconds at most, where time that grows with the square of the
/// length, or a stack that grows with it, would not come to an end.
@Timeout(120)
final class LongTextTest {
    private static final int CHARACTERS = 250_000;

    private static final int UTF8_BYTES_MAX = 3;

    private static final List<String> UNITS =
            List.of(
                    "a",
                    "A",
                    "é",
                    "中",
                    "\u0301",
                    "7",
                    "!",
                    "'",
                    " ",
                    "\n",
                    "\t\n",
                    "\0",
                    "😁",
                    "ab",
                    "a ",
                    "x  ",
                    "Aa",
                    "<|im_",
                    "<|im_end|>");

    private static List<String> texts() {
        List<String> texts = new ArrayList<>();
        for (String unit : UNITS) {
            texts.add(unit.repeat(CHARACTERS / unit.length()));
        }
        for (String unit : List.of(" ", "\n", "a", "7")) {
            texts.add(unit.repeat(CHARACTERS) + "é");
        }
        return texts;
    }

    static Stream<Tokenizer> tokenizers() {
        Stream<Tokenizer> bytePair =
                Stream.of("gpt-2", "llama-bpe", "tekken", "deepseek-llm", "deepseek-v3", "bloom")
                        .map(name ->
                                SpecBuilder.bytePair(name)
                                        .merges(
                                                "a a", "aa aa", "Ġ Ġ", "ĠĠ ĠĠ", "Ċ Ċ", "7 7", "a b",
                                                "ab ab", "! !")
                                        .control("<|im_end|>")
                                        .build());
        SpecBuilder pieces = SpecBuilder.sentencePiece().control("<|im_end|>");
        for (String piece :
                List.of("aa", "aaaa", "▁▁", "▁▁▁▁", "ab", "abab", "77", "!!", "▁", "a")) {
            pieces.token(piece, TokenType.NORMAL, -piece.length());
        }
        SpecBuilder words = SpecBuilder.wordPiece("▁a", "a", "aaaa", "▁7", "7", "ab", "▁!");
        return Stream.concat(bytePair, Stream.of(pieces.build(), words.build()));
    }

    @ParameterizedTest
    @MethodSource("tokenizers")
    void takeTimeInProportion(Tokenizer tokenizer) {
        for (String text : texts()) {
            int[] tokens = tokenizer.encode(text, Specials.PARSED);
            assertThat(tokens.length).isLessThanOrEqualTo(UTF8_BYTES_MAX * text.length() + 3);
        }
    }
}
