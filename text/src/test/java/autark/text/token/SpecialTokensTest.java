package autark.text.token;

import static org.assertj.core.api.Assertions.assertThat;

import autark.text.token.SpecialTokens.Match;
import autark.text.token.SpecialTokens.Special;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

final class SpecialTokensTest {
    private static SpecialTokens specials(String... texts) {
        List<Special> specials = new ArrayList<>();
        for (String text : texts) {
            specials.add(new Special(specials.size(), text, false, false));
        }
        return new SpecialTokens(specials);
    }

    @Test
    void theLongestTokenAtAPlaceCounts() {
        assertThat(specials("<|", "<|end|>", "<|end").find("x<|end|><|"))
                .containsExactly(new Match(1, 1, 8), new Match(0, 8, 10));
    }

    @Test
    void aLongerTokenWinsOverAnEarlierOne() {
        assertThat(specials("abc", "bcde").find("abcde")).containsExactly(new Match(1, 1, 5));
    }

    @Test
    void whereALongerTokenLiesInTheWayAShorterOneStillFits() {
        assertThat(specials("ab", "abc", "cdef").find("abcdef"))
                .containsExactly(new Match(0, 0, 2), new Match(2, 2, 6));
    }

    @Test
    void lengthCountsInUtf8() {
        assertThat(specials("ab中", "bcd中", "中xyz!").find("ab中xyz!"))
                .containsExactly(new Match(2, 2, 7));
    }

    @Test
    void noTokensOrNoPlaces() {
        assertThat(specials().find("text")).isEmpty();
        assertThat(specials("<s>").find("")).isEmpty();
        assertThat(specials("<s>").find("<s")).isEmpty();
    }

    @Test
    void swallowsWhiteSpaceOnTheSidesItIsSaidTo() {
        SpecialTokens specials =
                new SpecialTokens(
                        List.of(
                                new Special(0, "<l>", true, false),
                                new Special(1, "<r>", false, true)));
        assertThat(specials.find("a \t<l> b <r>\n c"))
                .containsExactly(new Match(0, 1, 6), new Match(1, 9, 14));
        assertThat(specials.find("\u00A0<l>\u3000")).containsExactly(new Match(0, 1, 4));
    }

    @Test
    void whiteSpaceThatALongerTokenIsMadeOfStays() {
        SpecialTokens specials =
                new SpecialTokens(
                        List.of(
                                new Special(0, "<r>", false, true),
                                new Special(1, "    ", false, false)));
        assertThat(specials.find("<r>     x"))
                .containsExactly(new Match(0, 0, 3), new Match(1, 3, 7));
    }

    /// Against the reference's way: one token after the other, each through all text that is left.
    @Test
    void findsWhatASearchTokenByTokenFinds() {
        for (long seed = 1; seed <= 3_000; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            List<Special> specials = randomSpecials(random);
            String text = randomText(random, 40);
            assertThat(new SpecialTokens(specials).find(text))
                    .as("%s in '%s', seed %d", specials, text, seed)
                    .isEqualTo(searched(specials, text));
        }
    }

    private static List<Special> randomSpecials(SplittableRandom random) {
        // Of tokens of equal length only one may be there: their order is not defined.
        Set<Integer> lengths = new TreeSet<>();
        List<Special> specials = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            String text = randomText(random, 6);
            if (lengths.add(text.length())) {
                specials.add(new Special(i, text, random.nextInt(3) == 0, random.nextInt(3) == 0));
            }
        }
        return specials;
    }

    private static String randomText(SplittableRandom random, int lengthMax) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(1, lengthMax + 1); i > 0; i--) {
            text.append("ab ".charAt(random.nextInt(3)));
        }
        return text.toString();
    }

    private static List<Match> searched(List<Special> specials, String text) {
        List<Special> longestFirst = new ArrayList<>(specials);
        longestFirst.sort(Comparator.comparingInt(special -> -special.text().length()));
        List<Match> matches = new ArrayList<>();
        boolean[] taken = new boolean[text.length() + 1];
        for (Special special : longestFirst) {
            int length = special.text().length();
            int from = text.indexOf(special.text());
            while (from >= 0) {
                int start = from;
                int end = from + length;
                if (anyTaken(taken, start, end)) {
                    from = text.indexOf(special.text(), from + 1);
                    continue;
                }
                while (special.stripsLeft() && start > 0 && blank(text, taken, start - 1)) {
                    start--;
                }
                while (special.stripsRight() && end < text.length() && blank(text, taken, end)) {
                    end++;
                }
                for (int i = start; i < end; i++) {
                    taken[i] = true;
                }
                matches.add(new Match(special.token(), start, end));
                from = text.indexOf(special.text(), end);
            }
        }
        matches.sort(Comparator.comparingInt(Match::from));
        return matches;
    }

    private static boolean blank(String text, boolean[] taken, int at) {
        return text.charAt(at) == ' ' && !taken[at];
    }

    private static boolean anyTaken(boolean[] taken, int from, int to) {
        for (int i = from; i < to; i++) {
            if (taken[i]) {
                return true;
            }
        }
        return false;
    }
}
