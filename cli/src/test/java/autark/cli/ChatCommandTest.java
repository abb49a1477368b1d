package autark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ChatCommandTest {
    @TempDir private Path folder;
    private Path model;

    @BeforeEach
    void writeModel() throws IOException {
        model = Files.write(folder.resolve("model.gguf"), BigramModel.saying("Hi."));
    }

    @Test
    void eachLineIsAMessage() {
        CommandRun run = chat("One?\n\n  \nTwo?\n");
        assertThat(run.out()).isEqualTo("Hi.\nHi.\n");
        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
    }

    @Test
    void theConversationIsRemembered() {
        CommandRun run = chat("One?\nTwo?\n/clear\nTwo?\n", "-v");
        String first = "<user\nOne?>\n<assistant\n";
        String second = first + "Hi.>\n<user\nTwo?>\n<assistant\n";
        assertThat(run.err().lines().filter(line -> line.startsWith("prompt")))
                .map(line -> line.replaceFirst(",.*", ""))
                .containsExactly(
                        "prompt   %d tokens".formatted(first.length()),
                        "prompt   %d tokens".formatted(second.length()),
                        "prompt   %d tokens".formatted(first.length()));
    }

    @Test
    void whatWasReadSurvivesARestartForModelsOfTheStore() throws IOException {
        Map<String, String> environment =
                Map.of(
                        "HOME", folder.toString(),
                        "AUTARK_MODELS", folder.resolve("models").toString());
        CommandRun imported =
                CommandRun.of(environment, "import", "--name=bigram", model.toString());
        assertThat(imported.exitCode()).as(imported.err()).isZero();
        String input = "a question that is longer than a page of keys and values\n";
        String[] chat = {"chat", "-m", "bigram", "-v"};
        assertThat(known(CommandRun.withInput(bytes(input), environment, chat))).isZero();
        assertThat(known(CommandRun.withInput(bytes(input), environment, chat))).isEqualTo(64);
        String[] without = {"chat", "-m", "bigram", "-v", "--no-prefix-cache"};
        assertThat(known(CommandRun.withInput(bytes(input), environment, without))).isZero();
        assertThat(folder.resolve(".cache/autark/prefixes")).isDirectory();
        assertThat(
                        Files.getPosixFilePermissions(
                                folder.resolve(".local/share/autark/prefixes.key")))
                .containsExactlyInAnyOrder(
                        PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
    }

    /// Tokens of the prompt that were known before.
    private static int known(CommandRun run) {
        assertThat(run.out()).isEqualTo("Hi.\n");
        Matcher known =
                Pattern.compile("prompt +\\d+ tokens, (\\d+) of them known").matcher(run.err());
        assertThat(known.find()).as(run.err()).isTrue();
        return Integer.parseInt(known.group(1));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void byeEndsBeforeTheInputDoes() {
        assertThat(chat("One?\n/bye\nTwo?\n").out()).isEqualTo("Hi.\n");
    }

    @Test
    void aPersonIsGreetedAndHelped() {
        CommandRun run =
                CommandRun.atTerminal(
                        "/help\n/nonsense\nOne?\n", Map.of(), "chat", "-m", model.toString());
        assertThat(run.out()).isEqualTo("Hi.\n");
        assertThat(run.err())
                .startsWith(model + " is ready; /help lists the commands\n>>> /clear   forget")
                .contains(">>> no command /nonsense; /help lists them\n>>> ");
    }

    @Test
    void aPersonMayGoOnAfterAMessageThatIsTooLong() {
        String tooLong = "x".repeat(200);
        CommandRun person =
                CommandRun.atTerminal(
                        tooLong + "\nOne?\n", Map.of(), "chat", "-m", model.toString());
        assertThat(person.err()).contains("autark: the prompt has");
        assertThat(person.out()).isEqualTo("Hi.\n");
        CommandRun script = chat(tooLong + "\nOne?\n");
        assertThat(script.exitCode()).isEqualTo(1);
        assertThat(script.out()).isEmpty();
    }

    @Test
    void aFormatHoldsEveryAnswer() {
        assertThat(chat("One?\nTwo?\n", "--pattern", "[0-9]", "--kv-memory=2MB").out())
                .matches("[0-9]\n[0-9]\n");
        assertThat(chat("One?\n", "--pattern", "[").exitCode()).isEqualTo(2);
    }

    private CommandRun chat(String input, String... options) {
        List<String> arguments = new ArrayList<>(List.of("chat", "-m", model.toString()));
        arguments.addAll(List.of(options));
        return CommandRun.withInput(
                input.getBytes(StandardCharsets.UTF_8), Map.of(), arguments.toArray(String[]::new));
    }
}
