package autark.text.template;

import autark.text.template.Value.Sequence;
import autark.text.template.Value.Str;
import java.time.LocalDateTime;
import java.util.List;

/// One run of a template: the clock it reads and what it has used up. Every operation that takes
/// time or memory asks here first.
final class Rendering {
    private final LocalDateTime now;
    private long steps;
    private int callNesting;
    private int line = 1;

    Rendering(LocalDateTime now) {
        this.now = now;
    }

    LocalDateTime now() {
        return now;
    }

    /// The line of the statement that runs.
    int line() {
        return line;
    }

    void enterLine(int statementLine) {
        line = statementLine;
    }

    /// Pays for an operation.
    void charge(long cost) {
        steps += cost;
        if (steps > Limits.MAX_STEPS) {
            throw Limits.exceeded(
                    "the template takes more than " + Limits.MAX_STEPS + " steps; stopped");
        }
    }

    /// Pays for a text that is about to be built.
    void reserveText(long length) {
        if (length > Limits.MAX_TEXT_CHARS) {
            throw Limits.exceeded(
                    "a text may have "
                            + Limits.MAX_TEXT_CHARS
                            + " characters, this one would have "
                            + length);
        }
        charge(1 + length / Limits.COPIED_CHARS_PER_STEP);
    }

    /// Pays for looking at each character of a text.
    void chargeScan(String text) {
        charge(1 + text.length() / Limits.SCANNED_CHARS_PER_STEP);
    }

    /// Pays for converting each character of a text.
    void chargeConversion(String text) {
        charge(1 + text.length() / Limits.CONVERTED_CHARS_PER_STEP);
    }

    /// Pays for a list that is about to be built.
    void reserveItems(long count) {
        charge(1 + count / Limits.ITEMS_PER_STEP);
    }

    /// A text that was built, paid for by its length.
    Str text(String text) {
        reserveText(text.length());
        return new Str(text);
    }

    /// A list that was built, paid for by its length.
    Sequence list(List<Value> items) {
        reserveItems(items.size());
        return Sequence.list(items);
    }

    /// Enters a macro or a recursive loop whose body is nested that deep.
    void enter(int nesting) {
        callNesting += nesting;
        if (callNesting > Limits.MAX_CALL_NESTING) {
            throw Limits.exceeded("macros or loops call one another too deep; is there an end?");
        }
    }

    void leave(int nesting) {
        callNesting -= nesting;
    }
}
