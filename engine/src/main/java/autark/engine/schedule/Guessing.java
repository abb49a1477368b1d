package autark.engine.schedule;

import autark.engine.schedule.Step.Piece;
import java.util.List;
import java.util.Objects;

/// How many guesses at next tokens a step checks, and which.
final class Guessing {
    /// Most guesses behind a token.
    private static final int DRAFT_MAX = 8;

    private final LanguageModel model;
    private final Pages pages;
    private final Drafter drafter;
    private final StepTimes times;

    Guessing(LanguageModel model, Pages pages, Drafter drafter, StepTimes times) {
        this.model = model;
        this.pages = pages;
        this.drafter = drafter;
        this.times = times;
    }

    /// Guesses for the pieces of a step where that is likely to save more steps than it makes
    /// longer.
    ///
    /// @param tokensMax most tokens that the step may have
    void guess(Step step, int tokensMax) {
        for (Piece piece : List.copyOf(step.pieces())) {
            Task task = piece.task();
            int rows = step.tokenCount();
            int room =
                    Math.min(
                            Math.min(tokensMax - rows, DRAFT_MAX),
                            Math.min(
                                    model.maxStepOutputs() - step.outputCount(),
                                    model.contextLength() - task.tokens.size()));
            int count = worthwhile(task.acceptance.rate(), room, rows);
            task.draft = count > 0 ? drafter.draft(task.tokens, count) : new int[0];
            if (count <= 0) {
                task.acceptance.recover();
            } else if (task.draft.length > 0 && reserve(task, 1 + task.draft.length)) {
                step.guess(piece, task.draft);
            } else {
                task.draft = new int[0];
            }
        }
    }

    /// Reserves room if there is some that nobody has to give up.
    private boolean reserve(Task task, int tokenCount) {
        try {
            boolean room = pages.hasRoom(task, tokenCount);
            if (room) {
                Objects.requireNonNull(task.cache).reserve(tokenCount);
            }
            return room;
        } catch (RuntimeException | OutOfMemoryError e) {
            return false; // the answer goes on without guesses
        }
    }

    /// How many guesses gain most: each is a token more with falling probability, and all answers
    /// of the step wait for it.
    private int worthwhile(double rate, int most, int rows) {
        double alone = times.seconds(rows);
        int best = 0;
        double bestGain = 0;
        double expected = 0;
        for (int count = 1; count <= most; count++) {
            expected += Math.pow(rate, count);
            double longer =
                    alone > 0 && times.known(rows + count)
                            ? times.seconds(rows + count) / alone - 1
                            : 0;
            double guessing = alone > 0 ? count * drafter.secondsPerGuess() / alone : 0;
            double gain = expected - rows * (longer + guessing);
            if (gain > bestGain) {
                best = count;
                bestGain = gain;
            }
        }
        return best;
    }
}
