package autark.engine.schedule;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/// A step, as a flight recording shows it. There is no text in it.
@Name("autark.Step")
@Label("Step")
@Category({"Autark", "Engine"})
@Description("The model read tokens of several answers at once")
@StackTrace(false)
final class StepEvent extends Event {
    @Label("Answers")
    int answers;

    @Label("Tokens")
    int tokens;

    @Label("Outputs")
    @Description("Tokens whose logits were wanted")
    int outputs;

    void end(Step step) {
        end();
        if (shouldCommit()) {
            answers = step.pieces().size();
            tokens = step.tokenCount();
            outputs = step.outputCount();
            commit();
        }
    }
}
