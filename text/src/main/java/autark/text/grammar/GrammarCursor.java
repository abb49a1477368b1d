package autark.text.grammar;

import autark.text.grammar.StateCache.Node;

/// Where one answer stands in a grammar. For one answer and one thread.
///
/// All operations may throw a [GrammarException] if the language has states beyond its limits, for
/// instance where an answer nests too deep; the cursor is then unchanged.
public final class GrammarCursor {
    private final TokenGrammar grammar;
    private Node node;

    /// Whether a space before the next token is no text.
    private boolean dropsSpace;

    GrammarCursor(TokenGrammar grammar, Node node, boolean dropsSpace) {
        this.grammar = grammar;
        this.node = node;
        this.dropsSpace = dropsSpace;
    }

    /// Sets the bit of each token that may come next and clears all others: token 0 is the lowest
    /// bit of the first word. Tokens that end a turn may come where the text is complete. No bit is
    /// set if the vocabulary cannot spell what has to come; [#completion] can.
    ///
    /// @param allowed `TokenVocabulary.maskWords()` words
    public void mask(long[] allowed) {
        int words = grammar.vocabulary().maskWords();
        if (allowed.length != words) {
            throw new IllegalArgumentException(
                    "the mask has %d words, expected %d".formatted(allowed.length, words));
        }
        long[] mask = dropsSpace ? grammar.firstMask(node) : grammar.mask(node);
        System.arraycopy(mask, 0, allowed, 0, words);
    }

    /// Takes a token. False, and nothing changes, if it may not come here. A token that ends the
    /// turn is taken where the text is complete, and changes nothing.
    public boolean accept(int token) {
        TokenVocabulary vocabulary = grammar.vocabulary();
        if (token < 0 || token >= vocabulary.size()) {
            throw new IllegalArgumentException(
                    "the vocabulary has no token %d, expected 0 to %d"
                            .formatted(token, vocabulary.size() - 1));
        }
        if (vocabulary.endsTurn(token)) {
            return node.complete;
        }
        byte[] bytes = vocabulary.bytes(token);
        int from = dropsSpace && bytes.length > 0 && bytes[0] == ' ' ? 1 : 0;
        if (bytes.length == 0 || !walk(bytes, from)) {
            return false;
        }
        dropsSpace = false;
        return true;
    }

    /// Takes text that does not come as tokens of its own, in UTF-8. False, and nothing changes, if
    /// it may not come here.
    public boolean acceptText(byte[] utf8) {
        boolean accepted = walk(utf8, 0);
        dropsSpace &= !accepted || utf8.length == 0;
        return accepted;
    }

    private boolean walk(byte[] bytes, int from) {
        StateCache states = grammar.states();
        Node at = node;
        for (int i = from; i < bytes.length; i++) {
            at = states.next(at, bytes[i]);
            if (at == states.dead) {
                return false;
            }
        }
        node = at;
        return true;
    }

    /// Whether the text may end here.
    public boolean complete() {
        return node.complete;
    }

    /// A short text, in UTF-8, that completes the answer; empty where it is [#complete].
    public byte[] completion() {
        return grammar.states().completion(node);
    }

    /// Another cursor at the same place.
    public GrammarCursor copy() {
        return new GrammarCursor(grammar, node, dropsSpace);
    }
}
