package autark.engine.typed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import autark.text.grammar.Regex;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Texts of the patterns are values.
class NotationTest {
    static Set<Class<?>> classes() {
        return Notation.ALL.keySet();
    }

    @ParameterizedTest
    @MethodSource("classes")
    void javaReadsEachTextOfThePattern(Class<?> type) {
        Notation notation = Notation.ALL.get(type);
        Regex pattern = Regex.searching(notation.pattern());
        SplittableRandom random = new SplittableRandom(type.getName().hashCode());
        for (int i = 0; i < 3_000; i++) {
            String text = sample(pattern, random);
            assertThat(text).containsPattern(notation.pattern());
            assertThatCode(() -> notation.parse().apply(text)).as(text).doesNotThrowAnyException();
        }
    }

    private static String sample(Regex pattern, SplittableRandom random) {
        StringBuilder text = new StringBuilder();
        int state = pattern.start();
        while (!pattern.accepting(state)
                || (random.nextInt(12) > 0 && !steps(pattern, state).isEmpty())) {
            List<Integer> steps = steps(pattern, state);
            int codePoint = steps.get(random.nextInt(steps.size()));
            text.appendCodePoint(codePoint);
            state = pattern.next(state, codePoint);
        }
        return text.toString();
    }

    private static List<Integer> steps(Regex pattern, int state) {
        List<Integer> steps = new ArrayList<>();
        for (int c = 0; c < 256; c++) {
            if (pattern.live(pattern.next(state, c))) {
                steps.add(c);
            }
        }
        return steps;
    }

    /// As many texts as days, each of them a different day: so they are the days.
    @Test
    void theDatesAreAllDaysOfTheYears0To9999() {
        Regex pattern = Regex.searching(Notation.ALL.get(LocalDate.class).pattern());
        long days = LocalDate.of(10_000, 1, 1).toEpochDay() - LocalDate.of(0, 1, 1).toEpochDay();
        assertThat(count(pattern, pattern.start(), new HashMap<>())).isEqualTo(days);
        assertThat(pattern.matches("2024-02-29")).isTrue();
        assertThat(pattern.matches("2023-02-29")).isFalse();
        assertThat(pattern.matches("1900-02-29")).isFalse();
        assertThat(pattern.matches("2000-02-29")).isTrue();
        assertThat(pattern.matches("2023-02-31")).isFalse();
    }

    private static BigInteger count(Regex pattern, int state, Map<Integer, BigInteger> known) {
        BigInteger found = known.get(state);
        if (found == null) {
            found = pattern.accepting(state) ? BigInteger.ONE : BigInteger.ZERO;
            for (int codePoint : steps(pattern, state)) {
                found = found.add(count(pattern, pattern.next(state, codePoint), known));
            }
            known.put(state, found);
        }
        return found;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://example.org",
                "http://127.0.0.1:8080/a/b;c?d=e&f=g%20h#i",
                "ftp://user.example.org/~a/"
            })
    void usualAddressesAreInThePattern(String text) {
        assertThat(Regex.searching(Notation.ALL.get(URI.class).pattern()).matches(text)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0S", "P1D", "PT1H", "PT5M", "PT1H30S", "P2DT3H4M5.678S", "PT90M"})
    void usualDurationsAreInThePattern(String text) {
        assertThat(Regex.searching(Notation.ALL.get(Duration.class).pattern()).matches(text))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"P", "PT", "P1DT", "1D", "P1H"})
    void unfinishedDurationsAreNot(String text) {
        assertThat(Regex.searching(Notation.ALL.get(Duration.class).pattern()).matches(text))
                .isFalse();
    }
}
