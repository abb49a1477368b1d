package autark.engine.schedule;

import autark.model.Batch;
import autark.model.Span;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/// What one step computes: pieces of several answers.
final class Step {
    /// Tokens of one answer.
    ///
    /// @param tokens they follow what its cache holds; guesses come last
    /// @param guessCount how many of them are guesses
    /// @param outputs whose logits are wanted
    /// @param beside answers to the same prompt that draw from the same logits
    /// @param first whether the answer has drawn nothing before
    record Piece(
            Task task,
            int[] tokens,
            int guessCount,
            Span.Outputs outputs,
            List<Task> beside,
            boolean first) {
        Piece(Task task, int[] tokens, Span.Outputs outputs, List<Task> beside) {
            this(task, tokens, 0, outputs, beside, task.drewNothing());
        }

        /// Whether logits of the prompt itself are wanted.
        boolean scored() {
            return first && guessCount == 0 && outputs == Span.Outputs.ALL;
        }

        /// The same without guesses, which can only be behind one token.
        Piece withoutGuesses() {
            return new Piece(task, Arrays.copyOf(tokens, 1), 0, Span.Outputs.LAST, beside, first);
        }

        int outputCount() {
            return switch (outputs) {
                case NONE -> 0;
                case LAST -> 1;
                case ALL -> tokens.length;
            };
        }

        Span span() {
            return new Span(tokens, Objects.requireNonNull(task.cache), outputs);
        }
    }

    private final List<Piece> pieces = new ArrayList<>();
    private int tokenCount;
    private int outputCount;

    static Step of(Piece piece) {
        Step step = new Step();
        step.add(piece);
        return step;
    }

    void add(Piece piece) {
        pieces.add(piece);
        tokenCount += piece.tokens().length;
        outputCount += piece.outputCount();
    }

    /// The same piece with guesses behind it.
    void guess(Piece piece, int[] draft) {
        int count = piece.tokens().length;
        int[] tokens = Arrays.copyOf(piece.tokens(), count + draft.length);
        System.arraycopy(draft, 0, tokens, count, draft.length);
        pieces.set(
                pieces.indexOf(piece),
                new Piece(
                        piece.task(),
                        tokens,
                        draft.length,
                        Span.Outputs.ALL,
                        piece.beside(),
                        piece.first()));
        tokenCount += draft.length;
        outputCount += draft.length;
    }

    List<Piece> pieces() {
        return pieces;
    }

    int tokenCount() {
        return tokenCount;
    }

    int outputCount() {
        return outputCount;
    }

    /// Answers that begin beside others.
    int besideCount() {
        int count = 0;
        for (Piece piece : pieces) {
            count += piece.beside().size();
        }
        return count;
    }

    boolean isEmpty() {
        return pieces.isEmpty();
    }

    boolean has(Task task) {
        return pieces.stream().anyMatch(piece -> piece.task().equals(task));
    }

    Batch batch() {
        return Batch.of(pieces.stream().map(Piece::span).toList());
    }
}
