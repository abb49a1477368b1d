package autark.cli;

import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// What is shown of an answer.
final class ViewArguments {
    @Option(
            names = "--thinking",
            paramLabel = "VIEW",
            description =
                    "What to write of a model's thinking: ${COMPLETION-CANDIDATES} (default: show"
                            + " on a terminal, else hide).")
    private AnswerPrinter.@Nullable Thinking thinking;

    @Option(
            names = {"-v", "--verbose"},
            description = "Tell the seed, times and tokens/s on standard error.")
    private boolean verbose;

    boolean verbose() {
        return verbose;
    }

    /// A printer of one answer.
    AnswerPrinter printer(PrintWriter out, Streams streams) {
        boolean onTerminal = streams.outputHasControls();
        AnswerPrinter.Thinking usual =
                onTerminal ? AnswerPrinter.Thinking.show : AnswerPrinter.Thinking.hide;
        return new AnswerPrinter(out, onTerminal, thinking == null ? usual : thinking);
    }
}
