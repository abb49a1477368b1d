package autark.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// The prompt that a user gives by the words of the command line, by standard input, or by both.
final class PromptText {
    private static final String INPUT_MARK = "-";
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final String PARAGRAPH = "\n\n";

    private PromptText() {}

    /// The prompt; empty if none was given.
    ///
    /// The words come first. Standard input follows them as a paragraph of its own, or stands where
    /// the word `-` does. Without that word an input that does not begin soon is left alone. One
    /// line break at the end of the input is no part of it.
    ///
    /// @param notes gets a line if the input is left alone
    static String of(List<String> words, Streams streams, PrintWriter notes) throws IOException {
        if (words.contains(INPUT_MARK)) {
            String text = withoutLastBreak(PipedText.reading(streams.input()).toEnd());
            return String.join(
                    " ",
                    words.stream().map(word -> word.equals(INPUT_MARK) ? text : word).toList());
        }
        String typed = String.join(" ", words);
        if (streams.inputIsTerminal()) {
            return typed;
        }
        PipedText piped = PipedText.reading(streams.input());
        if (typed.isEmpty()) {
            return withoutLastBreak(piped.toEnd());
        }
        Optional<String> text = piped.toEndIfBegun(PATIENCE);
        if (text.isEmpty()) {
            notes.printf(
                    "autark: nothing came on standard input within %d seconds, going on without it"
                            + " (the word - as part of the prompt waits for it)%n",
                    PATIENCE.toSeconds());
        }
        String input = withoutLastBreak(text.orElse(""));
        return input.isEmpty() ? typed : typed + PARAGRAPH + input;
    }

    private static String withoutLastBreak(String text) {
        int end = text.length();
        if (text.endsWith("\n")) {
            end -= text.endsWith("\r\n") ? 2 : 1;
        }
        return text.substring(0, end);
    }
}
