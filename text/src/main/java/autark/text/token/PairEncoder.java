package autark.text.token;

import java.util.Arrays;

/// Encodes words by joining pairs; for one thread.
///
/// Most words are one token. Whether joining pairs leads to that token is a fact about the
/// vocabulary alone, so it is found out once a token and kept, for all threads, in [WholeWords].
final class PairEncoder {
    /// Tokens as whole words: whether their characters join to just that token. Threads may write
    /// the same entry at the same time, but only the same value.
    static final class WholeWords {
        private static final byte JOINS = 1;
        private static final byte BREAKS = 2;

        private final byte[] known;

        private WholeWords(byte[] known) {
            this.known = known;
        }

        static WholeWords toBeFoundOut(int tokenCount) {
            return new WholeWords(new byte[tokenCount]);
        }

        /// For vocabularies where a word that is a token is never taken apart.
        static WholeWords allJoin(int tokenCount) {
            byte[] known = new byte[tokenCount];
            Arrays.fill(known, JOINS);
            return new WholeWords(known);
        }
    }

    private final StringIndex tokenIndex;
    private final PairRules rules;
    private final WholeWords wholeWords;
    private final PairMerger merger;

    PairEncoder(StringIndex tokenIndex, PairRules rules, WholeWords wholeWords) {
        this.tokenIndex = tokenIndex;
        this.rules = rules;
        this.wholeWords = wholeWords;
        this.merger = new PairMerger(rules);
    }

    void encode(byte[] word, int length, IntList tokens) {
        int whole = tokenIndex.find(word, 0, length);
        if (whole != StringIndex.ABSENT && wholeWords.known[whole] == WholeWords.JOINS) {
            tokens.add(whole);
            return;
        }
        merger.merge(word, length);
        int count = merger.symbolCount();
        for (int symbol = 0; symbol < count; symbol = merger.next(symbol)) {
            int from = merger.start(symbol);
            int to = merger.start(merger.next(symbol));
            int token = tokenIndex.find(word, from, to);
            if (token == StringIndex.ABSENT) {
                rules.spell(word, from, to, tokens);
            } else {
                tokens.add(token);
            }
        }
        if (whole != StringIndex.ABSENT) {
            wholeWords.known[whole] =
                    merger.next(0) == count ? WholeWords.JOINS : WholeWords.BREAKS;
        }
    }
}
