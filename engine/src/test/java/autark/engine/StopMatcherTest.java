package autark.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class StopMatcherTest {
    @Test
    void findsAStopStringOverTheBordersOfPieces() {
        StopMatcher matcher = new StopMatcher(List.of("END"));
        assertThat(matcher.next("abcE")).isEqualTo("abc");
        assertThat(matcher.next("N")).isEmpty();
        assertThat(matcher.matched()).isFalse();
        assertThat(matcher.next("Dxyz")).isEmpty();
        assertThat(matcher.matched()).isTrue();
        assertThat(matcher.next("more")).isEmpty();
        assertThat(matcher.flush()).isEmpty();
    }

    @Test
    void givesHeldTextBackWhenItIsNoStopString() {
        StopMatcher matcher = new StopMatcher(List.of("END"));
        assertThat(matcher.next("EN")).isEmpty();
        assertThat(matcher.next("EE")).isEqualTo("ENE");
        assertThat(matcher.flush()).isEqualTo("E");
        assertThat(matcher.matched()).isFalse();
    }

    @Test
    void theStopStringThatIsCompleteFirstCounts() {
        assertThat(all(List.of("cd", "abcde"), "xabcdef")).isEqualTo("xab|true");
        assertThat(all(List.of("abcd", "cd"), "xabcdef")).isEqualTo("x|true");
        assertThat(all(List.of("aab"), "aaaab")).isEqualTo("aa|true");
    }

    @Test
    void withoutStopStringsTextPassesThrough() {
        StopMatcher matcher = new StopMatcher(List.of());
        assertThat(matcher.next("abc")).isEqualTo("abc");
        assertThat(matcher.flush()).isEmpty();
    }

    @Test
    void howTheTextIsCutChangesNothing() {
        for (long seed = 0; seed < 2_000; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            String text = randomText(random, random.nextInt(40));
            List<String> stops = new ArrayList<>();
            for (int i = random.nextInt(4); i > 0; i--) {
                stops.add(randomText(random, random.nextInt(1, 5)));
            }
            StopMatcher matcher = new StopMatcher(stops);
            StringBuilder pieces = new StringBuilder();
            int start = 0;
            while (start < text.length()) {
                int end = Math.min(text.length(), start + random.nextInt(1, 6));
                pieces.append(matcher.next(text.substring(start, end)));
                start = end;
            }
            pieces.append(matcher.flush()).append('|').append(matcher.matched());
            assertThat(pieces.toString())
                    .as("seed %d, stops %s, text %s", seed, stops, text)
                    .isEqualTo(slow(stops, text));
        }
    }

    private static String all(List<String> stops, String text) {
        StopMatcher matcher = new StopMatcher(stops);
        return matcher.next(text) + matcher.flush() + "|" + matcher.matched();
    }

    /// Grows the text by one character at a time and looks for any stop string at its end.
    private static String slow(List<String> stops, String text) {
        for (int end = 1; end <= text.length(); end++) {
            String front = text.substring(0, end);
            int longest =
                    stops.stream().filter(front::endsWith).mapToInt(String::length).max().orElse(0);
            if (longest > 0) {
                return front.substring(0, end - longest) + "|true";
            }
        }
        return text + "|false";
    }

    private static String randomText(SplittableRandom random, int length) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append((char) ('a' + random.nextInt(2)));
        }
        return text.toString();
    }
}
