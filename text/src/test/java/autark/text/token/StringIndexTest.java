package autark.text.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class StringIndexTest {
    private static final long SEED = 20261124;

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static int find(StringIndex index, String text) {
        byte[] bytes = bytes("<" + text + ">");
        return index.find(bytes, 1, bytes.length - 1);
    }

    @Test
    void findsWhatAHashMapFinds() {
        SplittableRandom random = new SplittableRandom(SEED);
        Map<String, Integer> expected = new HashMap<>();
        List<String> strings = new ArrayList<>();
        while (strings.size() < 5_000) {
            String string = randomString(random);
            if (expected.putIfAbsent(string, strings.size()) == null) {
                strings.add(string);
            }
        }
        StringIndex index = StringIndex.ofDistinct(Utf8Strings.of(strings), "token");
        for (int i = 0; i < 20_000; i++) {
            String string = randomString(random);
            assertThat(find(index, string))
                    .as("%s, seed %d", string, SEED)
                    .isEqualTo(expected.getOrDefault(string, StringIndex.ABSENT));
        }
    }

    private static String randomString(SplittableRandom random) {
        StringBuilder text = new StringBuilder();
        for (int length = random.nextInt(1, 7); length > 0; length--) {
            text.append("abcé中".charAt(random.nextInt(5)));
        }
        return text.toString();
    }

    @Test
    void findsPairsByTheSpaceBetweenThem() {
        StringIndex index =
                StringIndex.ofFirst(Utf8Strings.of(List.of("a b", "ab c", "a bc")), "merge");
        byte[] text = bytes("abc");
        assertThat(index.findPair(text, 0, 1, 2)).isZero();
        assertThat(index.findPair(text, 0, 2, 3)).isEqualTo(1);
        assertThat(index.findPair(text, 0, 1, 3)).isEqualTo(2);
        assertThat(index.findPair(text, 1, 2, 3)).isEqualTo(StringIndex.ABSENT);
    }

    @Test
    void ofEqualPairsTheFirstCounts() {
        StringIndex index = StringIndex.ofFirst(Utf8Strings.of(List.of("a b", "a b")), "merge");
        assertThat(index.findPair(bytes("ab"), 0, 1, 2)).isZero();
    }

    @Test
    void findsTheLongestPrefix() {
        StringIndex index =
                StringIndex.ofDistinct(Utf8Strings.of(List.of("a", "abc", "abcde")), "token");
        assertThat(index.findLongestPrefix(bytes("xabcdx"), 1, 6)).isEqualTo(1);
        assertThat(index.findLongestPrefix(bytes("abcde"), 0, 5)).isEqualTo(2);
        assertThat(index.findLongestPrefix(bytes("abcde"), 0, 4)).isEqualTo(1);
        assertThat(index.findLongestPrefix(bytes("b"), 0, 1)).isEqualTo(StringIndex.ABSENT);
    }

    @Test
    void equalStringsAreRefusedByNumber() {
        assertThatThrownBy(() ->
                        StringIndex.ofDistinct(Utf8Strings.of(List.of("a", "b", "a")), "token"))
                .isInstanceOf(TokenizerException.class)
                .hasMessageContaining("token 2 'a'")
                .hasMessageContaining("token 0");
    }

    @Test
    void emptyStringsMayRepeatAndAreNeverFound() {
        StringIndex index = StringIndex.ofDistinct(Utf8Strings.of(List.of("", "a", "")), "token");
        assertThat(find(index, "a")).isEqualTo(1);
        assertThat(find(index, "")).isEqualTo(StringIndex.ABSENT);
    }

    @Test
    void stringsMadeToCollideAreRefused() {
        List<String> colliding = new ArrayList<>();
        for (int i = 0; colliding.size() < 1_000; i++) {
            byte[] candidate = bytes(Integer.toString(i, 36));
            if ((StringIndex.slot(StringIndex.hash(candidate, 0, candidate.length)) & 0xFFF) == 0) {
                colliding.add(Integer.toString(i, 36));
            }
        }
        assertThatThrownBy(() -> StringIndex.ofDistinct(Utf8Strings.of(colliding), "token"))
                .isInstanceOf(TokenizerException.class)
                .hasMessageContaining("made to collide");
    }
}
