package autark.engine.sample;

import java.util.Arrays;
import java.util.BitSet;

/// Some tokens of a vocabulary; immutable.
public final class TokenSet {
    private static final TokenSet NONE = new TokenSet(new BitSet());

    private final BitSet tokens;

    private TokenSet(BitSet tokens) {
        this.tokens = tokens;
    }

    public static TokenSet none() {
        return NONE;
    }

    /// @throws SamplingException if one is negative or beyond [Sampling#COUNT_MAX]
    public static TokenSet of(int... tokens) {
        BitSet set = new BitSet();
        for (int token : tokens) {
            Range.check("token", token, token >= 0 && token < Sampling.COUNT_MAX, "a token id");
            set.set(token);
        }
        return new TokenSet(set);
    }

    public boolean contains(int token) {
        return tokens.get(token);
    }

    public int size() {
        return tokens.cardinality();
    }

    /// The tokens, smallest id first.
    public int[] toArray() {
        return tokens.stream().toArray();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TokenSet set && tokens.equals(set.tokens);
    }

    @Override
    public int hashCode() {
        return tokens.hashCode();
    }

    @Override
    public String toString() {
        return Arrays.toString(toArray());
    }
}
