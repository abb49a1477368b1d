package autark.engine;

import autark.engine.sample.Sampling;

/// Engines for tests outside of this package: their models say what a test tells them to.
public final class ScriptedEngines {
    /// Tokens that fit the context of these engines; a token is a byte.
    public static final int CONTEXT_LENGTH = 4096;

    private ScriptedEngines() {}

    /// Answers every conversation with this text.
    public static Engine saying(String answer) {
        return engine(new ScriptedModel(ScriptedModel.saying(answer)::say, CONTEXT_LENGTH));
    }

    /// Writes letters without end; each depends on all tokens before it.
    public static Engine babbling() {
        return engine(new ScriptedModel(ScriptedModel.babbling()::say, CONTEXT_LENGTH));
    }

    private static Engine engine(ScriptedModel model) {
        return new Engine(
                model,
                TestVocabulary.tokenizer(),
                ScriptedModel.TEMPLATE,
                Sampling.standard(),
                EngineOptions.defaults());
    }
}
