package autark.text.token;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/// The tokenizer of a vocabulary: special tokens are found first, what lies between them goes to
/// the encoder of the kind.
final class VocabularyTokenizer implements Tokenizer {
    private static final char REPLACEMENT = '\uFFFD';

    /// How control tokens show in a text.
    private enum Controls {
        NAMED,
        HIDDEN
    }

    /// What stands before and after a text.
    record Frame(boolean addsBeginOfSequence, boolean addsEndOfSequence) {}

    private final TokenTable table;
    private final SpecialNames.Roles roles;
    private final SpecialTokens parsed;
    private final SpecialTokens asText;
    private final Coding coding;
    private final Frame frame;

    VocabularyTokenizer(
            TokenTable table,
            SpecialNames.Roles roles,
            List<SpecialTokens.Special> specials,
            Coding coding,
            Frame frame) {
        this.table = table;
        this.roles = roles;
        this.parsed = new SpecialTokens(specials);
        this.asText = new SpecialTokens(userDefined(specials));
        this.coding = coding;
        this.frame = frame;
    }

    private List<SpecialTokens.Special> userDefined(List<SpecialTokens.Special> specials) {
        List<SpecialTokens.Special> userDefined = new ArrayList<>();
        for (SpecialTokens.Special special : specials) {
            if (table.type(special.token()) == TokenType.USER_DEFINED) {
                userDefined.add(special);
            }
        }
        return userDefined;
    }

    @Override
    public int[] encode(String text, Specials specials) {
        if (text.length() > TEXT_CHARS_MAX) {
            throw new TokenizerException(
                    "the text has %d characters, expected at most %d"
                            .formatted(text.length(), TEXT_CHARS_MAX));
        }
        String wellFormed = wellFormed(text);
        SpecialTokens known =
                switch (specials) {
                    case PARSED -> parsed;
                    case AS_TEXT -> asText;
                };
        TextEncoder encoder = coding.newEncoder();
        IntList tokens = new IntList();
        int done = 0;
        for (SpecialTokens.Match match : known.find(wellFormed)) {
            if (match.from() > done) {
                encoder.encode(wellFormed, done, match.from(), tokens);
            }
            tokens.add(match.token());
            done = match.to();
        }
        if (done < wellFormed.length()) {
            encoder.encode(wellFormed, done, wellFormed.length(), tokens);
        }
        return tokens.toArray();
    }

    /// The text with each lone surrogate replaced by U+FFFD.
    private static String wellFormed(String text) {
        StringBuilder repaired = null;
        for (int i = 0; i < text.length(); i++) {
            char unit = text.charAt(i);
            if (!Character.isSurrogate(unit)) {
                continue;
            }
            if (Character.isHighSurrogate(unit)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
            } else {
                repaired = repaired == null ? new StringBuilder(text) : repaired;
                repaired.setCharAt(i, REPLACEMENT);
            }
        }
        return repaired == null ? text : repaired.toString();
    }

    @Override
    public byte[] decode(int... tokens) {
        ByteBuilder bytes = new ByteBuilder();
        for (int i = 0; i < tokens.length; i++) {
            byte[] added = bytes(tokens[i], Controls.NAMED);
            boolean dropsSpace = i == 0 && coding.addsFirstSpace();
            bytes.append(added, StreamDecoder.start(added, dropsSpace), added.length);
        }
        return bytes.toArray();
    }

    @Override
    public StreamDecoder newStreamDecoder() {
        return new StreamDecoder(this, coding.addsFirstSpace());
    }

    @Override
    public StreamDecoder newContinuationDecoder() {
        return new StreamDecoder(this, false);
    }

    @Override
    public byte[] bytes(int token) {
        return bytes(token, Controls.HIDDEN);
    }

    @Override
    public boolean dropsFirstSpace() {
        return coding.addsFirstSpace();
    }

    /// The bytes that a token adds to a text.
    private byte[] bytes(int token, Controls controls) {
        checkToken(token);
        TokenType type = table.type(token);
        return switch (type) {
            case NORMAL -> coding.decode(table.text(token));
            case BYTE -> new byte[] {(byte) table.byteValue(token)};
            case USER_DEFINED -> table.bytes(token);
            case CONTROL, UNKNOWN -> controls == Controls.NAMED ? table.bytes(token) : new byte[0];
            case UNUSED, UNDEFINED -> new byte[0];
        };
    }

    private void checkToken(int token) {
        if (token < 0 || token >= table.size()) {
            throw new TokenizerException(
                    "the vocabulary has no token %d, expected 0 to %d"
                            .formatted(token, table.size() - 1));
        }
    }

    @Override
    public int vocabSize() {
        return table.size();
    }

    @Override
    public String piece(int token) {
        checkToken(token);
        return table.text(token);
    }

    @Override
    public OptionalInt special(SpecialRole role) {
        Integer token = roles.tokens().get(role);
        return token == null ? OptionalInt.empty() : OptionalInt.of(token);
    }

    @Override
    public Set<Integer> endOfTurn() {
        return roles.turnEnds();
    }

    @Override
    public boolean addsBeginOfSequence() {
        return frame.addsBeginOfSequence() && beginOfSequence().isPresent();
    }

    @Override
    public boolean addsEndOfSequence() {
        return frame.addsEndOfSequence() && endOfSequence().isPresent();
    }
}
