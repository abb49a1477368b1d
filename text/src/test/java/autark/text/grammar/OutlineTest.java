package autark.text.grammar;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// Languages made of others.
class OutlineTest {
    private static final String[] PATTERNS = {"a", "ab", "a*", "b?", "(a|b)b", "[ab]+", "", "ba"};

    /// A chain of ways, each of which may be one of several, is a pattern too.
    @Test
    void equalsThePatternOfItsParts() {
        SplittableRandom random = new SplittableRandom(7);
        for (int i = 0; i < 150; i++) {
            Outline outline = new Outline();
            StringBuilder pattern = new StringBuilder();
            int from = Outline.FIRST;
            int length = random.nextInt(1, 5);
            for (int part = 0; part < length; part++) {
                int to = part == length - 1 ? Outline.LAST : outline.place();
                String one = PATTERNS[random.nextInt(PATTERNS.length)];
                String other = PATTERNS[random.nextInt(PATTERNS.length)];
                outline.way(from, Regex.matching(one).language(), to);
                outline.way(from, Regex.matching(other).language(), to);
                pattern.append("(?:").append(one).append('|').append(other).append(')');
                from = to;
            }
            Language<?> joined = outline.language();
            Regex whole = Regex.matching(pattern.toString());
            for (int number = 1; number < 1 << 6; number++) {
                // All texts of up to five letters: the first digit is a one and left out.
                String digits = Integer.toBinaryString(number).substring(1);
                String letters = digits.replace('0', 'a').replace('1', 'b');
                assertThat(Languages.contains(joined, letters))
                        .as("%s in %s", letters, pattern)
                        .isEqualTo(whole.matches(letters));
            }
            assertThat(Languages.completed(joined, "")).hasSize(whole.distance(whole.start()));
        }
    }

    @Test
    void goesAroundInCircles() {
        Outline outline = new Outline();
        int between = outline.place();
        outline.way(Outline.FIRST, "<", between);
        outline.way(between, Regex.matching("[a-z]+").language(), between);
        outline.way(between, ", ", between);
        outline.way(between, ">", Outline.LAST);
        Language<?> language = outline.language();
        assertThat(Languages.contains(language, "<ab, c>")).isTrue();
        assertThat(Languages.contains(language, "<ab, c")).isFalse();
        assertThat(Languages.contains(language, "<ab>, ")).isFalse();
        assertThat(Languages.completed(language, "<ab,")).isEqualTo(" >");
        assertThat(Languages.completed(language, "<")).isEqualTo(">");
    }

    @Test
    void statesOfEqualPlacesAreEqual() {
        Outline outline = new Outline();
        outline.way(Outline.FIRST, Regex.matching("[a-z]*").language(), Outline.LAST);
        outline.way(Outline.FIRST, Regex.matching("x[a-z]*").language(), Outline.LAST);
        assertEqual(outline.language(), "xa", "xbcd");
    }

    private static <S> void assertEqual(Language<S> language, String one, String other) {
        assertThat(Languages.after(language, one.getBytes(UTF_8)))
                .isEqualTo(Languages.after(language, other.getBytes(UTF_8)));
    }

    @Test
    void refusesWhatHasNoEnd() {
        Outline outline = new Outline();
        int nowhere = outline.place();
        outline.way(Outline.FIRST, "a", Outline.LAST);
        outline.way(Outline.FIRST, "b", nowhere);
        assertThatExceptionOfType(GrammarException.class)
                .isThrownBy(outline::language)
                .withMessageContaining("cannot be reached");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> outline.way(Outline.LAST, "a", nowhere));
    }
}
