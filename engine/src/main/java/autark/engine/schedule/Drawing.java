package autark.engine.schedule;

import autark.engine.schedule.Step.Piece;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/// Lets the answers of a step draw their tokens from its logits, on all threads of the model.
final class Drawing {
    private final LanguageModel model;

    /// Rows that nobody uses; there are as many as threads.
    private final Queue<LogitRow> rows = new ConcurrentLinkedQueue<>();

    Drawing(LanguageModel model) {
        this.model = model;
    }

    /// @param firstOutput of the piece in the step
    private record Draw(Task task, Piece piece, int firstOutput) {
        /// The output behind the last token that is not a guess.
        int behind() {
            return firstOutput + piece.outputCount() - piece.guessCount() - 1;
        }
    }

    /// An exception of an answer's writer becomes the failure of its task.
    void draw(Step step) {
        List<Draw> draws = new ArrayList<>();
        int first = 0;
        for (Piece piece : step.pieces()) {
            if (piece.outputCount() > 0) {
                draws.add(new Draw(piece.task(), piece, first));
                for (Task follower : piece.beside()) {
                    draws.add(new Draw(follower, piece, first));
                }
            }
            first += piece.outputCount();
        }
        model.parallel(draws.size(), i -> draw(draws.get(i)));
    }

    private void draw(Draw draw) {
        try {
            LogitRow idle = rows.poll();
            LogitRow row = idle == null ? LogitRow.of(model.vocabSize()) : idle;
            if (draw.piece.scored() && draw.task.scoring()) {
                scorePrompt(draw, row);
            }
            if (draw.piece.task().length() >= draw.task.tokens.size()) {
                if (draw.task.drewNothing()) {
                    boolean reads = draw.task.equals(draw.piece.task());
                    draw.task.writer.begin(reads ? draw.task.cachedTokens : draw.task.promptTokens);
                }
                drawAndCheckGuesses(draw, row);
            }
            rows.add(row);
        } catch (RuntimeException | Error e) {
            draw.task.failure = e;
        }
    }

    /// Positions that were scored before the answer was preempted are not scored again.
    private void scorePrompt(Draw draw, LogitRow row) {
        Task task = draw.task;
        int count = draw.piece.outputCount();
        int start = draw.piece.task().length() - count;
        for (int i = 0; i < count; i++) {
            int position = start + i + 1;
            if (position > task.scored && position < task.promptTokens) {
                model.copyLogits(draw.firstOutput + i, row.logits());
                task.scored = position;
                task.writer.score(row, position, task.tokens);
            }
        }
    }

    /// A guess was right if the token is drawn that was guessed; then the logits behind it count.
    private void drawAndCheckGuesses(Draw draw, LogitRow row) {
        Task task = draw.task;
        int[] draft = task.draft;
        task.draft = new int[0];
        int accepted = 0;
        boolean more = true;
        for (int i = 0; more; i++) {
            model.copyLogits(draw.behind() + i, row.logits());
            task.finish = task.writer.write(row, task.tokens).orElse(null);
            boolean right = i < draft.length && task.tokens.last() == draft[i];
            accepted += right ? 1 : 0;
            more = right && task.finish == null;
        }
        if (draft.length > 0) {
            task.acceptance.add(draft.length, accepted);
        }
    }
}
