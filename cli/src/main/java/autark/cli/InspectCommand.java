package autark.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `autark inspect`: looks inside a model at each step from text to logits.
@Command(
        name = "inspect",
        synopsisSubcommandLabel = "COMMAND",
        description = "Looks inside a model at each step from text to logits.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  autark inspect prompt smollm2:135m --input conversation.json",
            "  autark inspect tokens smollm2:135m < text.txt",
            "  autark inspect logits model.gguf --tokens 1,2,3 --output logits.f32",
        })
final class InspectCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    /// The command with its subcommands.
    static CommandLine tree(Streams streams) {
        return new CommandLine(new InspectCommand())
                .addSubcommand(new InspectTokensCommand(streams))
                .addSubcommand(new InspectTextCommand(streams))
                .addSubcommand(new InspectPromptCommand())
                .addSubcommand(new InspectLogitsCommand())
                .addSubcommand(new InspectTensorCommand());
    }

    @Override
    public Integer call() {
        throw new ParameterException(
                spec.commandLine(), "expected tokens, text, prompt, logits or tensor");
    }
}
