package autark.text.grammar;

import org.jspecify.annotations.Nullable;

/// A language joined with a vocabulary: tells at each place of an answer which tokens keep it
/// inside the language. For all threads; answers share what was found out.
///
/// Text stands for what a stream decoder makes of the tokens. So a space that the vocabulary puts
/// before each text counts for nothing before the first token of an answer.
public final class TokenGrammar {
    /// Usual memory for what is found out about one language, in bytes.
    public static final long CACHE_BYTES_USUAL = 64L << 20;

    private final StateCache states;
    private final TokenMasks masks;
    private final TokenVocabulary vocabulary;
    private volatile long @Nullable [] firstMask;

    private TokenGrammar(Language<?> language, TokenVocabulary vocabulary, long cacheBytesMax) {
        this.vocabulary = vocabulary;
        this.states = new StateCache(language, cacheBytesMax);
        this.masks = new TokenMasks(states, vocabulary);
    }

    /// Joins a language with a vocabulary; cheap, since masks are made when they are asked for.
    ///
    /// @param cacheBytesMax memory for states, steps and masks, in bytes; when it is used up, all
    ///   is forgotten and found out again as needed. One answer alone needs a mask for each place
    ///   that differs, an eighth of a byte for each token.
    /// @throws GrammarException if no text belongs to the language
    public static TokenGrammar of(
            Language<?> language, TokenVocabulary vocabulary, long cacheBytesMax) {
        if (cacheBytesMax < 0) {
            throw new IllegalArgumentException(
                    "cacheBytesMax is %d, expected 0 or more".formatted(cacheBytesMax));
        }
        TokenGrammar grammar = new TokenGrammar(language, vocabulary, cacheBytesMax);
        grammar.states.start();
        return grammar;
    }

    /// Before the first token of an answer, as `Tokenizer.newStreamDecoder` decodes it.
    public GrammarCursor start() {
        return new GrammarCursor(this, states.start(), vocabulary.dropsFirstSpace());
    }

    /// Where the answer begins but tokens came before, such as a model's thinking: as
    /// `Tokenizer.newContinuationDecoder` decodes it, a space before the first token is text.
    public GrammarCursor startContinuation() {
        return new GrammarCursor(this, states.start(), false);
    }

    /// The vocabulary that masks are over.
    public TokenVocabulary vocabulary() {
        return vocabulary;
    }

    StateCache states() {
        return states;
    }

    long[] mask(StateCache.Node node) {
        return masks.mask(node);
    }

    long[] firstMask(StateCache.Node start) {
        long[] known = firstMask;
        if (known == null) {
            known = masks.firstMask(start);
            firstMask = known;
        }
        return known;
    }
}
