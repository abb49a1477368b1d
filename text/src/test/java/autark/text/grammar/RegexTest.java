package autark.text.grammar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.SplittableRandom;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RegexTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "a.c abc true",
                "b abc true",
                "^b abc false",
                "^a|c$ xbc true",
                "^a|c$ xbcx false",
                "^(?:\\d{4})-\\d\\d$ 2024-05 true",
                "^(?:\\d{4})-\\d\\d$ 2024-051 false",
                "^[\\w.-]+@[^@\\s]+$ a.b@c.de true",
                "^\\u{1F601}$ 😁 true",
                "^\\uD83D\\uDE01$ 😁 true",
                "^.$ 😁 true",
                "^[^a]$ 😁 true",
                "^\\p{Lu}\\p{L}*$ Émile true",
                "^\\p{Lu}\\p{L}*$ émile false",
                "^\\p{Script=Greek}+$ αβγ true",
                "^\\P{L}$ a false",
                "a{ xa{y true",
                "^a{2}$ aa true",
                "^a{2,}$ aaaa true",
                "^a{2,3}?$ aaaa false",
                "^(?<name>a|b)+$ abab true",
                "^[a-c-]+$ a-c true",
                "^[]$ a false",
                "^[^]$ a true",
                "^\\x41\\u0042\\cJ?$ AB true",
                "(^|,)x(,|$) a,x true",
                "(^|,)x(,|$) ax false",
                "a^b ab false",
                "a$b ab false",
            })
    void searches(String pattern, String text, boolean found) {
        assertThat(Regex.searching(pattern).matches(text)).isEqualTo(found);
    }

    @Test
    void matchesWholeTexts() {
        assertThat(Regex.matching("a|bc").matches("bc")).isTrue();
        assertThat(Regex.matching("a|bc").matches("abc")).isFalse();
        assertThat(Regex.matching("").matches("")).isTrue();
        assertThat(Regex.matching("$^").matches("")).isTrue();
        assertThat(Regex.searching("^$").matches("a")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a**",
                "a{2}{3}",
                "(",
                "(a",
                "a)",
                "[a",
                "[b-a]",
                "*",
                "a|*",
                "{2}",
                "a{3,2}",
                "\\",
                "\\b",
                "\\B",
                "(?=a)",
                "(?!a)",
                "(?<=a)",
                "(?<!a)",
                "(?i)a",
                "\\1",
                "\\k<a>",
                "\\q",
                "\\p{Nonsense}",
                "\\p{Script=Nonsense}",
                "\\pL",
                "\\u12",
                "\\x1",
                "\\u{110000}",
                "\\ud800",
                "^*",
                "$+",
                "(?<a",
                "\\01",
                "\\c1"
            })
    void refuses(String pattern) {
        assertThatThrownBy(() -> Regex.searching(pattern)).isInstanceOf(GrammarException.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "a**b quantifier 3",
                "x(?=a) look-around 2",
                "x\\1 back 2",
                "x\\b boundary 2",
                "x[a not 2",
            })
    void saysWhatItRefusesAndWhere(String pattern, String what, int where) {
        assertThatThrownBy(() -> Regex.searching(pattern))
                .hasMessageContaining(what)
                .hasMessageContaining("at character " + where);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a{6000}",
                "((a{5000}){5000}){5000}",
                "((){5000}){5000}",
                "(((|a){5000}){5000}){5000}",
                "a.{30}b",
                "(x+x+)+y{4000}(a|b|c|d|e|f|g|h|i|j|k){4000}",
            })
    void refusesWhatIsTooLarge(String pattern) {
        assertThatThrownBy(() -> Regex.searching(pattern))
                .isInstanceOf(GrammarException.class)
                .hasMessageContaining("too large");
    }

    @Test
    void countsLengthsInCodePoints() {
        Regex regex = Regex.ofLength(2, 3);
        assertThat(regex.matches("a")).isFalse();
        assertThat(regex.matches("a😁")).isTrue();
        assertThat(regex.matches("😁😁😁")).isTrue();
        assertThat(regex.matches("😁😁😁😁")).isFalse();
        assertThat(Regex.ofLength(2, Regex.UNBOUNDED).matches("abcdef")).isTrue();
        assertThat(Regex.ofLength(0, 10_000).stateCount()).isEqualTo(10_002);
        assertThatThrownBy(() -> Regex.ofLength(0, 1 << 20)).isInstanceOf(GrammarException.class);
    }

    @Test
    void joinsLanguages() {
        Regex word = Regex.matching("[a-z]+");
        Regex shorts = Regex.ofLength(0, 3);
        assertThat(word.intersect(shorts).matches("abc")).isTrue();
        assertThat(word.intersect(shorts).matches("abcd")).isFalse();
        assertThat(word.union(shorts).matches("12")).isTrue();
        assertThat(word.complement().matches("12")).isTrue();
        assertThat(word.intersect(word.complement()).isEmpty()).isTrue();
        assertThat(word.union(word.complement()).stateCount()).isEqualTo(2);
        assertThat(Regex.literal("a😁").intersect(shorts).matches("a😁")).isTrue();
    }

    @Test
    void completesShortly() {
        Regex regex = Regex.matching("(foo|[a-z]{8}|\\d{3}-x)");
        assertThat(regex.completion(regex.start())).isEqualTo("foo");
        int state = regex.next(regex.start(), '7');
        assertThat(regex.completion(state)).isEqualTo("00-x");
    }

    @Test
    void walksThroughRanges() {
        Regex regex = Regex.matching("[a-f]|[0-9]x");
        int start = regex.start();
        assertThat(regex.lastAlike(start, 'b')).isEqualTo('f');
        assertThat(regex.lastAlike(start, 'g')).isEqualTo(Character.MAX_CODE_POINT);
        assertThat(regex.live(regex.next(start, 'g'))).isFalse();
        assertThat(regex.next(start, 0xD800)).isEqualTo(Regex.DEAD);
    }

    /// Java's own expressions are the oracle.
    @Test
    void agreesWithJava() {
        int matches = 0;
        int refused = 0;
        for (long seed = 1; seed <= 4_000; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            String pattern = RandomPatterns.pattern(random, 3);
            Regex searching;
            Regex matching;
            try {
                searching = Regex.searching(pattern);
                matching = Regex.matching(pattern);
            } catch (GrammarException e) {
                assertThat(e).as("seed %d", seed).hasMessageContaining("too large");
                refused++;
                continue;
            }
            Pattern oracle = Pattern.compile(inJava(pattern));
            for (int i = 0; i < 20; i++) {
                String text = RandomPatterns.text(random);
                boolean found = oracle.matcher(text).find();
                assertThat(searching.matches(text))
                        .as("seed %d: '%s' in '%s'", seed, pattern, text)
                        .isEqualTo(found);
                assertThat(matching.matches(text))
                        .as("seed %d: '%s' is '%s'", seed, pattern, text)
                        .isEqualTo(oracle.matcher(text).matches());
                matches += found ? 1 : 0;
            }
        }
        assertThat(refused).isLessThan(40);
        assertThat(matches).isBetween(10_000, 70_000);
    }

    /// Java's anchors and its dot know more line ends.
    private static String inJava(String pattern) {
        return pattern.replace("$", "\\z").replace("[^]", "[\\s\\S]");
    }

    @Test
    void joinsAgreeWithLogic() {
        for (long seed = 1; seed <= 500; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            Regex a = Regex.searching(RandomPatterns.pattern(random, 2));
            Regex b = Regex.matching(RandomPatterns.pattern(random, 2));
            Regex both = a.intersect(b);
            Regex either = a.union(b);
            Regex not = a.complement();
            for (int i = 0; i < 20; i++) {
                String text = RandomPatterns.text(random);
                boolean inA = a.matches(text);
                boolean inB = b.matches(text);
                assertThat(both.matches(text)).as("seed %d", seed).isEqualTo(inA && inB);
                assertThat(either.matches(text)).as("seed %d", seed).isEqualTo(inA || inB);
                assertThat(not.matches(text)).as("seed %d", seed).isEqualTo(!inA);
            }
        }
    }

    @Test
    void isMinimal() {
        for (long seed = 1; seed <= 500; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            Regex regex = Regex.searching(RandomPatterns.pattern(random, 3));
            Regex again = regex.complement().complement();
            assertThat(again.stateCount()).as("seed %d", seed).isEqualTo(regex.stateCount());
            assertThat(regex.union(regex).stateCount())
                    .as("seed %d", seed)
                    .isEqualTo(regex.stateCount());
        }
    }
}
