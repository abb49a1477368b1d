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

    /// What one answer gets.
    ///
    /// @param start position of the first output's token in the sequence
    private record Draw(Task task, int firstOutput, int outputCount, boolean scored, int start) {}

    /// An exception of an answer's writer becomes the failure of its task.
    void draw(Step step) {
        List<Draw> draws = new ArrayList<>();
        int first = 0;
        for (Piece piece : step.pieces()) {
            int count = piece.outputCount();
            if (count > 0) {
                Task task = piece.task();
                draws.add(new Draw(task, first, count, piece.scored(), task.length() - count));
                for (Task follower : piece.beside()) {
                    draws.add(
                            new Draw(
                                    follower, first + count - 1 - piece.guessCount(), 1, false, 0));
                }
            }
            first += count;
        }
        model.parallel(draws.size(), i -> draw(draws.get(i)));
    }

    private void draw(Draw draw) {
        LogitRow idle = rows.poll();
        LogitRow row = idle == null ? LogitRow.of(model.vocabSize()) : idle;
        try {
            if (draw.scored) {
                scorePrompt(draw, row);
            } else {
                drawAndCheckGuesses(draw, row);
            }
        } catch (RuntimeException | Error e) {
            draw.task.failure = e;
        } finally {
            rows.add(row);
        }
    }

    private void scorePrompt(Draw draw, LogitRow row) {
        Task task = draw.task;
        for (int i = 0; i < draw.outputCount; i++) {
            model.copyLogits(draw.firstOutput + i, row.logits());
            int next = draw.start + i + 1;
            if (next < task.promptTokens) {
                task.writer.score(row, next, task.tokens);
            } else {
                task.finish = task.writer.write(row, task.tokens).orElse(null);
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
            model.copyLogits(draw.firstOutput + i, row.logits());
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
