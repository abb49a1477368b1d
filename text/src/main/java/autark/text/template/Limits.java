package autark.text.template;

/// What a template may use. A template comes with a model file and is not trusted; the largest
/// published ones stay under a hundredth of each limit on usual conversations.
///
/// One step is one operation on small values. Operations on texts and lists cost a step more for so
/// many characters or elements; the divisors follow from what one takes on a slow machine. So the
/// steps bound the time and, because all memory has to be filled, the memory as well.
final class Limits {
    static final int MAX_SOURCE_CHARS = 1 << 18;
    static final int MAX_STEPS = 1_000_000;
    static final int MAX_OUTPUT_CHARS = 4 << 20;

    /// The longest text inside the template.
    static final int MAX_TEXT_CHARS = MAX_OUTPUT_CHARS;

    static final int MAX_RANGE_ITEMS = 100_000;

    /// Nesting of expressions and statements in the source.
    static final int MAX_NESTING = 100;

    /// Sum of the nesting of all macros and recursive loops that run inside one another. It keeps
    /// the thread's stack from overflowing.
    static final int MAX_CALL_NESTING = 400;

    /// Nesting of lists and dicts in a value.
    static final int MAX_VALUE_DEPTH = 200;

    /// Elements of a list that are copied in a step.
    static final int ITEMS_PER_STEP = 4;

    /// Characters that are copied in a step.
    static final int COPIED_CHARS_PER_STEP = 64;

    /// Characters in a step, where each is looked at.
    static final int SCANNED_CHARS_PER_STEP = 16;

    /// Characters in a step, where each takes a few decisions.
    static final int CONVERTED_CHARS_PER_STEP = 4;

    /// What formatting a float costs, apart from its digits.
    static final int STEPS_PER_FLOAT = 10;

    private Limits() {}

    static TemplateException exceeded(String what) {
        return new TemplateException(TemplateException.Kind.LIMIT, 0, what);
    }

    /// Checks the weight of a value that is being built.
    static int weight(long weight) {
        if (weight > MAX_STEPS) {
            throw exceeded("a value may have a weight of " + MAX_STEPS + " elements and no more");
        }
        return (int) weight;
    }

    /// Checks the depth of a value that is being built.
    static int depth(int depth) {
        if (depth > MAX_VALUE_DEPTH) {
            throw exceeded("lists and dicts may be nested " + MAX_VALUE_DEPTH + " deep, no more");
        }
        return depth;
    }
}
