package autark.text.parse;

import java.util.ArrayList;
import java.util.List;

/// Splits the stream of a thinking model into thinking and answer.
///
/// A thinking model writes its thoughts between two tags and then the answer. The opening tag is
/// written by the model or stands already at the end of the prompt; the parser sees which from the
/// prompt's tail. Text comes in pieces of any size and goes out as early as it can: held back is
/// only what may still become a tag, and the white space beside it, which belongs to the tags. How
/// the text is cut into pieces never changes what comes out in sum.
///
/// Decisions, where the models leave room:
/// - *Opening.* A tag opens thinking only while the answer has no text yet. Further on, a model
///   that writes `<think>` writes about it. Tags that change nothing are dropped before the first
///   text: some models open what the prompt has opened, close twice, or close what is closed.
/// - *Closing.* Outside of code the first closing tag ends the thinking. Inside of a code fence or
///   of inline code the tag is text, for a model that thinks about a program that reads such tags
///   quotes them. One exception: a closing tag at the start of a line ends the thinking even inside
///   a fence, unless it closes an opening tag that the fence quotes. Models often forget to close a
///   fence and put the real tag on a line of its own; taking it for a quotation would hide the
///   whole answer, while taking a quotation for the end only shows thoughts too early.
/// - *Never closed.* At the end of the output the rest is thinking; there is no answer.
///
/// One parser reads one answer. It is not for use by several threads.
public final class ThinkingParser {
    private enum State {
        /// No text yet: white space is part of the answer, a tag may follow.
        START,
        /// After a closing tag: white space is dropped, a tag may follow.
        GAP,
        /// Before the first text of the thinking: white space and a second opening tag are dropped.
        OPENED,
        THINKING,
        ANSWER
    }

    private final ThinkingFormat format;
    private State state;

    /// What was read and not emitted.
    private final StringBuilder pending = new StringBuilder();

    /// How much of `pending` the scan for the closing tag has passed.
    private int scanned;

    /// Where the scan stands.
    private CodeTracker code = new CodeTracker();

    /// Opening tags that the fence quotes and has not closed.
    private int quotedOpenings;

    private ThinkingParser(ThinkingFormat format, State state) {
        this.format = format;
        this.state = state;
    }

    /// A parser for what a model writes after `prompt`, the rendered template.
    public static ThinkingParser after(String prompt, ThinkingFormat format) {
        String tail = prompt.stripTrailing();
        if (tail.endsWith(format.open())) {
            return new ThinkingParser(format, State.OPENED);
        }
        return new ThinkingParser(format, tail.endsWith(format.close()) ? State.GAP : State.START);
    }

    /// Takes the next piece of output, whole characters, and returns what is certain by now.
    public List<Segment> next(String piece) {
        List<Segment> segments = new ArrayList<>();
        pending.append(piece);
        boolean more = true;
        while (more && !pending.isEmpty()) {
            more =
                    switch (state) {
                        case START, GAP -> beforeAnswer(segments);
                        case OPENED -> beforeThinking();
                        case THINKING -> insideThinking(segments);
                        case ANSWER -> emit(segments, Segment.Kind.ANSWER, pending.length());
                    };
        }
        return segments;
    }

    /// Ends the output and returns the rest. An unfinished tag is text after all.
    public List<Segment> end() {
        List<Segment> segments = new ArrayList<>();
        if (thinking()) {
            emitThinking(segments, pending.length());
        } else {
            if (state == State.GAP) {
                pending.delete(0, leadingWhiteSpace());
            }
            emit(segments, Segment.Kind.ANSWER, pending.length());
        }
        pending.setLength(0);
        return segments;
    }

    /// Whether no text was read, so that thinking may yet begin.
    public boolean mayBegin() {
        return state == State.START && pending.isEmpty();
    }

    /// Whether the text read so far ends inside the thinking.
    public boolean thinking() {
        return state == State.OPENED || state == State.THINKING;
    }

