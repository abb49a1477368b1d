package autark.engine;

import autark.engine.LanguageModel.Sequence;
import autark.model.Span;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The sequences whose keys and values stay in memory: a fixed number of them for any number of
/// answers.
///
/// An answer owns a sequence from its first step to its end. The sequence then stays, without an
/// owner, for a later request that begins with the same tokens: the next turn of a chat reads its
/// new message only. If all have owners, the one that was used longest ago loses its sequence; the
/// answer that it belonged to, perhaps one that nobody reads on, gets another at its next step and
/// reads its tokens again. So an answer that was forgotten blocks nothing, and since logits depend
/// on the tokens alone, none of this changes a single bit of what is written.
///
/// Guarded by the lock of the engine.
final class SequencePool implements AutoCloseable {
    private final LanguageModel model;
    private final int capacity;

    /// From the one used longest ago to the latest.
    private final List<Pooled> sequences = new ArrayList<>();

    SequencePool(LanguageModel model, int capacity) {
        this.model = model;
        this.capacity = capacity;
    }

    /// A sequence and the tokens that it holds.
    static final class Pooled {
        private final Sequence sequence;
        private final TokenList tokens = new TokenList();
        private @Nullable Object owner;

        private Pooled(Sequence sequence) {
            this.sequence = sequence;
        }

        int length() {
            return tokens.size();
        }

        void append(int[] step, Span.Outputs outputs) {
            sequence.append(step, outputs);
            tokens.add(step);
        }

        void copyLogits(int output, float[] into) {
            sequence.copyLogits(output, into);
        }

        private void truncate(int length) {
            sequence.truncate(length);
            tokens.truncate(length);
        }

        /// Whether most of what it holds is of use for `wanted`.
        private boolean suits(TokenList wanted) {
            return 2 * tokens.commonPrefix(wanted) >= tokens.size();
        }
    }

    /// The sequence of `owner`. It holds the front of `tokens`, but not the last of them, since a
    /// token has to be read for its logits.
    Pooled acquire(Object owner, TokenList tokens) {
        Pooled pooled = ownedBy(owner).or(() -> freeFor(tokens)).orElseGet(this::newOrOldest);
        pooled.owner = owner;
        sequences.remove(pooled);
        sequences.addLast(pooled);
        pooled.truncate(Math.min(pooled.tokens.commonPrefix(tokens), tokens.size() - 1));
        return pooled;
    }

    /// Ends the ownership; the sequence stays.
    void release(Object owner) {
        ownedBy(owner).ifPresent(pooled -> pooled.owner = null);
    }

    @SuppressWarnings("ReferenceEquality") // an owner is an object, not a value
    private Optional<Pooled> ownedBy(Object owner) {
        return sequences.stream().filter(pooled -> pooled.owner == owner).findFirst();
    }

    private Optional<Pooled> freeFor(TokenList tokens) {
        return sequences.stream()
                .filter(pooled -> pooled.owner == null && pooled.suits(tokens))
                .max(Comparator.comparingInt(pooled -> pooled.tokens.commonPrefix(tokens)));
    }

    private Pooled newOrOldest() {
        if (sequences.size() < capacity) {
            Pooled pooled = new Pooled(model.newSequence());
            sequences.add(pooled);
            return pooled;
        }
        return sequences.stream()
                .filter(pooled -> pooled.owner == null)
                .findFirst()
                .orElseGet(sequences::getFirst);
    }

    @Override
    public void close() {
        sequences.forEach(pooled -> pooled.sequence.close());
        sequences.clear();
    }
}
