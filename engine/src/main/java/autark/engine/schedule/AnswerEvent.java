package autark.engine.schedule;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/// The end of an answer, as a flight recording shows it. There is no text in it, and no name.
@Name("autark.Answer")
@Label("Answer")
@Category({"Autark", "Engine"})
@Description("An answer has ended")
@StackTrace(false)
final class AnswerEvent extends Event {
    @Label("Prompt Tokens")
    int promptTokens;

    @Label("Cached Tokens")
    @Description("Tokens of the prompt that were known and not read")
    int cachedTokens;

    @Label("Generated Tokens")
    int generatedTokens;

    @Label("Queued")
    @Timespan
    long queued;

    @Label("Prefill")
    @Timespan
    long prefill;

    @Label("Decode")
    @Timespan
    long decode;

    @Label("End")
    String reason = "";

    static void commit(Task task) {
        AnswerEvent event = new AnswerEvent();
        if (event.shouldCommit()) {
            Work work = task.work();
            event.promptTokens = task.promptTokens;
            event.cachedTokens = work.cachedTokens();
            event.generatedTokens = task.tokens.size() - task.promptTokens;
            event.queued = work.queued().toNanos();
            event.prefill = work.prefill().toNanos();
            event.decode = work.decode().toNanos();
            event.reason = task.finish == null ? "FAILED" : task.finish.name();
            event.commit();
        }
    }
}
