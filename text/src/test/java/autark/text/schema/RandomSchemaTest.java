package autark.text.schema;

import static org.assertj.core.api.Assertions.assertThat;

import autark.text.grammar.GrammarException;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// Schemas made by chance, against another implementation.
class RandomSchemaTest {
    private static final int SCHEMAS = Integer.getInteger("schemas", 500);

    @Test
    void whatIsAllowedIsWhatTheOtherAllows() {
        int compiled = 0;
        for (long seed = 1; seed <= SCHEMAS; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            RandomSchemas make = new RandomSchemas(random);
            String text = make.schema(3);
            JsonSchema schema;
            try {
                schema = JsonSchema.parse(text);
            } catch (GrammarException e) {
                continue; // too many alternatives
            }
            compiled++;
            Oracle oracle = new Oracle(text);
            for (int i = 0; i < 20; i++) {
                String value = make.value(2);
                assertThat(Texts.allows(schema, value))
                        .as("seed %d: %s by %s", seed, value, text)
                        .isEqualTo(oracle.allows(value));
            }
            walk(schema, oracle, random, "seed " + seed + ": " + text);
        }
        assertThat(compiled).isGreaterThan(SCHEMAS * 9 / 10);
    }

    private static void walk(JsonSchema schema, Oracle oracle, SplittableRandom random, String as) {
        try {
            schema.language().start();
        } catch (GrammarException e) {
            return; // the schema contradicts itself
        }
        for (int i = 0; i < 3; i++) {
            String text = new String(Texts.walk(schema.language(), random), StandardCharsets.UTF_8);
            assertThat(!Oracle.judges(text) || oracle.allows(text))
                    .as("%s allows %s", as, text)
                    .isTrue();
        }
    }
}
