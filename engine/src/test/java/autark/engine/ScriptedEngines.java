package autark.engine;

import autark.engine.sample.Sampling;

/// Engines for tests outside of this package: their models say what a test tells them to.
public final class ScriptedEngines {
    /// Tokens that fit the context of these engines; a token is a byte.
    public static final int CONTEXT_LENGTH = 4096;

    private ScriptedEngines() {}

    /// Answers every conversation with this text.
    public static Engine saying(String answer) {
        return saying(answer, ScriptedModel.TEMPLATE);
    }

    /// Answers every conversation with this text.
    ///
    /// @param template has to open the assistant's turn with `<|im_start|>assistant` and a line end
    public static Engine saying(String answer, String template) {
        ScriptedModel model = new ScriptedModel(ScriptedModel.saying(answer)::say, CONTEXT_LENGTH);
        return engine(model, template);
    }

    /// Writes letters without end; each depends on all tokens before it.
    public static Engine babbling() {
        return babbling(ScriptedModel.TEMPLATE);
    }

    /// As the other form, with a chat template.
    public static Engine babbling(String template) {
        return engine(new ScriptedModel(ScriptedModel.babbling()::say, CONTEXT_LENGTH), template);
    }

    /// Says `ok`, and does something in each step before.
    public static Engine stepping(Runnable onStep) {
        ScriptedModel model = new ScriptedModel(ScriptedModel.saying("ok")::say, CONTEXT_LENGTH);
        model.onStep = onStep;
        return engine(model, ScriptedModel.TEMPLATE);
    }

    /// Writes letters without end, and does something in each step before.
    public static Engine babbling(Runnable onStep) {
        ScriptedModel model = new ScriptedModel(ScriptedModel.babbling()::say, CONTEXT_LENGTH);
        model.onStep = onStep;
        return engine(model, ScriptedModel.TEMPLATE);
    }

    private static Engine engine(ScriptedModel model, String template) {
        return new Engine(
                model,
                TestVocabulary.tokenizer(),
                template,
                Sampling.standard(),
                EngineOptions.defaults());
    }
}
