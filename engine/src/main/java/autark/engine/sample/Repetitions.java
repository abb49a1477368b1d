package autark.engine.sample;

/// Finds for [Dry] how long the sequence at the end of a text is that each token would go on with.
///
/// Read backwards, the sequence before a token is a prefix of the text; so the Z-algorithm tells
/// the lengths of all of them in one pass, whatever the text is.
final class Repetitions {
    private int[] lengths = {};

    /// Where the window that was read begins.
    private int start;

    private int end;
    private int lengthMax;

    /// Starts over with the window of a text.
    void read(TokenHistory history, Dry dry) {
        int[] tokens = history.tokens();
        end = history.tokenCount();
        start = history.windowStart(dry.window());
        lengthMax = 0;
        while (end - lengthMax > start && !dry.breakers().contains(tokens[end - lengthMax - 1])) {
            lengthMax++;
        }
        if (lengthMax >= dry.allowedLength()) {
            match(tokens);
        }
    }

    /// Fills `lengths[i]`: how many tokens before the one at `end - i` are those at the end.
    private void match(int[] tokens) {
        int size = end - start;
        if (lengths.length < size) {
            lengths = new int[Math.max(size, 2 * lengths.length)];
        }
        int last = end - 1;
        int left = 0;
        int right = 0;
        for (int i = 1; i < size; i++) {
            int length = i < right ? Math.min(right - i, lengths[i - left]) : 0;
            while (i + length < size && tokens[last - length] == tokens[last - i - length]) {
                length++;
            }
            lengths[i] = length;
            if (i + length > right) {
                left = i;
                right = i + length;
            }
        }
    }

    /// Lowers the logits of the tokens that would go on with a sequence.
    ///
    /// @param longest `[vocabSize]`, zeros, and zeros again when it returns
    void penalize(float[] logits, int[] tokens, Dry dry, int[] longest) {
        if (lengthMax < dry.allowedLength()) {
            return;
        }
        for (int i = 1; i < end - start; i++) {
            int token = tokens[end - i];
            longest[token] = Math.max(longest[token], Math.min(lengths[i], lengthMax));
        }
        for (int i = 1; i < end - start; i++) {
            int token = tokens[end - i];
            int length = longest[token];
            longest[token] = 0;
            if (length >= dry.allowedLength() && !dry.breakers().contains(token)) {
                logits[token] = (float) (logits[token] - dry.penalty(length));
            }
        }
    }
}
