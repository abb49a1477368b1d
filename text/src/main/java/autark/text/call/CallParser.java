package autark.text.call;

import autark.text.parse.Segment;
import autark.text.template.CallFormat;
import autark.text.template.CallFormat.Opening;
import autark.text.template.Tool;
import java.util.ArrayList;
import java.util.List;

/// Finds calls of tools in the stream of an answer.
///
/// The text comes in pieces of any size and goes out as early as it can: held back is only what may
/// still become part of a call, and the white space before it. How the text is cut into pieces
/// never changes what comes out in sum.
///
/// A call is one exactly as [CallFormat] has it, with the name of a tool that was offered:
/// - What begins like a call and goes on otherwise is text, a call of an unknown tool included.
/// - Arguments go out as they are written, always as JSON; a call whose arguments never end has
///   begun all the same, and whoever puts it together finds that they are no JSON.
/// - White space before a call, and behind the last one, belongs to their marks. Every other
///   character comes out or is part of a mark.
///
/// One parser reads one answer. It is not for use by several threads.
public final class CallParser {
    /// Longest white space that belongs to the marks of calls, in UTF-16 units; what is before it
    /// is text.
    private static final int GAP_UNITS_MAX = 64;

    /// Where the first call may be.
    public enum Place {
        /// Behind text too, where the format knows such calls.
        ANYWHERE,
        /// Before all text.
        AT_START
    }

    private enum State {
        TEXT,
        /// From the trigger on: the opening and the head of the first call.
        OPENING,
        ARGUMENTS,
        TAIL,
        /// Behind a call: another one, the closing, or text.
        BETWEEN
    }

    /// What a call begins with.
    ///
    /// @param text all up to the arguments, and the first character of these if it is known
    /// @param length of what is before them
    private record Head(String text, int length, Tool tool) {}

    private final CallFormat format;
    private final boolean anywhere;
    private final List<Head> firstHeads = new ArrayList<>();
    private final List<Head> nextHeads = new ArrayList<>();
    private State state = State.TEXT;

    /// Read and not given out.
    private final StringBuilder pending = new StringBuilder();

    /// How much of `pending` is white space before a trigger.
    private int gap;

    /// Whether text came that is more than white space.
    private boolean textBegun;

    /// Whether a call came and no text behind it.
    private boolean behindCall;

    private ArgumentsReader arguments = new ObjectScanner();

    /// @param tools those that were offered
    public CallParser(CallFormat format, List<Tool> tools, Place place) {
        this.format = format;
        this.anywhere = format.followsText() && place == Place.ANYWHERE;
        for (Tool tool : tools) {
            for (Opening opening : format.openings()) {
                firstHeads.add(head(opening.text(), tool));
            }
            if (format.several()) {
                nextHeads.add(head(format.separator(), tool));
            }
        }
    }

    private Head head(String before, Tool tool) {
        String text = before + format.head(tool.name());
        return new Head(format.writesJson() ? text + "{" : text, text.length(), tool);
    }

    /// Takes the next piece of the answer, whole characters, and returns what is certain by now.
    public List<Segment> next(String piece) {
        List<Segment> segments = new ArrayList<>();
        pending.append(piece);
        boolean more = true;
        while (more && !pending.isEmpty()) {
            more =
                    switch (state) {
                        case TEXT -> insideText(segments);
                        case OPENING -> insideOpening(segments);
                        case ARGUMENTS -> insideArguments(segments);
                        case TAIL -> insideTail();
                        case BETWEEN -> behindCall(segments);
                    };
        }
        return segments;
    }

    /// Ends the answer and returns the rest: what has not become a call is text.
    public List<Segment> end() {
        List<Segment> segments = new ArrayList<>();
        boolean blank = leadingWhiteSpace() == pending.length();
        boolean ofMarks =
                switch (state) {
                    case TEXT -> behindCall && blank;
                    case ARGUMENTS, TAIL -> true;
                    case BETWEEN -> blank || format.closing().startsWith(pending.toString());
                    case OPENING -> false;
                };
        if (!ofMarks) {
            emit(segments, Segment.Kind.ANSWER, pending.length());
        }
        pending.setLength(0);
        return segments;
    }

    /// Whether the answer read so far ends in text.
    public boolean insideText() {
        return state == State.TEXT && textBegun;
    }

