package autark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

final class AutarkTest {
    @Test
    void aloneItGreets() {
        CommandRun run = run();
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains("autark run \"Why is the sky blue?\"", "autark --help");
        assertThat(run.err()).isEmpty();
    }

    @Test
    void tellsItsVersion() {
        assertThat(run("--version").out()).matches("autark \\d+\\.\\d+\\.\\d+(-SNAPSHOT)?\\R");
    }

    @Test
    void helpListsTheCommands() {
        CommandRun run = run("--help");
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains(commandNames());
    }

    @ParameterizedTest
    @MethodSource("commandNames")
    void everyCommandHasHelpWithAnExample(String name) {
        CommandRun run = run(name, "--help");
        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .startsWith("Usage: autark " + name)
                .containsPattern("Examples?:\\R  autark " + name);
        assertThat(run.err()).isEmpty();
    }

    /// So that the help of a command does not depend on what else was made.
    @ParameterizedTest
    @MethodSource("commandNames")
    void aCommandMadeAloneIsTheOneOfTheWholeTree(String name) {
        CommandLine whole = Autark.commandLine(Map.of());
        CommandLine alone =
                Autark.commandLine(Map.of(), Streams.ofProcess(Map.of()), List.of(name));

        assertThat(alone.getSubcommands().keySet()).containsExactly(name);
        assertThat(help(alone, name)).isEqualTo(help(whole, name));
    }

    private static String help(CommandLine root, String name) {
        return Objects.requireNonNull(root.getSubcommands().get(name))
                .getUsageMessage(CommandLine.Help.Ansi.OFF);
    }

    @Test
    void onlyTheCommandThatIsMeantIsMade() {
        assertThat(Autark.meant("run", "list")).containsExactly("run");
        assertThat(Autark.meant("--debug", "list", "--json")).containsExactly("list");
        assertThat(Autark.meant("--version")).isEmpty();
        assertThat(Autark.meant()).isEqualTo(Autark.COMMANDS);
        assertThat(Autark.meant("--help")).isEqualTo(Autark.COMMANDS);
        assertThat(Autark.meant("rum")).isEqualTo(Autark.COMMANDS);
        assertThat(Autark.meant("completion", "bash")).isEqualTo(Autark.COMMANDS);
    }

    @ParameterizedTest
    @CsvSource({
        "lst, Did you mean: autark list",
        "list --jsno, Possible solutions: --json",
        "list extra, Usage and examples: autark list --help",
        "show, Missing required parameter: 'MODEL'",
        "rm, Missing required parameter: 'NAME'",
        "rm ../x, not a model name: '../x'",
        "pull smollm2:135m --name other, --name and --sha256 are for files of Hugging Face",
        "import x --sha256 12, not a SHA-256: '12'",
        "completion tcsh, expected one of [bash",
    })
    void wrongUsageIsTold(String arguments, String expected) {
        CommandRun run = run(arguments.split(" "));
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).startsWith("autark: ").contains(expected).doesNotContain("\tat ");
    }

    @Test
    void aFailureIsOneLineUnlessDebugged() {
        CommandRun run = run("list");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out()).isEmpty();
        assertThat(run.err().lines())
                .singleElement()
                .asString()
                .startsWith("autark: no place for models: HOME is not set");
        assertThat(run("list", "--debug").err()).contains("\tat ", "StoreException");
        assertThat(run("--debug", "list").err()).contains("\tat ", "StoreException");
    }

    @ParameterizedTest
    @CsvSource({"bash", "zsh"})
    void completionIsAScript(String shell) {
        CommandRun run = run("completion", shell);
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).startsWith("#!/usr/bin/env bash").contains(commandNames());
    }

    @Test
    void fishHasAScriptOfItsOwn() {
        assertThat(run("completion", "fish").out().lines())
                .contains(
                        "complete -c autark -n '__fish_use_subcommand' -f -a list"
                                + " -d 'Lists the models in the store.'",
                        "complete -c autark -n '__fish_seen_subcommand_from list' -l json"
                                + " -d 'Print a JSON array.'",
                        "complete -c autark -n '__fish_seen_subcommand_from pull' -l sha256 -r"
                                + " -d 'The digest that a file of Hugging Face must have"
                                + " (default: as it tells).'");
    }

    private static List<String> commandNames() {
        return List.copyOf(Autark.commandLine(Map.of()).getSubcommands().keySet());
    }

    private static CommandRun run(String... arguments) {
        return CommandRun.of(Map.of(), arguments);
    }
}
