package autark.checks.tidy;

import static org.assertj.core.api.Assertions.assertThat;

import autark.checks.Repository;
import autark.server.config.OllamaVariables;
import autark.server.config.Setting;
import autark.server.config.Settings;
import autark.server.config.Variable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// The page of the server's settings is what their declarations say.
class ServerSettingsTest {
    private static final Path PAGE = Repository.root().resolve("docs/reference/server-settings.md");

    /// `-Dautark.golden=update` writes the page anew.
    @Test
    void thePageIsWhatTheSettingsAre() throws IOException {
        String page = page();
        if ("update".equals(System.getProperty("autark.golden"))) {
            Files.writeString(PAGE, page);
        }

        assertThat(PAGE).hasContent(page);
    }

    private static String page() {
        StringBuilder page =
                new StringBuilder(
                        """
                        # Settings of the server

                        What `autark serve` reads: a flag, else a variable of the environment, else the
                        configuration file, else the standard. The file is TOML; `server.port` is `port` in
                        its table `[server]`. It is the one of `--config`, else of `AUTARK_CONFIG`, else
                        `$XDG_CONFIG_HOME/autark/config.toml` (`~/.config/autark/config.toml`), else
                        `/etc/autark/config.toml`. What is unknown, in the file or of `AUTARK_*`, is refused
                        by name. `autark serve --check` prints what holds and where it comes from.
                        """);
        String section = "";
        for (Setting<?> setting : Settings.ALL) {
            String of = setting.key().substring(0, setting.key().indexOf('.'));
            if (!of.equals(section)) {
                section = of;
                page.append("\n## ").append(section).append("\n\n");
                page.append("| setting | value | standard | flag | variables | what it is |\n");
                page.append("|---|---|---|---|---|---|\n");
            }
            page.append(row(setting));
        }
        page.append("\n## Variables of Ollama that are not honoured\n\n");
        page.append("They are named when the server starts.\n\n| variable | why |\n|---|---|\n");
        new TreeMap<>(OllamaVariables.REFUSED)
                .forEach((name, why) -> page.append("| `%s` | %s |\n".formatted(name, why)));
        return page.toString();
    }

    private static String row(Setting<?> setting) {
        List<String> variables = setting.variables().stream().map(Variable::name).toList();
        return "| `%s` | %s | %s | %s | %s | %s |\n"
                .formatted(
                        setting.key(),
                        setting.form().expected(),
                        code(
                                setting.standard().isEmpty()
                                        ? List.of()
                                        : List.of(setting.standard())),
                        code(setting.flags()),
                        code(variables),
                        setting.help());
    }

    private static String code(List<String> words) {
        return words.stream().map(word -> "`" + word + "`").collect(Collectors.joining(", "));
    }
}
