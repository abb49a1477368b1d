package autark.engine;

import autark.text.parse.Segment;
import autark.text.parse.ThinkingParser;
import autark.text.token.StreamDecoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The text level of one answer: drawn tokens become whole characters, these thinking and answer,
/// and the answer ends at a stop string.
final class AnswerText {
    private final StreamDecoder decoder;
    private final @Nullable ThinkingParser thinking;
    private final Map<Integer, String> tags;
    private final StopMatcher stops;

    /// @param thinking null if the model does not think
    /// @param tags control tokens that mark thinking: a decoder gives no text for them
    AnswerText(
            StreamDecoder decoder,
            @Nullable ThinkingParser thinking,
            Map<Integer, String> tags,
            StopMatcher stops) {
        this.decoder = decoder;
        this.thinking = thinking;
        this.tags = tags;
        this.stops = stops;
    }

    /// What is certain after this token.
    List<Segment> next(int token) {
        String text = decoder.next(token);
        return split(text.isEmpty() ? tags.getOrDefault(token, "") : text);
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

    private List<Segment> split(String text) {
        List<Segment> segments = new ArrayList<>();
        if (thinking == null) {
            addAnswer(segments, stops.next(text));
        } else {
            thinking.next(text).forEach(segment -> add(segments, segment));
        }
        return segments;
    }

    private void add(List<Segment> segments, Segment segment) {
        switch (segment.kind()) {
            case THINKING -> segments.add(segment);
            case ANSWER -> addAnswer(segments, stops.next(segment.text()));
            case CALL_NAME, CALL_ARGUMENTS -> addCall(segments, segment);
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