    /// Reads a tag or the first text of the answer. Returns whether there is more to read.
    private boolean beforeAnswer(List<Segment> segments) {
        int start = leadingWhiteSpace();
        if (startsWith(format.open(), start)) {
            pending.delete(0, start + format.open().length());
            enterThinking();
            return true;
        }
        if (startsWith(format.close(), start)) {
            pending.delete(0, start + format.close().length());
            state = State.GAP;
            return true;
        }
        if (mayBecome(format.open(), start) || mayBecome(format.close(), start)) {
            return false;
        }
        if (state == State.GAP) {
            pending.delete(0, start);
        }
        state = State.ANSWER;
        return emit(segments, Segment.Kind.ANSWER, pending.length());
    }

    private void enterThinking() {
        state = State.OPENED;
        scanned = 0;
        code = new CodeTracker();
        quotedOpenings = 0;
    }

    /// Drops what stands before the first text of the thinking. Returns whether there is text.
    private boolean beforeThinking() {
        pending.delete(0, leadingWhiteSpace());
        if (startsWith(format.open(), 0)) {
            pending.delete(0, format.open().length());
            return true;
        }
        if (mayBecome(format.open(), 0)) {
            return false;
        }
        state = State.THINKING;
        return true;
    }

    /// Looks for the closing tag. Returns whether it was found.
    private boolean insideThinking(List<Segment> segments) {
        while (scanned < pending.length()) {
            boolean mayQuote = code.insideFence() && code.atLineStart();
            if (startsWith(format.close(), scanned)) {
                if (!code.insideCode() || (code.atLineStart() && quotedOpenings == 0)) {
                    emitThinking(segments, scanned);
                    pending.delete(0, pending.indexOf(format.close()) + format.close().length());
                    state = State.GAP;
                    return true;
                }
                quotedOpenings -= code.atLineStart() ? 1 : 0;
                passTag(format.close());
            } else if (mayQuote && startsWith(format.open(), scanned)) {
                quotedOpenings++;
                passTag(format.open());
            } else if (mayBecome(format.close(), scanned)
                    || (mayQuote && mayBecome(format.open(), scanned))) {
                break;
            } else {
                code.pass(pending.charAt(scanned++));
                quotedOpenings = code.insideFence() ? quotedOpenings : 0;
            }
        }
        emitThinking(segments, scanned);
        return false;
    }

    private void passTag(String tag) {
        scanned += tag.length();
        code.passWord();
    }

    /// Emits pending thinking up to `end`, without white space at its end.
    private void emitThinking(List<Segment> segments, int end) {
        int length = end;
        while (length > 0 && Character.isWhitespace(pending.charAt(length - 1))) {
            length--;
        }
        emit(segments, Segment.Kind.THINKING, length);
        scanned -= Math.min(length, scanned);
    }

    /// Moves the first `length` characters of `pending` out. Returns false: nothing is left to do.
    private boolean emit(List<Segment> segments, Segment.Kind kind, int length) {
        if (length > 0) {
            segments.add(new Segment(kind, pending.substring(0, length)));
            pending.delete(0, length);
        }
        return false;
    }

    private int leadingWhiteSpace() {
        int count = 0;
        while (count < pending.length() && Character.isWhitespace(pending.charAt(count))) {
            count++;
        }
        return count;
    }

    private boolean startsWith(String tag, int start) {
        return matched(tag, start) == tag.length();
    }

    /// Whether `pending` ends, from `start` on, with an unfinished tag.
    private boolean mayBecome(String tag, int start) {
        int matched = matched(tag, start);
        return matched < tag.length() && start + matched == pending.length();
    }

    /// How many characters from `start` on are those of the tag.
    private int matched(String tag, int start) {
        int most = Math.min(tag.length(), pending.length() - start);
        int count = 0;
        while (count < most && pending.charAt(start + count) == tag.charAt(count)) {
            count++;
        }
        return count;
    }
}
