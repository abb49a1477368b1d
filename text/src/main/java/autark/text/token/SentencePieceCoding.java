package autark.text.token;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// SentencePiece by scores: spaces become `▁`, and of all neighbours that join to a token those
/// with the highest score go first. What is no token is spelled in byte tokens.
///
/// By this rule a whole text is one word. To keep words short it is cut before a `▁` wherever no
/// token has a `▁` after the same byte, because then nothing can be joined across the cut.
final class SentencePieceCoding implements Coding, PairRules {
    private static final char SPACE_MARK = '▁';
    private static final byte[] SPACE_MARK_BYTES = {(byte) 0xE2, (byte) 0x96, (byte) 0x81};
    private static final byte[] HEX_DIGITS = "0123456789ABCDEF".getBytes(StandardCharsets.US_ASCII);

    private final TokenTable table;

    /// By token: how many different scores are higher than its own.
    private final int[] ranks;

    private final boolean addsFirstSpace;
    private final int[] byteTokens;
    private final PairEncoder.WholeWords wholeWords;

    /// By byte: whether some token has a space mark right after it.
    private final boolean[] joinsSpaceMark;

    /// @param unknownToken what stands for a byte without a token
    SentencePieceCoding(
            TokenTable table, float[] scores, boolean addsFirstSpace, int unknownToken) {
        checkScores(table, scores);
        this.table = table;
        this.ranks = ranks(scores);
        this.addsFirstSpace = addsFirstSpace;
        this.byteTokens = byteTokens(table.index(), unknownToken);
        this.wholeWords = PairEncoder.WholeWords.toBeFoundOut(table.size());
        this.joinsSpaceMark = joinsSpaceMark(table.texts());
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
            // The bits of a float sort like an integer once those of negative ones are flipped; all
            // are flipped once more, because the highest score goes first. Adding 0 makes -0 a 0.
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

    private static int[] byteTokens(StringIndex index, int unknownToken) {
        int[] tokens = new int[256];
        byte[] name = "<0x00>".getBytes(StandardCharsets.US_ASCII);
        for (int value = 0; value < tokens.length; value++) {
            name[3] = HEX_DIGITS[value >> 4];
            name[4] = HEX_DIGITS[value & 0xF];
            int token = index.find(name, 0, name.length);
            if (token == StringIndex.ABSENT) {
                token = index.find(new byte[] {(byte) value}, 0, 1);
            }
            tokens[value] = token == StringIndex.ABSENT ? unknownToken : token;
        }
        return tokens;
    }

    private static boolean[] joinsSpaceMark(Utf8Strings texts) {
        boolean[] joins = new boolean[256];
        byte[] bytes = texts.bytes;
        for (int token = 0; token < texts.size(); token++) {
            int last = texts.offsets[token + 1] - SPACE_MARK_BYTES.length;
            for (int at = texts.offsets[token] + 1; at <= last; at++) {
                if (bytes[at] == SPACE_MARK_BYTES[0]
                        && bytes[at + 1] == SPACE_MARK_BYTES[1]
                        && bytes[at + 2] == SPACE_MARK_BYTES[2]) {
                    joins[bytes[at - 1] & 0xFF] = true;
                }
            }
        }
        return joins;
    }

    @Override
    public int rank(byte[] text, int from, int middle, int to) {
        int token = table.index().find(text, from, to);
        return token == StringIndex.ABSENT ? NO_RANK : ranks[token];
    }

    @Override
    public int rankCount() {
        return ranks.length;
    }

    @Override
    public void spell(byte[] text, int from, int to, IntList tokens) {
        for (int at = from; at < to; at++) {
            tokens.add(byteTokens[text[at] & 0xFF]);
        }
    }

    @Override
    public TextEncoder newEncoder() {
        return new Encoder(this);
    }

    @Override
    public byte[] decode(String piece) {
        return piece.replace(SPACE_MARK, ' ').getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public boolean addsFirstSpace() {
        return addsFirstSpace;
    }

    private static final class Encoder implements TextEncoder {
        private final SentencePieceCoding coding;
        private final PairEncoder pairEncoder;
        private final ByteBuilder word = new ByteBuilder();

        Encoder(SentencePieceCoding coding) {
            this.coding = coding;
            this.pairEncoder = new PairEncoder(coding.table.index(), coding, coding.wholeWords);
        }

        @Override
        public void encode(String text, int from, int to, IntList tokens) {
            word.clear();
            if (coding.addsFirstSpace) {
                word.appendUtf8(SPACE_MARK);
            }
            int at = from;
            while (at < to) {
                int codePoint = text.codePointAt(at);
                at += Character.charCount(codePoint);
                boolean space = codePoint == ' ' || codePoint == SPACE_MARK;
                if (space && word.length > 0 && !coding.joinsSpaceMark[word.last()]) {
                    pairEncoder.encode(word.bytes, word.length, tokens);
                    word.clear();
                }
                word.appendUtf8(space ? SPACE_MARK : codePoint);
            }
            pairEncoder.encode(word.bytes, word.length, tokens);
        }
    }
}
