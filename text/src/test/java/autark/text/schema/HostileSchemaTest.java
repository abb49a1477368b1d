package autark.text.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import autark.text.grammar.GrammarException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Schemas that are meant to hurt: an error or a language, soon.
class HostileSchemaTest {
    private static final int MUTANTS = 20_000;
    private static final Duration LIMIT = Duration.ofSeconds(1);
    private static final String[] PIECES = {
        "{",
        "}",
        "[",
        "]",
        ":",
        ",",
        "\"",
        "\\u0000",
        "1e9999999",
        "\"minItems\":\"x\",",
        "-1",
        "99999999999999999999",
        "0.00000000000000000000001",
        "\"$ref\":\"#\"",
        "\"not\":{}",
        "true",
        "false",
        "null",
        "\"uniqueItems\":true,",
        "\"minItems\":1000,",
        "\"maxLength\":9999,",
        "\"multipleOf\":1e-20,",
        "\"pattern\":\"(a|a)*b{1,50}\",",
        "\"contains\":{},",
        "\"type\":\"object\",",
        "\uD800",
        "é",
        "\"required\":[\"a\",\"b\"],",
        "\"minProperties\":5,",
        "\"maxProperties\":1,",
        "\"const\":{},"
    };

    @Test
    void aMutantIsALanguageOrRefused() {
        List<String> sources = new ArrayList<>(RealSchemas.ALL);
        int compiled = 0;
        for (long seed = 1; seed <= MUTANTS; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            String source =
                    seed % 2 == 0
                            ? sources.get(random.nextInt(sources.size()))
                            : new RandomSchemas(random).schema(3);
            String mutant = mutated(source, random);
            long start = System.nanoTime();
            compiled += isLanguage(mutant, "seed " + seed) ? 1 : 0;
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .as("seed %d: %s", seed, mutant)
                    .isLessThan(LIMIT);
        }
        assertThat(compiled).isBetween(MUTANTS / 50, MUTANTS * 49 / 50);
    }

    private static boolean isLanguage(String source, String as) {
        try {
            JsonSchema.parse(source).language().start();
            return true;
        } catch (GrammarException e) {
            assertThat(e.getMessage()).as(as).isNotBlank();
            return false;
        }
    }

    private static String mutated(String source, SplittableRandom random) {
        StringBuilder text = new StringBuilder(source);
        for (int left = 1 + random.nextInt(3); left > 0; left--) {
            int at = random.nextInt(text.length() + 1);
            switch (random.nextInt(4)) {
                case 0 -> text.insert(at, PIECES[random.nextInt(PIECES.length)]);
                case 1 -> text.delete(at, Math.min(text.length(), at + 1 + random.nextInt(5)));
                case 2 -> {
                    int from = random.nextInt(source.length());
                    text.insert(at, source, from, Math.min(source.length(), from + 30));
                }
                default -> {
                    int object = text.indexOf("{", at);
                    if (object >= 0) {
                        text.insert(object + 1, PIECES[random.nextInt(PIECES.length)]);
                    }
                }
            }
        }
        return text.toString();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"$ref\":\"#\"}",
                "{\"allOf\":[{\"$ref\":\"#/$defs/a\"}],\"$defs\":{\"a\":{\"anyOf\":[{\"$ref\":\"#\"}]}}}",
                "{\"not\":{\"$ref\":\"#\"}}",
                "{\"$ref\":\"#/$defs/a\",\"$defs\":{\"a\":{\"$ref\":\"#/$defs/a\"}}}",
            })
    void aCircleIsNamed(String source) {
        assertThatThrownBy(() -> JsonSchema.parse(source))
                .isInstanceOf(GrammarException.class)
                .hasMessageContaining("leads back to itself");
    }

    @Test
    void whatIsTooLargeIsRefusedSoon() {
        List<String> sources = new ArrayList<>();
        sources.add("{\"not\":".repeat(200) + "{}" + "}".repeat(200));
        sources.add("{\"enum\":[" + "{\"a\":1},".repeat(60) + "1],\"not\":{\"enum\":[{},[]]}}");
        sources.add(
                many(
                                "anyOf",
                                60,
                                i ->
                                        "{\"properties\":{\"p%d\":{\"type\":\"string\"}}}"
                                                .formatted(i))
                        .replace("}]}", "}],\"unevaluatedProperties\":false}"));
        sources.add(
                many("oneOf", 40, i -> "{\"properties\":{\"p%d\":{\"minimum\":3}}}".formatted(i)));
        sources.add(
                many(
                        "allOf",
                        60,
                        i ->
                                "{\"anyOf\":[{\"required\":[\"a%d\"]},{\"required\":[\"b%d\"]}]}"
                                        .formatted(i, i)));
        sources.add(many("allOf", 40, i -> "{\"contains\":{\"const\":%d}}".formatted(i)));
        sources.add(
                many(
                        "allOf",
                        40,
                        i ->
                                "{\"patternProperties\":{\"a.{%d}b\":{\"minimum\":%d}}}"
                                        .formatted(i, i)));
        sources.add(many("allOf", 40, i -> "{\"not\":{\"pattern\":\"a.{%d}b\"}}".formatted(i)));
        sources.add(
                "{\"uniqueItems\":true,\"minItems\":32,\"items\":{\"type\":\"integer\",\"minimum\":0,\"maximum\":31}}");
        sources.add(
                "{\"type\":\"integer\",\"allOf\":["
                        + "{\"not\":{\"multipleOf\":7}},".repeat(50)
                        + "{}]}");
        sources.add(chain(5_000));
        sources.add("{\"patternProperties\":{\"^a{900}$\":{}},\"additionalProperties\":false}");
        sources.add(
                "{\"properties\":{"
                        + "\"a%d\":{},".repeat(3).formatted(1, 2, 3)
                        + "\"z\":{}},\"not\":{\"maxProperties\":900}}");
        for (String source : sources) {
            long start = System.nanoTime();
            isLanguage(source, source);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).as(source).isLessThan(LIMIT);
        }
    }

    /// Definitions of which each refers to the next.
    private static String chain(int length) {
        StringBuilder definitions = new StringBuilder();
        for (int i = 0; i < length; i++) {
            definitions.append(
                    "\"a%d\":{\"allOf\":[{\"$ref\":\"#/$defs/a%d\"}]},".formatted(i, i + 1));
        }
        return "{\"$ref\":\"#/$defs/a0\",\"$defs\":{%s\"a%d\":{\"type\":\"null\"}}}"
                .formatted(definitions, length);
    }

    private interface Part {
        String of(int index);
    }

    private static String many(String keyword, int count, Part part) {
        List<String> parts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            parts.add(part.of(i));
        }
        return "{\"%s\":[%s]}".formatted(keyword, String.join(",", parts));
    }

    /// A model that knows no end: any bytes that are allowed, always the same one if it can.
    @ParameterizedTest
    @ValueSource(strings = {"[", " ", "\n", "1", "{", "\""})
    void aModelThatRepeatsItselfStaysInside(String favourite) {
        JsonSchema schema = JsonSchema.parse(RealSchemas.ANY);
        assertThat(Texts.insist(schema.language(), favourite.getBytes(StandardCharsets.UTF_8)[0]))
                .isLessThan(1_000);
    }
}
