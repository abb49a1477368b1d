package autark.model;

import autark.chip.Chip;

/// How to open a model.
///
/// @param threadCount threads that compute, 1 to the pool's maximum
/// @param contextLength positions to open the model for, at most those that it was trained for; 0
///   for all of them
public record ModelOptions(int threadCount, int contextLength) {
    /// As many threads as the process has cores, and the model's whole context.
    public static ModelOptions defaults() {
        return new ModelOptions(Chip.current().coreCount(), 0);
    }

    public ModelOptions withThreadCount(int count) {
        return new ModelOptions(count, contextLength);
    }

    public ModelOptions withContextLength(int tokens) {
        return new ModelOptions(threadCount, tokens);
    }
}
