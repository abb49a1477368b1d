package autark.model;

import autark.chip.Chip;
import autark.chip.Kernels;

/// How to open a model.
///
/// @param threadCount threads that compute, 1 to the pool's maximum
/// @param contextLength positions to open the model for, at most those that it was trained for; 0
///   for all of them
public record ModelOptions(int threadCount, int contextLength, Kernels kernels) {
    /// As many threads as the process has cores, the model's whole context, the fastest kernels.
    public static ModelOptions defaults() {
        Chip chip = Chip.current();
        return new ModelOptions(chip.coreCount(), 0, chip.kernels());
    }

    public ModelOptions withThreadCount(int count) {
        return new ModelOptions(count, contextLength, kernels);
    }

    public ModelOptions withContextLength(int tokens) {
        return new ModelOptions(threadCount, tokens, kernels);
    }

    public ModelOptions withKernels(Kernels set) {
        return new ModelOptions(threadCount, contextLength, set);
    }
}
