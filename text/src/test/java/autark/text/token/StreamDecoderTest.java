package autark.text.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class StreamDecoderTest {
    /// Token n is byte n.
    private final SpecBuilder bytes =
            SpecBuilder.bytePair("gpt-2").merges("h i").control("<|end|>");

    private final Tokenizer tokenizer = bytes.build();

    private static int[] tokens(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        int[] tokens = new int[utf8.length];
        for (int i = 0; i < tokens.length; i++) {
            tokens[i] = utf8[i] & 0xFF;
        }
        return tokens;
    }

    @ParameterizedTest
    @ValueSource(strings = {"é", "中", "😁"})
    void aCharacterOverSeveralTokensComesWithTheLast(String character) {
        StreamDecoder decoder = tokenizer.newStreamDecoder();
        int[] tokens = tokens(character);
        for (int i = 0; i < tokens.length - 1; i++) {
            assertThat(decoder.next(tokens[i])).isEmpty();
        }
        assertThat(decoder.next(tokens[tokens.length - 1])).isEqualTo(character);
        assertThat(decoder.end()).isEmpty();
    }

    @Test
    void halfACharacterAtTheEndIsReplaced() {
        StreamDecoder decoder = tokenizer.newStreamDecoder();
        assertThat(decoder.next('a')).isEqualTo("a");
        assertThat(decoder.next(0xF0)).isEmpty();
        assertThat(decoder.next(0x9F)).isEmpty();
        assertThat(decoder.end()).isEqualTo("\uFFFD");
    }

    @Test
    void halfACharacterInTheMiddleIsReplacedWhenTheNextByteShowsIt() {
        StreamDecoder decoder = tokenizer.newStreamDecoder();
        assertThat(decoder.next(0xE4)).isEmpty();
        assertThat(decoder.next(0xB8)).isEmpty();
        assertThat(decoder.next('a')).isEqualTo("\uFFFDa");
        assertThat(decoder.next(0xFF)).isEqualTo("\uFFFD");
    }

    @Test
    void canGoOnAfterTheEnd() {
        StreamDecoder decoder = tokenizer.newStreamDecoder();
        assertThat(decoder.next(0xC3)).isEmpty();
        assertThat(decoder.end()).isEqualTo("\uFFFD");
        assertThat(decoder.next('b')).isEqualTo("b");
    }

    @Test
    void controlTokensGiveNoTextButDoNotDisturb() {
        StreamDecoder decoder = tokenizer.newStreamDecoder();
        assertThat(decoder.next(0xC3)).isEmpty();
        assertThat(decoder.next(bytes.id("<|end|>"))).isEmpty();
        assertThat(decoder.next(0xA9)).isEqualTo("é");
    }

    @Test
    void aTokenOutsideTheVocabularyIsRefused() {
        StreamDecoder decoder = tokenizer.newStreamDecoder();
        assertThatThrownBy(() -> decoder.next(100_000))
                .isInstanceOf(TokenizerException.class)
                .hasMessageContaining("no token 100000");
        assertThatThrownBy(() -> decoder.next(-1)).isInstanceOf(TokenizerException.class);
    }

    @Test
    void anyBytesGiveWhatTheWholeWouldGive() {
        for (long seed = 1; seed <= 5_000; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            byte[] whole = new byte[random.nextInt(1, 24)];
            StringBuilder streamed = new StringBuilder();
            StreamDecoder decoder = tokenizer.newStreamDecoder();
            for (int i = 0; i < whole.length; i++) {
                whole[i] = oftenUtf8(random);
                String piece = decoder.next(whole[i] & 0xFF);
                assertThat(endsWithHalfCharacter(piece)).as("seed %d", seed).isFalse();
                streamed.append(piece);
            }
            streamed.append(decoder.end());
            assertThat(streamed.toString())
                    .as("seed %d", seed)
                    .isEqualTo(new String(whole, StandardCharsets.UTF_8));
        }
    }

    private static byte oftenUtf8(SplittableRandom random) {
        byte[] likely = {'a', (byte) 0xC3, (byte) 0xE4, (byte) 0xED, (byte) 0xF0, (byte) 0xF4};
        return switch (random.nextInt(4)) {
            case 0 -> likely[random.nextInt(likely.length)];
            case 1 -> (byte) random.nextInt(256);
            default -> (byte) (0x80 + random.nextInt(0x40));
        };
    }

    private static boolean endsWithHalfCharacter(String piece) {
        return !piece.isEmpty() && Character.isHighSurrogate(piece.charAt(piece.length() - 1));
    }

    @Test
    void theSpaceBeforeATextIsTakenFromItsFirstTokenAlone() {
        SpecBuilder pieces =
                SpecBuilder.sentencePiece()
                        .token("▁hello", TokenType.NORMAL, 0)
                        .token("▁▁", TokenType.NORMAL, 0);
        Tokenizer spaced = pieces.build();
        StreamDecoder decoder = spaced.newStreamDecoder();
        assertThat(decoder.next(pieces.id("▁hello"))).isEqualTo("hello");
        assertThat(decoder.next(pieces.id("▁hello"))).isEqualTo(" hello");
        assertThat(spaced.newStreamDecoder().next(pieces.id("▁▁"))).isEqualTo(" ");
        assertThat(spaced.newContinuationDecoder().next(pieces.id("▁hello"))).isEqualTo(" hello");
        assertThat(spaced.decode(pieces.ids("▁hello", "▁hello")))
                .asString()
                .isEqualTo("hello hello");

        Tokenizer unspaced = pieces.flag(TokenizerFlag.ADD_SPACE_PREFIX, false).build();
        assertThat(unspaced.newStreamDecoder().next(pieces.id("▁hello"))).isEqualTo(" hello");
    }
}
