package autark.cli;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `autark completion`: the script by which a shell completes commands and options.
@Command(
        name = "completion",
        description = "Prints a completion script for bash, zsh or fish.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  autark completion bash > ~/.local/share/bash-completion/completions/autark",
            "  autark completion fish > ~/.config/fish/completions/autark.fish",
            "  source <(autark completion zsh)",
        })
final class CompletionCommand implements Callable<Integer> {
    /// Shells that can complete; bash and zsh read the same script.
    enum Shell {
        bash,
        zsh,
        fish
    }

    @Spec private CommandSpec spec;

    @Parameters(paramLabel = "SHELL", description = "${COMPLETION-CANDIDATES}")
    private Shell shell;

    @Override
    public Integer call() {
        CommandSpec root = spec.root();
        String script =
                switch (shell) {
                    case bash, zsh -> AutoComplete.bash(root.name(), root.commandLine());
                    case fish -> FishCompletion.script(root);
                };
        spec.commandLine().getOut().print(script);
        spec.commandLine().getOut().flush();
        return ExitCode.OK;
    }
}
