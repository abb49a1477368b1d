package autark.chip.asm;

import java.util.ArrayList;
import java.util.List;

/// A place in the code that jumps go to. Bound once; may be used before.
public final class Label {
    private static final int UNBOUND = -1;

    private int offset = UNBOUND;
    private final List<Integer> uses = new ArrayList<>();

    public Label() {}

    /// Emits the 32-bit distance to this label, or leaves room for it.
    void use(CodeBuffer code) {
        if (offset == UNBOUND) {
            uses.add(code.size());
            code.putInt(0);
        } else {
            code.putInt(offset - (code.size() + 4));
        }
    }

    void bind(CodeBuffer code) {
        if (offset != UNBOUND) {
            throw new IllegalStateException("the label is bound already");
        }
        offset = code.size();
        for (int use : uses) {
            code.patchInt(use, offset - (use + 4));
        }
    }
}
