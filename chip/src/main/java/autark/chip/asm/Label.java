package autark.chip.asm;

import java.util.ArrayList;
import java.util.List;

/// A place in the code that jumps go to. Bound once; may be used before.
public final class Label {
    private static final int UNBOUND = -1;

    /// Four bytes of code that wait for the label.
    private record Use(int offset, Distance distance) {}

    private int offset = UNBOUND;
    private final List<Use> uses = new ArrayList<>();

    public Label() {}

    /// Emits four bytes that hold the distance to this label, beside the bits of `word`.
    void use(CodeBuffer code, Distance distance, int word) {
        Use use = new Use(code.size(), distance);
        code.putInt(word);
        if (offset == UNBOUND) {
            uses.add(use);
        } else {
            distance.patch(code, use.offset(), offset);
        }
    }

    void bind(CodeBuffer code) {
        if (offset != UNBOUND) {
            throw new IllegalStateException("the label is bound already");
        }
        offset = code.size();
        for (Use use : uses) {
            use.distance().patch(code, use.offset(), offset);
        }
    }
}
