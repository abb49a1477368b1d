package autark.engine;

import autark.engine.sample.Sampling;

/// An engine for tests outside of this package that writes without end, one answer at a time, and
/// as fast as a test lets it.
public final class ScriptedSteps {
    private ScriptedSteps() {}

    /// Writes letters without end.
    ///
    /// @param onStep is done in each step of the model; while it blocks, the step takes as long
    public static Engine babbling(Runnable onStep) {
        ScriptedModel model =
                new ScriptedModel(ScriptedModel.babbling()::say, ScriptedEngines.CONTEXT_LENGTH);
        model.onStep = onStep;
        return new Engine(
                model,
                TestVocabulary.tokenizer(),
                ScriptedModel.TEMPLATE,
                Sampling.standard(),
                EngineOptions.defaults().withRunningMax(1));
    }
}
