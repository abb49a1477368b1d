package autark.text.grammar;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class RuleLanguageTest {
    private static String text(SplittableRandom random) {
        StringBuilder text = new StringBuilder();
        for (int length = random.nextInt(9); length > 0; length--) {
            text.append("abcé".charAt(random.nextInt(4)));
        }
        return text.toString();
    }

    @Test
    void agreesWithTryingEachWay() {
        int followed = 0;
        for (long seed = 1; seed <= 2_000; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            NaiveGrammar naive = new NaiveGrammar(random);
            Language<?> language = Gbnf.parse(naive.source());
            for (int i = 0; i < 40; i++) {
                String text = text(random);
                boolean follows = naive.follows(text);
                assertThat(Languages.contains(language, text))
                        .as("seed %d: '%s' by%n%s", seed, text, naive.source())
                        .isEqualTo(follows);
                followed += follows ? 1 : 0;
            }
        }
        assertThat(followed).isBetween(8_000, 72_000);
    }

    /// Each state can be completed, and equal states are found equal whichever way leads there.
    @Test
    void eachStateIsAlive() {
        for (long seed = 1; seed <= 1_000; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            NaiveGrammar naive = new NaiveGrammar(random);
            checkStates(Gbnf.parse(naive.source()), random, "seed " + seed);
        }
    }

    @Test
    void eachStateOfAPatternIsAlive() {
        for (long seed = 1; seed <= 1_000; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            Regex regex = Regex.matching(RandomPatterns.pattern(random, 2));
            if (!regex.isEmpty()) {
                checkStates(regex.language(), random, "seed " + seed);
            }
        }
    }

    private static <S> void checkStates(Language<S> language, SplittableRandom random, String as) {
        S state = language.start();
        List<Byte> path = new ArrayList<>();
        for (int step = 0; step < 12; step++) {
            byte[] rest = language.completion(state);
            assertThat(rest.length == 0).as(as).isEqualTo(language.complete(state));
            byte[] whole = new byte[path.size() + rest.length];
            for (int i = 0; i < path.size(); i++) {
                whole[i] = path.get(i);
            }
            System.arraycopy(rest, 0, whole, path.size(), rest.length);
            assertThat(Languages.contains(language, whole)).as(as).isTrue();
            assertThat(new String(whole, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8))
                    .as("%s: well-formed", as)
                    .isEqualTo(whole);
            List<Byte> ways = new ArrayList<>();
            for (int value = -128; value < 128; value++) {
                if (language.next(state, (byte) value).isPresent()) {
                    ways.add((byte) value);
                }
            }
            if (ways.isEmpty()) {
                return;
            }
            byte value = ways.get(random.nextInt(ways.size()));
            Optional<S> next = language.next(state, value);
            assertThat(next).as(as).isEqualTo(language.next(state, value));
            path.add(value);
            state = next.orElseThrow();
        }
    }

    @Test
    void contextsThatAreTheSameHaveEqualStates() {
        Language<?> json = Gbnf.parse(GbnfTest.JSON);
        assertThat(state(json, "[1, ["))
                .isEqualTo(state(json, "[2, 33,["))
                .isNotEqualTo(state(json, "["));
        assertThat(state(json, "{\"a\": \"x"))
                .isEqualTo(state(json, "{\"bb\" : \"".replace(" :", ":")));
    }

    private static <S> Object state(Language<S> language, String text) {
        return Languages.after(language, text.getBytes(StandardCharsets.UTF_8)).orElseThrow();
    }

    @Test
    void aPatternKeepsToWellFormedText() {
        Language<?> any = Regex.matching("[^]*").language();
        for (int codePoint = 0; codePoint <= Character.MAX_CODE_POINT; codePoint += 7) {
            byte[] text = new String(Character.toChars(codePoint)).getBytes(StandardCharsets.UTF_8);
            assertThat(Languages.contains(any, text)).isTrue();
        }
        byte[][] ill = {
            {(byte) 0xC0, (byte) 0x80},
            {(byte) 0xE0, (byte) 0x80, (byte) 0x80},
            {(byte) 0xED, (byte) 0xA0, (byte) 0x80},
            {(byte) 0xF0, (byte) 0x80, (byte) 0x80, (byte) 0x80},
            {(byte) 0xF4, (byte) 0x90, (byte) 0x80, (byte) 0x80},
            {(byte) 0x80},
            {(byte) 0xC3},
            {(byte) 0xC3, 'a'},
            {(byte) 0xFF}
        };
        Language<?> anyByGrammar = Gbnf.parse("root ::= .*");
        for (byte[] bytes : ill) {
            assertThat(Languages.contains(any, bytes)).isFalse();
            assertThat(Languages.contains(anyByGrammar, bytes)).isFalse();
        }
    }
}
