package autark.engine.schedule;

import java.util.Arrays;

/// Token ids that grow at the end.
public final class TokenList {
    private int[] ids;
    private int size;

    public TokenList(int... ids) {
        this.ids = ids.clone();
        this.size = ids.length;
    }

    public int size() {
        return size;
    }

    public void add(int... tokens) {
        if (ids.length < size + tokens.length) {
            ids = Arrays.copyOf(ids, Math.max(size + tokens.length, 2 * ids.length));
        }
        System.arraycopy(tokens, 0, ids, size, tokens.length);
        size += tokens.length;
    }

    public void truncate(int newSize) {
        size = Math.min(size, newSize);
    }

    public int last() {
        return ids[size - 1];
    }

    public int[] slice(int start, int end) {
        return Arrays.copyOfRange(ids, start, end);
    }

    /// The ids themselves: [#size] of them count, and they change with the list.
    public int[] backing() {
        return ids;
    }

    /// How many tokens both lists begin with.
    public int commonPrefix(TokenList other) {
        int mismatch = Arrays.mismatch(ids, 0, size, other.ids, 0, other.size);
        return mismatch < 0 ? size : mismatch;
    }
}
