package autark.engine;

import java.nio.file.Path;

/// How tokens are guessed, so that one step checks several. What is written is the same bit for
/// bit, only sooner; the engine stops guessing where it does not pay.
public sealed interface Speculation {
    /// Not at all.
    record Off() implements Speculation {}

    /// By what followed the last few tokens where they stood before, in prompt or answer.
    record PromptLookup() implements Speculation {}

    /// By a smaller model with the same vocabulary.
    record DraftModel(Path file) implements Speculation {}
}
