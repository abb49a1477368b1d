package autark.engine.schedule;

/// Guesses that a text repeats itself: what followed the last few tokens where they stood before
/// (Saxena, Prompt Lookup Decoding, 2023). It pays where an answer quotes its prompt: code that is
/// changed, a text that is corrected, a list that goes on.
public final class PromptLookup implements Drafter {
    /// Tokens that have to be the same.
    private static final int MATCH_TOKENS = 3;

    /// Tokens that are searched, from the end.
    private static final int SEARCH_TOKENS_MAX = 8192;

    @Override
    public int[] draft(TokenList list, int most) {
        int[] tokens = list.backing();
        int size = list.size();
        int end = size - MATCH_TOKENS;
        int stop = Math.max(0, end - SEARCH_TOKENS_MAX);
        for (int start = end - 1; start >= stop; start--) {
            if (matches(tokens, start, end)) {
                int first = start + MATCH_TOKENS;
                return list.slice(first, Math.min(size, first + most));
            }
        }
        return new int[0];
    }

    private static boolean matches(int[] tokens, int start, int end) {
        for (int i = MATCH_TOKENS - 1; i >= 0; i--) {
            if (tokens[start + i] != tokens[end + i]) {
                return false;
            }
        }
        return true;
    }

    @Override
    public double secondsPerGuess() {
        return 0;
    }

    @Override
    public void forget(TokenList tokens) {}

    @Override
    public void close() {}
}
