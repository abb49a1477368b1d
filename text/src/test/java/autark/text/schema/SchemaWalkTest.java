package autark.text.schema;

import static org.assertj.core.api.Assertions.assertThat;

import autark.text.grammar.Language;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// Answers written by chance under schemas as people write them.
class SchemaWalkTest {
    private static final int WALKS = 10_000;

    @Test
    void anyWalkEndsInAValidValue() {
        int walksEach = WALKS / RealSchemas.ALL.size();
        for (String source : RealSchemas.ALL) {
            JsonSchema schema = JsonSchema.parse(source);
            Oracle oracle = new Oracle(source);
            for (long seed = 1; seed <= walksEach; seed++) {
                byte[] text = Texts.walk(schema.language(), new SplittableRandom(seed));
                String read = new String(text, StandardCharsets.UTF_8);
                assertThat(!Oracle.judges(read) || oracle.allows(read))
                        .as("seed %d: %s", seed, read)
                        .isTrue();
                assertThat(read.getBytes(StandardCharsets.UTF_8))
                        .as("seed %d", seed)
                        .isEqualTo(text);
            }
        }
    }

    /// What is written is also found to be written: the way there, byte by byte, stays inside, and
    /// the end of the text completes it with nothing more.
    @Test
    void aWalkIsATextOfTheLanguage() {
        for (String source : RealSchemas.ALL) {
            JsonSchema schema = JsonSchema.parse(source);
            for (long seed = 1; seed <= 10; seed++) {
                byte[] text = Texts.walk(schema.language(), new SplittableRandom(seed));
                assertThat(Texts.contains(schema.language(), text)).as("seed %d", seed).isTrue();
                completesAlong(schema.language(), text, "seed " + seed);
            }
        }
    }

    private static <S> void completesAlong(Language<S> language, byte[] text, String as) {
        S state = language.start();
        for (int i = 0; i < text.length; i++) {
            byte[] rest = language.completion(state);
            assertThat(rest.length == 0).as(as).isEqualTo(language.complete(state));
            byte[] whole = Arrays.copyOf(text, i + rest.length);
            System.arraycopy(rest, 0, whole, i, rest.length);
            assertThat(Texts.contains(language, whole))
                    .as("%s: %s", as, new String(whole, StandardCharsets.UTF_8))
                    .isTrue();
            state = language.next(state, text[i]).orElseThrow();
        }
    }

    /// A cache finds equal situations again, however they were come to.
    @Test
    void equalSituationsAreEqualStates() {
        assertThat(
                        sameAfter(
                                RealSchemas.INVOICE,
                                "{\"paid\":true,\"note\":\"a",
                                "{\"note\":null,\"paid\":true,\"currency\":\"E"))
                .isFalse();
        assertThat(
                        sameAfter(
                                RealSchemas.INVOICE,
                                "{\"paid\":true,\"currency\":\"EUR\"",
                                "{\"currency\":\"CHF\",\"paid\":false"))
                .isTrue();
        assertThat(sameAfter("{\"type\":\"string\"}", "\"a", "\"bcd\\u00e9")).isTrue();
        assertThat(sameAfter("{\"items\":{\"type\":\"number\"}}", "[1,2,3,", "[4,")).isTrue();
        assertThat(
                        sameAfter(
                                "{\"type\":\"array\",\"items\":{\"type\":\"integer\"}}",
                                "[1,23",
                                "[45"))
                .isTrue();
        assertThat(sameAfter(RealSchemas.TREE, "{\"value\":1", "{\"value\":9")).isTrue();
        assertThat(sameAfter("{\"uniqueItems\":true}", "[1,[2],", "[[2],1,")).isTrue();
    }

    private static boolean sameAfter(String source, String one, String other) {
        Language<?> language = JsonSchema.parse(source).language();
        return same(language, one, other);
    }

    private static <S> boolean same(Language<S> language, String one, String other) {
        S a = after(language, one);
        S b = after(language, other);
        assertThat(!a.equals(b) || a.hashCode() == b.hashCode()).isTrue();
        return a.equals(b);
    }

    private static <S> S after(Language<S> language, String text) {
        Optional<S> state = Optional.of(language.start());
        for (byte value : text.getBytes(StandardCharsets.UTF_8)) {
            state = state.flatMap(at -> language.next(at, value));
        }
        return state.orElseThrow(() -> new AssertionError("no beginning: " + text));
    }
}
