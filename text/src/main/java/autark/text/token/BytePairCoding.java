package autark.text.token;

import java.util.List;
import java.util.regex.Pattern;

/// Byte-level byte-pair encoding: patterns cut a text into words, the bytes of a word become
/// characters of the [ByteAlphabet], and the merges of the vocabulary join them, first come first.
/// Bytes that the vocabulary has no token for are dropped, as the reference does.
final class BytePairCoding implements Coding, PairRules {
    private final TokenTable table;
    private final StringIndex merges;
    private final List<Pattern> patterns;
    private final PairEncoder.WholeWords wholeWords;

    BytePairCoding(TokenTable table, Utf8Strings merges, PreTokenizer preTokenizer) {
        TokenTable.checkCount("merges", merges.size(), Vocabulary.MERGE_COUNT_MAX);
        checkSpaces(merges);
        this.table = table;
        this.merges = StringIndex.ofFirst(merges, "merge");
        this.patterns = preTokenizer.compile();
        this.wholeWords =
                preTokenizer.has(PreTokenizer.Trait.KEEPS_WHOLE_WORDS)
                        ? PairEncoder.WholeWords.allJoin(table.size())
                        : PairEncoder.WholeWords.toBeFoundOut(table.size());
    }

    private static void checkSpaces(Utf8Strings merges) {
        for (int merge = 0; merge < merges.size(); merge++) {
            int at = merges.offsets[merge] + 1;
            int end = merges.offsets[merge + 1] - 1;
            while (at < end && merges.bytes[at] != ' ') {
                at++;
            }
            if (at >= end) {
                throw new TokenizerException(
                        "merge %d '%s' is not two texts with a space between"
                                .formatted(merge, merges.text(merge)));
            }
        }
    }

    /// The rank of a merge is its number in the list.
    @Override
    public int rank(byte[] text, int from, int middle, int to) {
        int merge = merges.findPair(text, from, middle, to);
        return merge == StringIndex.ABSENT ? NO_RANK : merge;
    }

    @Override
    public int rankCount() {
        return merges.size();
    }

    /// A symbol that is no token may still have characters that are.
    @Override
    public void spell(byte[] text, int from, int to, IntList tokens) {
        for (int at = from; at < to; at++) {
            int token = table.index().find(text, at, at + 1);
            if (token != StringIndex.ABSENT) {
                tokens.add(token);
            }
        }
    }

    @Override
    public TextEncoder newEncoder() {
        return new Encoder(this);
    }

    @Override
    public byte[] decode(String piece) {
        return ByteAlphabet.decode(piece);
    }

    @Override
    public boolean addsFirstSpace() {
        return false;
    }

    private static final class Encoder implements TextEncoder {
        private final WordCutter cutter;
        private final PairEncoder pairEncoder;
        private final ByteBuilder bytes = new ByteBuilder();
        private final ByteBuilder word = new ByteBuilder();

        Encoder(BytePairCoding coding) {
            cutter = new WordCutter(coding.patterns);
            pairEncoder = new PairEncoder(coding.table.index(), coding, coding.wholeWords);
        }

        @Override
        public void encode(String text, int from, int to, IntList tokens) {
            cutter.cut(
                    text,
                    from,
                    to,
                    (wordFrom, wordTo) -> encodeWord(text, wordFrom, wordTo, tokens));
        }

        private void encodeWord(String text, int from, int to, IntList tokens) {
            bytes.clear();
            bytes.appendUtf8(text, from, to);
            word.clear();
            ByteAlphabet.encode(bytes, word);
            pairEncoder.encode(word.bytes, word.length, tokens);
        }
    }
}
