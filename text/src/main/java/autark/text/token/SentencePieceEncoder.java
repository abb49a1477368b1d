package autark.text.token;

import java.util.Arrays;

/// SentencePiece by scores: spaces become `▁`, and of all neighbours that join to a token those
/// with the highest score go first. What is no token is spelled in byte tokens.
///
/// The whole text counts as one word. To keep words short it is cut before a `▁` wherever no token
/// has that `▁` after the same byte, because then nothing can be joined across the cut. For one
/// thread.
final class SentencePieceEncoder implements TextEncoder {
    private static final char SPACE_MARK = '▁';
    private static final byte[] SPACE_MARK_BYTES = {(byte) 0xE2, (byte) 0x96, (byte) 0x81};

    /// What all threads share.
    static final class Rules {
        private final TokenTable table;

        /// By token: how many different scores are higher than its own.
        private final int[] ranks;

        private final boolean addsSpacePrefix;
        private final PairEncoder.WholeWords wholeWords;
        private final int[] byteTokens = new int[256];

        /// Whether some token has a space mark right after this byte.
        private final boolean[] joinsSpaceMark = new boolean[256];

        /// @param unknownToken what stands for a byte without a token
        Rules(TokenTable table, float[] scores, boolean addsSpacePrefix, int unknownToken) {
            this.table = table;
            checkScores(table, scores);
            this.ranks = ranks(scores);
            this.addsSpacePrefix = addsSpacePrefix;
            this.wholeWords = PairEncoder.WholeWords.toBeFoundOut(table.size());
            findByteTokens(unknownToken);
            findJoinedSpaceMarks();
        }

        private static void checkScores(TokenTable table, float[] scores) {
            if (scores.length != table.size()) {
                throw new TokenizerException(
                        "the vocabulary has %d scores, expected one for each of %d tokens"
                                .formatted(scores.length, table.size()));
            }
            for (int token = 0; token < scores.length; token++) {
                if (Float.isNaN(scores[token])) {
                    throw new TokenizerException(
                            "token %d '%s' has the score NaN, expected a number"
                                    .formatted(token, table.text(token)));
                }
            }
        }

        private static int[] ranks(float[] scores) {
            long[] order = new long[scores.length];
            for (int token = 0; token < scores.length; token++) {
                // The bits of a float sort like an integer once those of negative ones are flipped;
                // all are flipped once more, because the highest score goes first.
                int bits = Float.floatToIntBits(scores[token] + 0.0f);
                int descending = ~(bits ^ ((bits >> 31) & Integer.MAX_VALUE));
                order[token] = ((long) descending << 32) | token;
            }
            Arrays.sort(order);
            int[] ranks = new int[scores.length];
            int rank = 0;
            for (int i = 0; i < order.length; i++) {
                if (i > 0 && order[i] >> 32 != order[i - 1] >> 32) {
                    rank++;
                }
                ranks[(int) order[i]] = rank;
            }
            return ranks;
        }

        private void findByteTokens(int unknownToken) {
            for (int value = 0; value < byteTokens.length; value++) {
                int token = table.find("<0x%02X>".formatted(value));
                if (token == StringIndex.ABSENT) {
                    token = table.index().find(new byte[] {(byte) value}, 0, 1);
                }
                byteTokens[value] = token == StringIndex.ABSENT ? unknownToken : token;
            }
        }

        private void findJoinedSpaceMarks() {
            byte[] bytes = table.texts().bytes;
            int[] offsets = table.texts().offsets;
            for (int token = 0; token < table.size(); token++) {
                for (int at = offsets[token] + 1; at + 2 < offsets[token + 1]; at++) {
                    if (bytes[at] == SPACE_MARK_BYTES[0]
                            && bytes[at + 1] == SPACE_MARK_BYTES[1]
                            && bytes[at + 2] == SPACE_MARK_BYTES[2]) {
                        joinsSpaceMark[bytes[at - 1] & 0xFF] = true;
                    }
                }
            }
        }

        private int rank(byte[] text, int from, int middle, int to) {
            int token = table.index().find(text, from, to);
            return token == StringIndex.ABSENT ? PairMerger.NO_RANK : ranks[token];
        }

        private void encodeBytes(byte[] text, int from, int to, IntList tokens) {
            for (int at = from; at < to; at++) {
                tokens.add(byteTokens[text[at] & 0xFF]);
            }
        }
    }

    private final Rules rules;
    private final PairEncoder pairEncoder;
    private final ByteBuilder word = new ByteBuilder();

    SentencePieceEncoder(Rules rules) {
        this.rules = rules;
        this.pairEncoder =
                new PairEncoder(
                        rules.table.index(),
                        new PairMerger(rules::rank, rules.table.size()),
                        rules.wholeWords,
                        rules::encodeBytes);
    }

    @Override
    public void encode(String text, int from, int to, boolean startsText, IntList tokens) {
        word.clear();
        if (startsText && rules.addsSpacePrefix) {
            word.appendUtf8(SPACE_MARK);
        }
        int at = from;
        while (at < to) {
            int codePoint = text.codePointAt(at);
            at += Character.charCount(codePoint);
            boolean space = codePoint == ' ' || codePoint == SPACE_MARK;
            if (space && word.length > 0 && !rules.joinsSpaceMark[word.last()]) {
                pairEncoder.encode(word.bytes, word.length, tokens);
                word.clear();
            }
            word.appendUtf8(space ? SPACE_MARK : codePoint);
        }
        pairEncoder.encode(word.bytes, word.length, tokens);
    }
}
