package autark.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `autark eval`: measures how good a model is.
@Command(
        name = "eval",
        synopsisSubcommandLabel = "COMMAND",
        description = "Measures how good a model is.",
        footerHeading = "%nExamples:%n",
        footer = "  autark eval perplexity smollm2:135m --file text.txt")
final class EvalCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    /// The command with its subcommands.
    static CommandLine tree() {
        return new CommandLine(new EvalCommand()).addSubcommand(new PerplexityCommand());
    }

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "expected perplexity");
    }
}
