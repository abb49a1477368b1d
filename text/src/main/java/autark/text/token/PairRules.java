package autark.text.token;

/// Which neighbouring symbols may be joined, in what order, and what becomes of the rest.
interface PairRules {
    /// The rank of two symbols that cannot be joined.
    int NO_RANK = Integer.MAX_VALUE;

    /// The rank of `text[from, middle)` with `text[middle, to)`, or [#NO_RANK]. The lowest goes
    /// first.
    int rank(byte[] text, int from, int middle, int to);

    /// All ranks are from 0 to this, excluded.
    int rankCount();

    /// Adds the tokens for `text[from, to)`, a symbol that is no token.
    void spell(byte[] text, int from, int to, IntList tokens);
}
