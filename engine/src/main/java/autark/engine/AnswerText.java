package autark.engine;

import autark.text.call.CallParser;
import autark.text.parse.Segment;
import autark.text.parse.ThinkingParser;
import autark.text.token.StreamDecoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The text level of one answer: drawn tokens become whole characters, these thinking and answer,
/// the answer text and calls, and the text ends at a stop string.
final class AnswerText {
    private final StreamDecoder decoder;
    private final @Nullable ThinkingParser thinking;
    private final @Nullable CallParser calls;
    private final Map<Integer, String> marks;
    private final StopMatcher stops;

    /// What the last token added behind the thinking.
    private String answerAdded = "";

    /// @param thinking null if the model does not think
    /// @param calls null if no tool is offered
    /// @param marks control tokens that mark thinking or calls: a decoder gives no text for them
    AnswerText(
            StreamDecoder decoder,
            @Nullable ThinkingParser thinking,
            @Nullable CallParser calls,
            Map<Integer, String> marks,
            StopMatcher stops) {
        this.decoder = decoder;
        this.thinking = thinking;
        this.calls = calls;
        this.marks = marks;
        this.stops = stops;
    }

    /// What is certain after this token.
    List<Segment> next(int token) {
        String text = decoder.next(token);
        return split(text.isEmpty() ? marks.getOrDefault(token, "") : text);
    }

    /// The rest after the model ended its turn: a character that is not whole shows as U+FFFD.
    List<Segment> endOfTurn() {
        List<Segment> segments = split(decoder.end());
        segments.addAll(cutOff());
        return segments;
    }

    /// The rest when the model was stopped: a character that is not whole is left out.
    List<Segment> cutOff() {
        List<Segment> segments = new ArrayList<>();
        if (thinking != null) {
            thinking.end().forEach(segment -> add(segments, segment));
        }
        if (calls != null) {
            calls.end().forEach(segment -> addAnswered(segments, segment));
        }
        addAnswer(segments, stops.flush());
        return segments;
    }

    /// The stop string that the answer ended at, if it did.
    Optional<String> stop() {
        return stops.match();
    }

    /// Whether the model is thinking.
    boolean thinking() {
        return thinking != null && thinking.thinking();
    }

    /// Whether the model has written nothing and may begin to think.
    boolean mayThink() {
        return thinking != null && thinking.mayBegin();
    }

    /// What the last token added behind the thinking, marks of calls and all.
    String answerAdded() {
        return answerAdded;
    }

    /// Whether the engine may write the end of the answer. A call that the engine ended would not
    /// be the one that the model wanted.
    boolean mayBeClosed() {
        return calls == null || calls.insideText();
    }

    private List<Segment> split(String text) {
        List<Segment> segments = new ArrayList<>();
        answerAdded = "";
        if (thinking == null) {
            addBehindThinking(segments, text);
        } else {
            thinking.next(text).forEach(segment -> add(segments, segment));
        }
        return segments;
    }

    private void add(List<Segment> segments, Segment segment) {
        if (segment.kind() == Segment.Kind.THINKING) {
            segments.add(segment);
        } else {
            addBehindThinking(segments, segment.text());
        }
    }

    private void addBehindThinking(List<Segment> segments, String text) {
        answerAdded += text;
        if (calls == null) {
            addAnswer(segments, stops.next(text));
        } else {
            calls.next(text).forEach(segment -> addAnswered(segments, segment));
        }
    }

    private void addAnswered(List<Segment> segments, Segment segment) {
        if (segment.kind() == Segment.Kind.ANSWER) {
            addAnswer(segments, stops.next(segment.text()));
        } else {
            addCall(segments, segment);
        }
    }

    /// Calls are not searched for stop strings, and none spans a call.
    private void addCall(List<Segment> segments, Segment segment) {
        addAnswer(segments, stops.flush());
        if (!stops.matched()) {
            segments.add(segment);
        }
    }

    private static void addAnswer(List<Segment> segments, String text) {
        if (!text.isEmpty()) {
            segments.add(new Segment(Segment.Kind.ANSWER, text));
        }
    }
}
