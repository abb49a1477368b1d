package autark.cli;

import autark.text.parse.Segment;
import java.io.PrintWriter;

/// Writes an answer as it comes. On a terminal thinking is dimmed, and control characters are shown
/// as U+FFFD: what a model writes must not steer the terminal.
final class AnswerPrinter {
    /// Which parts of the answer are written.
    enum Thinking {
        show,
        hide,
        only
    }

    private static final String DIM = "\u001B[2m";
    private static final String PLAIN = "\u001B[0m";

    private final PrintWriter out;
    private final boolean onTerminal;
    private final Thinking view;
    private boolean dimmed;
    private boolean thought;
    private char last = '\n';

    AnswerPrinter(PrintWriter out, boolean onTerminal, Thinking view) {
        this.out = out;
        this.onTerminal = onTerminal;
        this.view = view;
    }

    /// Writes a piece. Returns whether somebody still reads the output.
    boolean print(Segment piece) {
        switch (piece.kind()) {
            case THINKING -> {
                if (view != Thinking.hide) {
                    thought = true;
                    dim(true);
                    write(piece.text());
                }
            }
            case ANSWER -> {
                if (view != Thinking.only) {
                    if (thought) {
                        dim(false);
                        write("\n\n");
                        thought = false;
                    }
                    write(piece.text());
                }
            }
            case CALL_NAME, CALL_ARGUMENTS ->
                    throw new IllegalStateException("found a call, and no tools were offered");
        }
        return !out.checkError();
    }

    /// Ends the answer with a line break.
    void end() {
        dim(false);
        if (last != '\n') {
            write("\n");
        }
        out.flush();
    }

    private void dim(boolean wanted) {
        if (onTerminal && wanted != dimmed) {
            out.print(wanted ? DIM : PLAIN);
            dimmed = wanted;
        }
    }

    private void write(String text) {
        out.print(onTerminal ? withoutControls(text) : text);
        last = text.charAt(text.length() - 1);
    }

    private static String withoutControls(String text) {
        StringBuilder shown = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char unit = text.charAt(i);
            boolean layout = unit == '\n' || unit == '\t';
            shown.append(Character.isISOControl(unit) && !layout ? '\uFFFD' : unit);
        }
        return shown.toString();
    }
}
