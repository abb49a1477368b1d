package autark.text.grammar;

import autark.text.grammar.StateCache.Node;

/// Finds the tokens that go on from a state of a language: walks the vocabulary's trie and the
/// language's states side by side. Where a byte leads nowhere, the subtree is left out; where it
/// leads back to the same state, and so do all bytes below, the subtree is taken whole. So inside a
/// free text nearly all of a vocabulary is found in a few hundred steps.
final class TokenMasks {
    /// What the steps that the language is asked for one mask may cost. Usual masks ask for some
    /// thousands, once; a grammar that needs more is ambiguous beyond use.
    static final int NEW_STEPS_COST_MAX = 1 << 18;

    /// Smallest subtree for which it is worth finding out where all bytes lead from a state.
    private static final int SUBTREE_NODES_MIN = 16;

    private final StateCache states;
    private final TokenVocabulary vocabulary;

    TokenMasks(StateCache states, TokenVocabulary vocabulary) {
        this.states = states;
        this.vocabulary = vocabulary;
    }

    /// The tokens that go on from a node; not to be changed.
    ///
    /// @throws GrammarException if the language's states are too many or too large
    long[] mask(Node node) {
        long[] known = node.mask;
        if (known != null) {
            return known;
        }
        long[] mask = new long[vocabulary.maskWords()];
        new Walk(mask).run(0, vocabulary.nodeCount(), node);
        allowEnd(node, mask);
        states.keepMask(node, mask);
        return mask;
    }

    /// The tokens that an answer may begin with, where a space before the first one is no text.
    long[] firstMask(Node start) {
        TokenVocabulary v = vocabulary;
        long[] mask = new long[v.maskWords()];
        Walk walk = new Walk(mask);
        walk.run(0, v.spaceStart, start);
        walk.run(v.spaceEnd, v.nodeCount(), start);
        if (v.spaceStart < v.spaceEnd) {
            walk.allow(v.tokenStarts[v.spaceStart], v.tokenStarts[v.spaceStart + 1]);
            walk.run(v.spaceStart + 1, v.spaceEnd, start);
        }
        allowEnd(start, mask);
        return mask;
    }

    private void allowEnd(Node node, long[] mask) {
        if (node.complete) {
            vocabulary.allowEndOfTurn(mask);
        }
    }

    /// One mask in the making.
    private final class Walk {
        private final long[] mask;

        /// By depth the node before the byte there, as far as the walk has come.
        private final Node[] path = new Node[vocabulary.depthMax + 1];

        private int newStepsCost;

        Walk(long[] mask) {
            this.mask = mask;
        }

        /// Goes through whole subtrees whose roots stand side by side.
        void run(int from, int to, Node start) {
            TokenVocabulary v = vocabulary;
            if (from == to) {
                return;
            }
            path[v.depths[from]] = start;
            int at = from;
            while (at < to) {
                int depth = v.depths[at];
                Node above = path[depth];
                Node node = StateCache.known(above, v.labels[at]);
                if (node == null) {
                    node = newStep(above, v.labels[at]);
                }
                if (node == states.dead) {
                    at = v.ends[at];
                } else if (node == above && staysBelow(at, node)) {
                    allow(v.tokenStarts[at], v.tokenStarts[v.ends[at]]);
                    at = v.ends[at];
                } else {
                    allow(v.tokenStarts[at], v.tokenStarts[at + 1]);
                    path[depth + 1] = node;
                    at++;
                }
            }
        }

        private boolean staysBelow(int at, Node node) {
            boolean worthFinding = vocabulary.ends[at] - at >= SUBTREE_NODES_MIN;
            long loops = worthFinding ? states.loops(node) : StateCache.knownLoops(node);
            return (vocabulary.bucketsBelow[at] & ~loops) == 0;
        }

        private Node newStep(Node above, byte value) {
            newStepsCost += states.cost(above);
            if (newStepsCost > NEW_STEPS_COST_MAX) {
                throw new GrammarException(
                        "the grammar is too ambiguous: one mask costs more than %d steps of it"
                                .formatted(NEW_STEPS_COST_MAX));
            }
            return states.next(above, value);
        }

        void allow(int from, int to) {
            for (int i = from; i < to; i++) {
                int token = vocabulary.tokens[i];
                mask[token >> 6] |= 1L << token;
            }
        }
    }
}
