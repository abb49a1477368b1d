package autark.engine;

import autark.text.grammar.GrammarCursor;
import autark.text.grammar.TokenGrammar;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Keeps one answer inside a grammar: tells which tokens may come, and how to close the answer
/// before its tokens run out.
///
/// Each answer that is being written has a shortest way to its end. As long as that way fits into
/// the tokens that are left, the model chooses freely; a choice after which it would not fit any
/// more is taken back, and the way is gone instead.
final class FormatGate {
    /// Tokens that are left from which on the way to the end is looked for: that takes time, and
    /// ends are shorter.
    private static final int CLOSING_TOKENS = 1024;

    private final TokenGrammar grammar;
    private final long[] allowed;
    private @Nullable GrammarCursor cursor;
    private int[] closing = {};
    private int closed;

    FormatGate(TokenGrammar grammar) {
        this.grammar = grammar;
        this.allowed = new long[grammar.vocabulary().maskWords()];
    }

    /// The tokens that may come next, a bit each.
    ///
    /// @param first whether the token is the first of all
    long[] allowed(boolean first) {
        cursor(first).mask(allowed);
        return allowed;
    }

    private GrammarCursor cursor(boolean first) {
        if (cursor == null) {
            cursor = first ? grammar.start() : grammar.startContinuation();
        }
        return cursor;
    }

    /// Takes the model's choice, or one that closes the answer if otherwise there would be no room
    /// for its end.
    ///
    /// @param tokensLeft how many tokens may follow this one
    /// @return the token that is written
    int take(int token, int tokensLeft) {
        GrammarCursor at = cursor(false);
        if (closed < closing.length) {
            return accepted(at, closing[closed++]);
        }
        GrammarCursor before = at.copy();
        if (!at.accept(token)) {
            throw new EngineException(
                    "found token %d, which the format does not allow".formatted(token));
        }
        if (tokensLeft > CLOSING_TOKENS) {
            return token;
        }
        byte[] way = at.completion();
        if (way.length <= tokensLeft) {
            return token;
        }
        int[] shortest = tokens(before.completion());
        boolean fits = shortest.length <= tokensLeft + 1;
        boolean shorter = fits && tokens(way).length > tokensLeft;
        if (!shorter || shortest.length == 0) {
            return token;
        }
        cursor = before;
        closing = shortest;
        closed = 1;
        return accepted(before, shortest[0]);
    }

    /// Whether the engine has taken over and closed the answer.
    boolean closed() {
        return closing.length > 0 && closed == closing.length;
    }

    private int[] tokens(byte[] text) {
        return grammar.vocabulary().spell(text);
    }

    private static int accepted(GrammarCursor at, int token) {
        if (!at.accept(token)) {
            throw new EngineException(
                    "the vocabulary cannot spell the end of the format at token %d"
                            .formatted(token));
        }
        return token;
    }

    /// Takes text that came with the token that ended the thinking.
    void takeText(String text) {
        if (!cursor(false).acceptText(text.getBytes(StandardCharsets.UTF_8))) {
            throw new EngineException(
                    "the model began its answer in the token that ended its thinking, and not as the format wants it: "
                            + text);
        }
    }
}
