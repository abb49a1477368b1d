package autark.engine;

import autark.text.parse.Segment;
import autark.text.template.ToolCall;
import java.util.ArrayList;
import java.util.List;

/// Puts the pieces of calls together.
final class CallCollector {
    private final CallIds ids;
    private final List<String> names = new ArrayList<>();
    private final List<StringBuilder> arguments = new ArrayList<>();

    CallCollector(CallIds ids) {
        this.ids = ids;
    }

    /// Takes the next piece of a call.
    void add(Segment segment) {
        if (segment.kind() == Segment.Kind.CALL_NAME) {
            names.add(segment.text());
            arguments.add(new StringBuilder());
        } else {
            arguments.getLast().append(segment.text());
        }
    }

    /// The id of a call by its place in the answer.
    String id(int index) {
        return ids.of(index);
    }

    /// The calls whose arguments are a whole JSON object.
    List<ToolCall> complete() {
        List<ToolCall> complete = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            try {
                complete.add(new ToolCall(id(i), names.get(i), arguments.get(i).toString()));
            } catch (IllegalArgumentException e) {
                assert i >= 0 : e; // it was cut off, or broke off
            }
        }
        return complete;
    }
}
