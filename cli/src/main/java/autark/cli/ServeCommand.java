package autark.cli;

import autark.server.config.ConfigException;
import autark.server.config.ConfigFile;
import autark.server.config.Configuration;
import autark.server.config.Setting;
import autark.server.config.Settings;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `autark serve`: models answer over HTTP. Its options are the settings of the server that have a
/// flag, and what is done with them.
@Command(
        name = "serve",
        description = {
            "Serves the models of this machine over HTTP.",
            "",
            "A setting is taken from its flag, else from its variable, else from the configuration"
                    + " file, a table of TOML for each section: --config, AUTARK_CONFIG,"
                    + " $XDG_CONFIG_HOME/autark/config.toml or /etc/autark/config.toml. --check"
                    + " prints all settings with their places in the file.",
            "",
            "Ctrl-C ends it; answers that are being written have a few seconds. A second one ends it"
                    + " at once.",
        },
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  autark serve",
            "  autark serve -m model.gguf --port 9000 --parallel 8",
            "  autark serve --config server.toml --check",
            "  autark serve --supervise",
        })
final class ServeCommand implements Callable<Integer> {
    private final Models models;

    @Spec private CommandSpec spec;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "The configuration file, instead of the usual ones.")
    private @Nullable Path config;

    @Option(
            names = "--check",
            description =
                    "Prints the settings and where they come from, and whether a server could start"
                            + " with them; exit code 0 if it could, else 1.")
    private boolean check;

    @Option(
            names = "--supervise",
            description = "Runs the server in a process of its own, and starts it anew if it dies.")
    private boolean supervise;

    @Option(names = Supervisor.SUPERVISED, hidden = true)
    private boolean supervised;

    private ServeCommand(Models models) {
        this.models = models;
    }

    /// The command with an option for each setting that has a flag.
    static CommandSpec spec(Models models) {
        CommandSpec spec = CommandSpec.forAnnotatedObject(new ServeCommand(models));
        for (Setting<?> setting : Settings.ALL) {
            if (!setting.flags().isEmpty()) {
                spec.addOption(option(setting));
            }
        }
        return spec;
    }

    private static OptionSpec option(Setting<?> setting) {
        String standard = setting.standard().isEmpty() ? "none" : setting.standard();
        boolean yesOrNo = setting.form().label().equals("YES");
        OptionSpec.Builder option =
                OptionSpec.builder(setting.flags().toArray(String[]::new))
                        .type(String.class)
                        .paramLabel(setting.form().label())
                        .description(
                                "%s (default: %s; %s)"
                                        .formatted(
                                                setting.help(),
                                                standard,
                                                setting.variables().getFirst().name()));
        return (yesOrNo ? option.arity("0..1").fallbackValue("true") : option).build();
    }

    @Override
    public Integer call() throws InterruptedException {
        ServePlan plan;
        PrintWriter notes = spec.commandLine().getErr();
        try {
            plan = new ServePlan(settings(), models.environment(), notes::println);
        } catch (ConfigException e) {
            if (check) {
                throw e;
            }
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
        if (check) {
            return new ServeCheck(plan, spec.commandLine().getOut()).run()
                    ? ExitCode.OK
                    : ExitCode.SOFTWARE;
        }
        if (supervise) {
            return Supervisor.ofThisProcess(notes).run();
        }
        return new Serving(plan, notes, supervised ? Serving.Until.PARENT_ENDS : Serving.Until.TOLD)
                .run();
    }

    private Configuration settings() {
        Map<String, String> flags = new HashMap<>();
        for (Setting<?> setting : Settings.ALL) {
            String flag = setting.flags().isEmpty() ? "" : setting.flags().getLast();
            OptionSpec option = flag.isEmpty() ? null : spec.findOption(flag);
            if (option != null && option.getValue() instanceof String text) {
                flags.put(flag, text);
            }
        }
        Optional<ConfigFile> file =
                ConfigFile.find(Optional.ofNullable(config), models.environment());
        return Configuration.of(flags, models.environment(), file);
    }
}
