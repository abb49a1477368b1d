package autark.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/// `autark audit`: the log of what was done to the server.
@Command(
        name = "audit",
        synopsisSubcommandLabel = "COMMAND",
        description = "Checks the audit log of the server.",
        footerHeading = "%nExamples:%n",
        footer = "  autark audit verify")
final class AuditCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    /// The command with its subcommands.
    static CommandLine tree(ServerBooks books) {
        return new CommandLine(new AuditCommand()).addSubcommand(new Verify(books));
    }

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "expected verify");
    }

    /// `autark audit verify`.
    @Command(
            name = "verify",
            description =
                    "Tells whether a line of the audit log was changed, moved, added or taken away.",
            footerHeading = "%nExample:%n",
            footer = "  autark audit verify")
    static final class Verify implements Callable<Integer> {
        private final ServerBooks books;

        @Spec private CommandSpec spec;

        Verify(ServerBooks books) {
            this.books = books;
        }

        @Override
        public Integer call() {
            JsonNode verdict = books.ask(books.request("verify-log"));
            if (verdict.has("problem")) {
                throw new CommandException(
                        "the audit log is not as it was written: "
                                + verdict.get("problem").asString());
            }
            spec.commandLine()
                    .getOut()
                    .printf("%s lines, all as they were written%n", verdict.get("lines"));
            return ExitCode.OK;
        }
    }
}
