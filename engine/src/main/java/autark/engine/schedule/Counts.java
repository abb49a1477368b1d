package autark.engine.schedule;

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

    void stepped(Step step) {
        steps++;
        tokens += step.tokenCount();
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
