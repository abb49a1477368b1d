package autark.text.token;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;

/// WordPiece as BERT uses it: words between white space, with each punctuation mark and each
/// Chinese character a word of its own, are spelled by the longest token from the left, again and
/// again. A word that cannot be spelled to its end is unknown as a whole.
final class WordPieceCoding implements Coding {
    /// Stands before the first token of a word: files of this format are written so.
    private static final char WORD_START = '▁';

    private final TokenTable table;
    private final boolean lowercase;
    private final boolean stripAccents;
    private final int unknownToken;

    /// @param unknownToken stands for a word that cannot be spelled
    WordPieceCoding(TokenTable table, boolean lowercase, boolean stripAccents, int unknownToken) {
        this.table = table;
        this.lowercase = lowercase;
        this.stripAccents = stripAccents;
        this.unknownToken = unknownToken;
    }

    @Override
    public TextEncoder newEncoder() {
        return new Encoder(this);
    }

    @Override
    public byte[] decode(String piece) {
        return piece.replace(WORD_START, ' ').getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public boolean addsFirstSpace() {
        return false;
    }

    private static final class Encoder implements TextEncoder {
        private final WordPieceCoding coding;
        private final ByteBuilder word = new ByteBuilder();

        Encoder(WordPieceCoding coding) {
            this.coding = coding;
        }

        @Override
        public void encode(String text, int from, int to, IntList tokens) {
            word.clear();
            int at = from;
            while (at < to) {
                int codePoint = text.codePointAt(at);
                at += Character.charCount(codePoint);
                add(coding.stripAccents ? withoutAccent(codePoint) : codePoint, tokens);
            }
            endWord(tokens);
        }

        private void add(int codePoint, IntList tokens) {
            if (isWhiteSpace(codePoint)) {
                endWord(tokens);
                return;
            }
            int type = Character.getType(codePoint);
            if (codePoint == 0xFFFD || isControl(type) || (coding.stripAccents && isMark(type))) {
                return;
            }
            boolean alone = isPunctuation(codePoint, type) || isChinese(codePoint);
            if (alone) {
                endWord(tokens);
            }
            if (word.length == 0) {
                word.appendUtf8(WORD_START);
            }
            word.appendUtf8(coding.lowercase ? Character.toLowerCase(codePoint) : codePoint);
            if (alone) {
                endWord(tokens);
            }
        }

        private void endWord(IntList tokens) {
            int countBefore = tokens.count();
            int at = 0;
            while (at < word.length) {
                int token = coding.table.index().findLongestPrefix(word.bytes, at, word.length);
                if (token == StringIndex.ABSENT) {
                    tokens.truncate(countBefore);
                    tokens.add(coding.unknownToken);
                    break;
                }
                tokens.add(token);
                at += coding.table.texts().length(token);
            }
            word.clear();
        }
    }

    /// The first code point of the canonical decomposition: a letter without its accents.
    private static int withoutAccent(int codePoint) {
        if (codePoint < 0xC0) {
            return codePoint;
        }
        return Normalizer.normalize(Character.toString(codePoint), Normalizer.Form.NFD)
                .codePointAt(0);
    }

    private static boolean isWhiteSpace(int codePoint) {
        return (codePoint >= '\t' && codePoint <= '\r')
                || codePoint == 0x85
                || Character.isSpaceChar(codePoint);
    }

    private static boolean isControl(int type) {
        return switch (type) {
            case Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.PRIVATE_USE ->
                    true;
            default -> false;
        };
    }

    private static boolean isMark(int type) {
        return switch (type) {
            case Character.NON_SPACING_MARK,
                    Character.ENCLOSING_MARK,
                    Character.COMBINING_SPACING_MARK ->
                    true;
            default -> false;
        };
    }

    /// Punctuation, and the symbols of ASCII.
    private static boolean isPunctuation(int codePoint, int type) {
        return switch (type) {
            case Character.CONNECTOR_PUNCTUATION,
                    Character.DASH_PUNCTUATION,
                    Character.START_PUNCTUATION,
                    Character.END_PUNCTUATION,
                    Character.INITIAL_QUOTE_PUNCTUATION,
                    Character.FINAL_QUOTE_PUNCTUATION,
                    Character.OTHER_PUNCTUATION ->
                    true;
            case Character.MATH_SYMBOL,
                    Character.CURRENCY_SYMBOL,
                    Character.MODIFIER_SYMBOL,
                    Character.OTHER_SYMBOL ->
                    codePoint < 0x7F;
            default -> false;
        };
    }

    /// Ideographs, in the blocks that BERT's tokenizer names; the fifth starts late there too.
    private static boolean isChinese(int codePoint) {
        return (codePoint >= 0x4E00 && codePoint <= 0x9FFF)
                || (codePoint >= 0x3400 && codePoint <= 0x4DBF)
                || (codePoint >= 0x20000 && codePoint <= 0x2A6DF)
                || (codePoint >= 0x2A700 && codePoint <= 0x2B73F)
                || (codePoint >= 0x2B740 && codePoint <= 0x2B81F)
                || (codePoint >= 0x2B920 && codePoint <= 0x2CEAF)
                || (codePoint >= 0xF900 && codePoint <= 0xFAFF)
                || (codePoint >= 0x2F800 && codePoint <= 0x2FA1F);
    }
}
