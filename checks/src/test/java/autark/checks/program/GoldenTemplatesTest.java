package autark.checks.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import autark.text.template.ChatTemplate;
import autark.text.template.TemplateException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Chat templates of published models: the text that Jinja2 renders, to the letter, or an error
/// where it fails.
@EnabledIf("goldenIsHere")
class GoldenTemplatesTest {
    static final Path FOLDER = Path.of("../../shared/golden/templates");
    private static final JsonMapper JSON = JsonMapper.builder().build();

    static boolean goldenIsHere() {
        return Files.isDirectory(FOLDER);
    }

    static List<String> templates() throws IOException {
        List<String> names = new ArrayList<>();
        try (Stream<Path> files = Files.list(FOLDER)) {
            files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".jinja"))
                    .map(name -> name.substring(0, name.length() - ".jinja".length()))
                    .sorted()
                    .forEach(names::add);
        }
        assertThat(names).hasSizeGreaterThan(10);
        return names;
    }

    @ParameterizedTest
    @MethodSource("templates")
    void rendersAsTheReference(String name) throws IOException {
        ChatTemplate template =
                ChatTemplate.parse(Files.readString(FOLDER.resolve(name + ".jinja")));
        JsonNode cases = JSON.readTree(Files.readString(FOLDER.resolve("cases.json")));
        LocalDateTime now = LocalDateTime.parse(cases.get("now").asString());
        JsonNode results = JSON.readTree(Files.readString(FOLDER.resolve(name + ".json")));
        assertThat(results.size()).isEqualTo(2 * cases.get("cases").size());
        for (JsonNode result : results) {
            String caseName = result.get("case").asString();
            boolean prompt = result.get("add_generation_prompt").asBoolean();
            Map<String, @Nullable Object> variables =
                    new HashMap<>(
                            JSON.convertValue(
                                    cases.get("cases").get(caseName), new TypeReference<>() {}));
            variables.put("bos_token", cases.get("bos_token").asString());
            variables.put("eos_token", cases.get("eos_token").asString());
            variables.put("add_generation_prompt", prompt);
            String what = caseName + ", generation prompt " + prompt;
            if (result.has("expected")) {
                assertThat(template.render(variables, now))
                        .as(what)
                        .isEqualTo(result.get("expected").asString());
            } else {
                assertThatThrownBy(() -> template.render(variables, now))
                        .as(what)
                        .isInstanceOf(TemplateException.class);
            }
        }
    }
}
