package autark.engine.schedule;

import autark.engine.schedule.Step.Piece;

/// Runs steps: the model reads, then each answer draws. What goes wrong ends as few answers as it
/// can: a step of several that fails runs again answer by answer, then without guesses, and those
/// that fail again have failed.
final class StepRun {
    private final LanguageModel model;
    private final Drawing drawing;

    StepRun(LanguageModel model) {
        this.model = model;
        this.drawing = new Drawing(model);
    }

    void run(Step step) {
        if (compute(step)) {
            try {
                drawing.draw(step);
            } catch (RuntimeException | Error e) {
                // Some may have drawn, and none can draw twice.
                step.pieces().forEach(piece -> fail(piece, e));
            }
        }
    }

    /// Runs the model. Returns whether the whole step can draw; else its parts have done so, or
    /// failed.
    private boolean compute(Step step) {
        try {
            model.forward(step.batch());
            return true;
        } catch (RuntimeException | Error e) {
            Piece piece = step.pieces().getFirst();
            if (step.pieces().size() > 1) {
                step.pieces().forEach(each -> run(Step.of(each)));
            } else if (piece.guessCount() > 0) {
                piece.task().draft = new int[0];
                run(Step.of(piece.withoutGuesses()));
            } else {
                fail(piece, e);
            }
            return false;
        }
    }

    private static void fail(Piece piece, Throwable failure) {
        piece.task().failure = failure;
        piece.beside().forEach(task -> task.failure = failure);
    }
}
