package autark.text.token;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ByteAlphabetTest {
    @Test
    void eachByteHasItsOwnCharacterAndComesBack() {
        Set<String> letters = new HashSet<>();
        for (int value = 0; value < 256; value++) {
            String letter = SpecBuilder.letter(value);
            assertThat(letter.codePointCount(0, letter.length())).isOne();
            assertThat(ByteAlphabet.decode(letter)).containsExactly(value);
            letters.add(letter);
        }
        assertThat(letters).hasSize(256);
    }

    @ParameterizedTest
    @CsvSource({
        "0x00, Ā", "0x09, ĉ", "0x0A, Ċ", "0x20, Ġ", "0x21, !", "0x7E, ~", "0x7F, ġ", "0xA0, ł",
        "0xA1, ¡", "0xAC, ¬", "0xAD, Ń", "0xAE, ®", "0xFF, ÿ"
    })
    void lettersAreThoseOfPublishedVocabularies(String value, String letter) {
        assertThat(SpecBuilder.letter(Integer.decode(value))).isEqualTo(letter);
    }

    @Test
    void aCharacterOutsideTheAlphabetStandsForItself() {
        assertThat(ByteAlphabet.decode("Ġ中😁")).asString().isEqualTo(" 中😁");
    }
}
