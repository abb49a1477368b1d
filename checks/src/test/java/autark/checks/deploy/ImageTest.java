package autark.checks.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import autark.checks.Repository;
import autark.server.config.Configuration;
import autark.server.config.Settings;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The recipe of the image is one, and its process may do little.
class ImageTest {
    private static final Set<String> INSTRUCTIONS =
            Set.of(
                    "CMD",
                    "COPY",
                    "ENTRYPOINT",
                    "ENV",
                    "EXPOSE",
                    "FROM",
                    "HEALTHCHECK",
                    "LABEL",
                    "RUN",
                    "STOPSIGNAL",
                    "USER",
                    "VOLUME",
                    "WORKDIR");
    private static final Pattern BASE =
            Pattern.compile("[a-z0-9./-]+:(?!latest)[a-z0-9._-]+(?: AS [a-z]+)?");
    private static final Pattern VARIABLE = Pattern.compile("([A-Z_]+)=(\\S+)");

    private record Instruction(String name, String rest) {}

    @Test
    void eachLineIsAnInstruction() {
        assertThat(instructions()).extracting(Instruction::name).allMatch(INSTRUCTIONS::contains);
        assertThat(rests("FROM")).hasSize(2).allMatch(base -> BASE.matcher(base).matches());
        for (String form : List.of("RUN", "ENTRYPOINT", "CMD", "VOLUME")) {
            assertThat(rests(form)).isNotEmpty().allMatch(rest -> json(rest).isArray());
        }
    }

    @Test
    void itRunsAsNobodyInParticularAndIsWatched() {
        List<Instruction> last = lastStage();
        assertThat(last).contains(new Instruction("USER", "10001:10001"));
        assertThat(last).extracting(Instruction::name).doesNotContain("WORKDIR");
        Instruction health =
                last.stream().filter(i -> i.name().equals("HEALTHCHECK")).findFirst().orElseThrow();
        JsonNode command = json(health.rest().substring(health.rest().indexOf("CMD ") + 4));
        assertThat(command.get(2).stringValue()).contains("GET /healthz HTTP/1.1", "Host: ");
    }

    /// All that it needs at run time is in it.
    @Test
    void whatItTakesIsThere() {
        for (Instruction copy : lastStage()) {
            if (copy.name().equals("COPY") && !copy.rest().startsWith("--from=")) {
                assertThat(Files.exists(Repository.root().resolve(copy.rest().split(" ", -1)[0])))
                        .as(copy.rest())
                        .isTrue();
            }
        }
        assertThat(Files.isExecutable(Repository.root().resolve("deploy/autark.sh"))).isTrue();
    }

    @Test
    void itsSettingsAreSettings() {
        Map<String, String> environment = new HashMap<>();
        for (String rest : rests("ENV")) {
            for (MatchResult variable : VARIABLE.matcher(rest).results().toList()) {
                environment.put(variable.group(1), variable.group(2));
            }
        }
        Configuration settings = Configuration.of(Map.of(), environment, Optional.empty());
        assertThat(settings.get(Settings.HOST)).isEqualTo("0.0.0.0");
        assertThat(settings.get(Settings.BEHIND_PROXY)).isTrue();
        assertThat(rests("EXPOSE")).containsExactly(settings.get(Settings.PORT).toString());
        assertThat(environment.get("AUTARK_DATA")).startsWith("/var/lib/autark/");
        assertThat(environment.get("AUTARK_MODELS")).startsWith("/var/lib/autark/");
    }

    private static JsonNode json(String text) {
        return JsonMapper.shared().readTree(text);
    }

    private static List<String> rests(String name) {
        return instructions().stream()
                .filter(instruction -> instruction.name().equals(name))
                .map(Instruction::rest)
                .toList();
    }

    private static List<Instruction> lastStage() {
        List<Instruction> all = instructions();
        int from = 0;
        for (int i = 0; i < all.size(); i++) {
            from = all.get(i).name().equals("FROM") ? i : from;
        }
        return all.subList(from, all.size());
    }

    private static List<Instruction> instructions() {
        String text = Repository.read(Repository.root().resolve("deploy/Containerfile"));
        List<Instruction> instructions = new ArrayList<>();
        for (String line : text.replace("\\\n", "").lines().toList()) {
            if (!line.isBlank() && !line.startsWith("#")) {
                String[] words = line.split(" ", 2);
                instructions.add(new Instruction(words[0], words[1].strip().replaceAll(" +", " ")));
            }
        }
        return instructions;
    }
}
