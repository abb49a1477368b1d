package autark.model;

import autark.chip.Chip;
import autark.chip.Kernels;
import autark.chip.KvType;

/// How to open a model.
///
/// @param threadCount threads that compute, 1 to the pool's maximum
/// @param contextLength positions to open the model for, at most those that it was trained for; 0
///   for all of them
/// @param kvType how keys and values are stored
public record ModelOptions(int threadCount, int contextLength, Kernels kernels, KvType kvType) {
    /// As many threads as the process has cores, the model's whole context, the fastest kernels,
    /// keys and values as 16-bit floats.
    public static ModelOptions defaults() {
        Chip chip = Chip.current();
        return new ModelOptions(chip.coreCount(), 0, chip.kernels(), KvType.F16);
    }

    public ModelOptions withThreadCount(int count) {
        return new ModelOptions(count, contextLength, kernels, kvType);
    }

    public ModelOptions withContextLength(int tokens) {
        return new ModelOptions(threadCount, tokens, kernels, kvType);
    }

    public ModelOptions withKernels(Kernels set) {
        return new ModelOptions(threadCount, contextLength, set, kvType);
    }

    public ModelOptions withKvType(KvType type) {
        return new ModelOptions(threadCount, contextLength, kernels, type);
    }
}