    /// Looks for a trigger. Returns whether one was found.
    private boolean insideText(List<Segment> segments) {
        int triggersMax = textBegun || behindCall ? 0 : leadingWhiteSpace() + 1;
        int end = anywhere ? pending.length() : Math.min(triggersMax, pending.length());
        for (int start = 0; start < end; start++) {
            boolean begins = false;
            boolean mayBegin = false;
            for (Opening opening : format.openings()) {
                begins |= startsWith(opening.trigger(), start);
                mayBegin |= mayBecome(opening.trigger(), start);
            }
            if (begins || mayBegin) {
                gap = start - emitText(segments, start);
                state = begins ? State.OPENING : State.TEXT;
                return begins;
            }
        }
        emitText(segments, pending.length());
        return false;
    }

    /// Emits pending text up to `end`, but for white space at its end. Returns how much.
    private int emitText(List<Segment> segments, int end) {
        int length = end;
        while (length > Math.max(0, end - GAP_UNITS_MAX) && isBlank(pending.charAt(length - 1))) {
            length--;
        }
        if (length > leadingWhiteSpace()) {
            textBegun = true;
            behindCall = false;
        }
        emit(segments, Segment.Kind.ANSWER, length);
        return length;
    }

    private boolean insideOpening(List<Segment> segments) {
        for (Head head : firstHeads) {
            if (startsWith(head.text(), gap)) {
                beginCall(segments, head, gap);
                return true;
            }
        }
        if (firstHeads.stream().anyMatch(head -> mayBecome(head.text(), gap))) {
            return false;
        }
        // It was none: its first character is text, and a trigger may begin behind it.
        textBegun = true;
        behindCall = false;
        emit(segments, Segment.Kind.ANSWER, gap + 1);
        state = State.TEXT;
        return true;
    }

    private void beginCall(List<Segment> segments, Head head, int start) {
        pending.delete(0, start + head.length());
        segments.add(new Segment(Segment.Kind.CALL_NAME, head.tool().name()));
        arguments =
                format.writesJson()
                        ? new ObjectScanner()
                        : new ParameterReader(Parameter.of(head.tool()));
        behindCall = true;
        state = State.ARGUMENTS;
    }

    private boolean insideArguments(List<Segment> segments) {
        StringBuilder json = new StringBuilder();
        arguments.read(pending, json);
        if (!json.isEmpty()) {
            segments.add(new Segment(Segment.Kind.CALL_ARGUMENTS, json.toString()));
        }
        if (arguments.ended()) {
            state = format.tail().isEmpty() ? State.BETWEEN : State.TAIL;
        }
        return state != State.ARGUMENTS;
    }

    private boolean insideTail() {
        if (startsWith(format.tail(), 0)) {
            pending.delete(0, format.tail().length());
            state = State.BETWEEN;
            return true;
        }
        if (mayBecome(format.tail(), 0)) {
            return false;
        }
        state = State.TEXT;
        return true;
    }

    private boolean behindCall(List<Segment> segments) {
        for (Head head : nextHeads) {
            if (startsWith(head.text(), 0)) {
                beginCall(segments, head, 0);
                return true;
            }
        }
        if (!format.closing().isEmpty() && startsWith(format.closing(), 0)) {
            pending.delete(0, format.closing().length());
            state = State.TEXT;
            return true;
        }
        if (mayBecome(format.closing(), 0)
                || nextHeads.stream().anyMatch(head -> mayBecome(head.text(), 0))) {
            return false;
        }
        state = State.TEXT;
        return true;
    }

    private void emit(List<Segment> segments, Segment.Kind kind, int length) {
        if (length > 0) {
            segments.add(new Segment(kind, pending.substring(0, length)));
            pending.delete(0, length);
        }
    }

    private int leadingWhiteSpace() {
        int count = 0;
        while (count < pending.length() && isBlank(pending.charAt(count))) {
            count++;
        }
        return count;
    }

    private static boolean isBlank(char unit) {
        return unit == ' ' || unit == '\n' || unit == '\t' || unit == '\r';
    }

    private boolean startsWith(String text, int start) {
        return matched(text, start) == text.length();
    }

    /// Whether `pending` ends, from `start` on, with an unfinished `text`.
    private boolean mayBecome(String text, int start) {
        int matched = matched(text, start);
        return matched < text.length() && start + matched == pending.length();
    }

    /// How many characters from `start` on are those of the text.
    private int matched(String text, int start) {
        int most = Math.min(text.length(), pending.length() - start);
        int count = 0;
        while (count < most && pending.charAt(start + count) == text.charAt(count)) {
            count++;
        }
        return count;
    }
}
