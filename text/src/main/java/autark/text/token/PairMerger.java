package autark.text.token;

/// Joins the characters of a word to longer and longer symbols: of all neighbours that may be
/// joined, the pair with the lowest rank goes first, of equal ones the leftmost. This is how
/// byte-pair encoding and SentencePiece both work; they differ in what a rank is.
///
/// Symbols are a doubly linked list over arrays. Pairs wait in a [PairQueue], at the position of
/// their left symbol; an entry counts only if the pair there still has its rank, so that nothing
/// need be removed from the middle. A word of n characters takes O(n log n) time. For one thread;
/// the arrays are used again for the next word.
final class PairMerger {
    private static final int LONG_WORD_SYMBOLS = 1 << 12;

    private final PairRules rules;
    private byte[] text = {};
    private int count;

    /// Symbol `i` is `text[starts[i]]` to `text[starts[next[i]]]`, the end excluded. The last
    /// symbol's `next` is `count`, where `starts` holds the length of the text.
    private int[] starts = new int[65];

    private int[] next = new int[64];
    private int[] previous = new int[65];

    /// The rank of a symbol with its right neighbour; [PairRules#NO_RANK] for a symbol that was
    /// joined to its left.
    private int[] pairRanks = new int[64];

    private final PairQueue queue;

    PairMerger(PairRules rules) {
        this.rules = rules;
        this.queue = new PairQueue(rules.rankCount());
    }

    /// Joins what can be joined in `text[0, length)`, well-formed UTF-8. The symbols that remain
    /// are read with [#start] and [#next], from 0 on.
    void merge(byte[] text, int length) {
        this.text = text;
        splitIntoCharacters(length);
        if (count > LONG_WORD_SYMBOLS) {
            queue.startLong();
        } else {
            queue.startShort();
        }
        for (int symbol = 0; symbol < count; symbol++) {
            updatePair(symbol);
        }
        for (long first = queue.pop(); first != PairQueue.NONE; first = queue.pop()) {
            int left = (int) first;
            if (pairRanks[left] == (int) (first >> 32)) {
                join(left);
            }
        }
    }

    int symbolCount() {
        return count;
    }

    int start(int symbol) {
        return starts[symbol];
    }

    /// The symbol after this one, or [#symbolCount] after the last.
    int next(int symbol) {
        return next[symbol];
    }

    private void splitIntoCharacters(int length) {
        ensureCapacity(length);
        count = 0;
        for (int i = 0; i < length; i++) {
            boolean continuation = (text[i] & 0xC0) == 0x80;
            if (!continuation) {
                starts[count] = i;
                previous[count] = count - 1;
                next[count] = ++count;
            }
        }
        starts[count] = length;
    }

    private void ensureCapacity(int symbols) {
        if (next.length < symbols) {
            int capacity = Math.max(symbols, next.length * 2);
            starts = new int[capacity + 1];
            next = new int[capacity];
            previous = new int[capacity + 1];
            pairRanks = new int[capacity];
        }
    }

    private void join(int left) {
        int right = next[left];
        int after = next[right];
        next[left] = after;
        previous[after] = left;
        pairRanks[right] = PairRules.NO_RANK;
        updatePair(left);
        if (left > 0) {
            updatePair(previous[left]);
        }
    }

    private void updatePair(int left) {
        int right = next[left];
        int rank =
                right == count
                        ? PairRules.NO_RANK
                        : rules.rank(text, starts[left], starts[right], starts[next[right]]);
        pairRanks[left] = rank;
        if (rank != PairRules.NO_RANK) {
            queue.push(rank, left);
        }
    }
}
