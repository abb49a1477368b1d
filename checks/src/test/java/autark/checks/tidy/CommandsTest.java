package autark.checks.tidy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import autark.checks.Markdown;
import autark.checks.Repository;
import autark.cli.Autark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.ParameterException;

/// The commands that documents show are commands.
class CommandsTest {
    private static final Path REFERENCE = Repository.root().resolve("docs/reference/cli.md");
    private static final int HELP_COLUMNS = 96;

    /// A word of a shell line: quoted, or without spaces; or what ends the command.
    private static final Pattern WORD =
            Pattern.compile("\"([^\"]*)\"|'([^']*)'|([^\\s\"'|<>#;]+)|([|<>#;])");

    static Stream<String> shellLines() {
        return Repository.files(Repository.root(), ".md").stream()
                .flatMap(file -> new Markdown(Repository.read(file)).code("sh").stream())
                .flatMap(String::lines)
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .distinct();
    }

    /// The examples below each help text.
    static Stream<String> examples() {
        return reference().lines().filter(line -> line.startsWith("  autark ")).map(String::strip);
    }

    @ParameterizedTest
    @MethodSource({"shellLines", "examples"})
    void aShownCommandIsUnderstood(String line) {
        assertThatCode(() -> check(line)).doesNotThrowAnyException();
    }

    @Test
    void anUnknownOptionOrScriptIsSeen() {
        assertThatThrownBy(() -> check("./autark list --no-such-option"))
                .isInstanceOf(ParameterException.class);
        assertThatThrownBy(() -> check("bench/no-such-script"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    /// `-Dautark.golden=update` writes the reference anew.
    @Test
    void theReferenceIsWhatHelpSays() throws IOException {
        String reference = reference();
        if ("update".equals(System.getProperty("autark.golden"))) {
            Files.writeString(REFERENCE, reference);
        }

        assertThat(REFERENCE).hasContent(reference);
    }

    private static void check(String line) {
        List<String> words = words(line);
        String program = words.getFirst();
        if (program.equals("./autark") || program.equals("autark")) {
            Autark.commandLine(Map.of("HOME", "/nowhere"))
                    .parseArgs(words.subList(1, words.size()).toArray(String[]::new));
        } else if (program.contains("/")
                && !program.startsWith("/")
                && !Files.isExecutable(Repository.root().resolve(program))) {
            throw new IllegalArgumentException("found no program " + program);
        }
    }

    private static List<String> words(String line) {
        List<String> words = new ArrayList<>();
        for (MatchResult word : WORD.matcher(line).results().toList()) {
            if (word.group(4) != null) {
                break;
            }
            boolean assignment = words.isEmpty() && word.group().matches("[A-Z_]+=.*");
            if (!assignment) {
                words.add(
                        Stream.of(word.group(1), word.group(2), word.group(3))
                                .filter(group -> group != null)
                                .findFirst()
                                .orElseThrow());
            }
        }
        return words;
    }

    private static String reference() {
        StringBuilder text =
                new StringBuilder("# Commands\n\nWhat `--help` says, all on one page. ");
        text.append("Exit codes: 0 done, 1 failed, 2 wrong usage.\n");
        append(Autark.commandLine(Map.of("HOME", "/nowhere")), text);
        return text.toString();
    }

    private static void append(CommandLine command, StringBuilder text) {
        command.getCommandSpec().usageMessage().width(HELP_COLUMNS);
        text.append("\n## ").append(command.getCommandSpec().qualifiedName()).append("\n\n```\n");
        command.getUsageMessage(Ansi.OFF)
                .lines()
                .forEach(line -> text.append(line.stripTrailing()).append("\n"));
        text.append("```\n");
        command.getSubcommands().values().stream().distinct().forEach(sub -> append(sub, text));
    }
}
