package autark.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class FormTest {
    @ParameterizedTest
    @CsvSource({
        "5m, PT5M",
        "300, PT5M",
        "0, PT0S",
        "1h30m, PT1H30M",
        "250ms, PT0.25S",
        "-1, P36500D",
        "-1s, P36500D",
        "999999999h, P36500D",
    })
    void timesAreThoseOfGo(String text, Duration time) {
        assertThat(Form.time().read(Form.node(text))).isEqualTo(time);
    }

    static Stream<Arguments> wrong() {
        return Stream.of(
                Arguments.of(Form.time(), "'5 minutes'"),
                Arguments.of(Form.time(), "'5d'"),
                Arguments.of(Form.time(), "'9999999999999s'"),
                Arguments.of(Form.time(), "true"),
                Arguments.of(Form.number(1, 8), "0"),
                Arguments.of(Form.number(1, 8), "9"),
                Arguments.of(Form.number(1, 8), "1.5"),
                Arguments.of(Form.number(1, 8), "'two'"),
                Arguments.of(Form.number(1, 8), "[1]"),
                Arguments.of(Form.amount(), "-1"),
                Arguments.of(Form.amount(), "1e400"),
                Arguments.of(Form.yesOrNo(), "'yes'"),
                Arguments.of(Form.word("a", "b"), "'c'"),
                Arguments.of(Form.size(), "'10 elephants'"),
                Arguments.of(Form.text("X", "a text"), "''"),
                Arguments.of(Form.text("X", "a text"), "{}"),
                Arguments.of(Form.file(), "'\\u0000'"),
                Arguments.of(Form.texts("X", "texts"), "['a', '']"),
                Arguments.of(Form.texts("X", "texts"), "'a,,b'"),
                Arguments.of(Form.texts("X", "texts"), "[['a']]"),
                Arguments.of(Form.table(Form.number(1, 8)), "'a=1'"),
                Arguments.of(Form.table(Form.number(1, 8)), "{'a': 9}"));
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void whatIsNoValueIsRefused(Form<?> form, String json) {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> form.read(json(json)))
                .withMessageStartingWith("found ")
                .withMessageEndingWith("expected " + form.expected());
    }

    @Test
    void valuesOfTheFileAndOfFlagsAreTheSame() {
        assertThat(Form.number(1, 8).read(json("8"))).isEqualTo(8);
        assertThat(Form.number(1, 8).read(Form.node("8"))).isEqualTo(8);
        assertThat(Form.yesOrNo().read(json("true"))).isTrue();
        assertThat(Form.yesOrNo().read(Form.node("0"))).isFalse();
        assertThat(Form.word("f16", "q8_0").read(Form.node("Q8_0"))).isEqualTo("q8_0");
        assertThat(Form.size().read(json("0"))).isZero();
        assertThat(Form.size().read(json("'2GiB'"))).isEqualTo(2L << 30);
        assertThat(Form.amount().read(json("0.25"))).isEqualTo("0.25");
        List<String> texts = List.of("a", "b");
        assertThat(Form.texts("X", "texts").read(json("['a', 'b']"))).isEqualTo(texts);
        assertThat(Form.texts("X", "texts").read(Form.node("a, b"))).isEqualTo(texts);
        assertThat(Form.table(Form.number(1, 8)).read(json("{'a': 1, 'b': '2'}")))
                .isEqualTo(Map.of("a", 1, "b", 2));
    }

    private static JsonNode json(String text) {
        return JsonMapper.shared().readTree(text.replace('\'', '"'));
    }
}
