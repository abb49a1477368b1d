package autark.engine.schedule;

import java.time.Duration;

/// What a scheduler has done since its start.
final class Counts {
    long steps;
    long tokens;
    long cachedTokens;
    long draftedTokens;
    long acceptedTokens;
    long preemptions;
    long ended;
    long failed;

    private double seconds;

    void stepped(Step step, Duration time) {
        steps++;
        tokens += step.tokenCount();
        seconds += time.toNanos() / 1e9;
    }

    double tokensPerSecond() {
        return seconds > 0 ? tokens / seconds : 0;
    }

    void ended(Task task) {
        ended++;
        failed += task.failure == null ? 0 : 1;
        cachedTokens += task.cachedTokens;
        draftedTokens += task.acceptance.drafted();
        acceptedTokens += task.acceptance.accepted();
        AnswerEvent.commit(task);
    }
}
