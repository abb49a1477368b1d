package autark.checks.program;

import static org.assertj.core.api.Assertions.assertThat;

import autark.text.grammar.GrammarException;
import autark.text.grammar.Language;
import autark.text.schema.JsonSchema;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The mandatory tests of JSON Schema: nothing that is invalid may be written, and what is valid
/// may be, under each schema that is not refused.
class SchemaSuiteTest {
    private static final String DRAFT_7 = "http://json-schema.org/draft-07/schema#";

    @ParameterizedTest
    @CsvSource({"draft2020-12, 93", "draft7, 94"})
    void verdictsAreThoseOfTheSuite(String draft, int percentCompiled) {
        List<SchemaSuite.Group> groups = SchemaSuite.groups(draft);
        List<String> wrong = new ArrayList<>();
        Map<String, Integer> refused = new TreeMap<>();
        int right = 0;
        int compiled = 0;
        for (SchemaSuite.Group group : groups) {
            JsonSchema schema;
            try {
                schema = JsonSchema.parse(inDraft(draft, group.schema()));
            } catch (GrammarException e) {
                refused.merge(keyword(e), 1, Integer::sum);
                continue;
            }
            compiled++;
            for (SchemaSuite.Case one : group.cases()) {
                if (allows(schema.language(), one.text()) == one.valid()) {
                    right++;
                } else {
                    wrong.add(
                            "%s, %s: %s is %s"
                                    .formatted(
                                            group.file(),
                                            group.description(),
                                            one.text(),
                                            one.valid() ? "valid" : "invalid"));
                }
            }
        }
        String figures =
                "%s: %d of %d schemas compiled, refused by keyword %s; %d instances right, %d wrong"
                        .formatted(draft, compiled, groups.size(), refused, right, wrong.size());
        System.out.println(figures);
        assertThat(wrong).as(figures).isEmpty();
        assertThat(right).as(figures).isGreaterThan(800);
        assertThat(100 * compiled / groups.size())
                .as(figures)
                .isGreaterThanOrEqualTo(percentCompiled);
        assertThat(refused.keySet()).as(figures).isSubsetOf("$ref", "$schema");
    }

    /// The suite of draft 7 does not say in its schemas that they are of draft 7.
    private static String inDraft(String draft, String schema) {
        if (!draft.equals("draft7") || schema.contains("\"$schema\"")) {
            return schema;
        }
        String dialect = "{\"$schema\":\"" + DRAFT_7 + "\"";
        return switch (schema) {
            case "true", "{}" -> dialect + "}";
            case "false" -> dialect + ",\"not\":{}}";
            default -> dialect + "," + schema.substring(1);
        };
    }

    /// The keyword that a refusal names.
    private static String keyword(GrammarException e) {
        String message = e.getMessage();
        int from = message.indexOf('\'') + 1;
        assertThat(from).as(message).isPositive();
        return message.substring(from, message.indexOf('\'', from));
    }

    private static <S> boolean allows(Language<S> language, String text) {
        S state;
        try {
            state = language.start();
        } catch (GrammarException e) {
            return false; // the schema allows nothing
        }
        for (byte value : text.getBytes(StandardCharsets.UTF_8)) {
            Optional<S> next = language.next(state, value);
            if (next.isEmpty()) {
                return false;
            }
            state = next.get();
        }
        return language.complete(state);
    }
}
