package autark.text.call;

import autark.text.parse.Segment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/// An answer taken apart: what it says, and its calls as `name(arguments)`.
record Answer(String text, List<String> calls) {
    /// Reads an answer that comes in pieces.
    static Answer of(CallParser parser, List<String> pieces) {
        List<Segment> segments = new ArrayList<>();
        pieces.forEach(piece -> segments.addAll(parser.next(piece)));
        segments.addAll(parser.end());
        StringBuilder text = new StringBuilder();
        List<String> calls = new ArrayList<>();
        for (Segment segment : segments) {
            switch (segment.kind()) {
                case THINKING -> throw new AssertionError("found thinking in an answer");
                case ANSWER -> text.append(segment.text());
                case CALL_NAME -> calls.add(segment.text() + "(");
                case CALL_ARGUMENTS -> calls.add(calls.removeLast() + segment.text());
            }
        }
        return new Answer(text.toString(), calls.stream().map(call -> call + ")").toList());
    }

    /// The same for an answer that comes in two pieces, whichever, and character by character.
    static List<Answer> ofAllSplits(Supplier<CallParser> parsers, String answer) {
        List<Answer> all = new ArrayList<>();
        for (int at = 0; at <= answer.length(); at++) {
            all.add(of(parsers.get(), List.of(answer.substring(0, at), answer.substring(at))));
        }
        all.add(of(parsers.get(), answer.chars().mapToObj(c -> "" + (char) c).toList()));
        return all;
    }
}
