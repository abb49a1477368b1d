package autark.model;

import autark.chip.AvailableMemory;
import autark.chip.Chip;
import autark.chip.Kernels;
import autark.chip.KvType;
import java.nio.file.Path;
import java.util.Optional;

/// How to open a model.
///
/// @param threadCount threads that compute, 1 to the pool's maximum
/// @param contextLength positions to open the model for, at most those that it was trained for; 0
///   for all of them
/// @param kvType how keys and values are stored
/// @param memoryBytes what the process may have; a model that needs more is refused. 0 for what the
///   system tells
/// @param adapter a low-rank adapter of the model: a GGUF file, or a folder of the PEFT library
public record ModelOptions(
        int threadCount,
        int contextLength,
        Kernels kernels,
        KvType kvType,
        long memoryBytes,
        Optional<Path> adapter) {
    /// As many threads as the process has cores, the model's whole context, the fastest kernels,
    /// keys and values as 16-bit floats, the memory that there is, no adapter.
    public static ModelOptions defaults() {
        Chip chip = Chip.current();
        return new ModelOptions(
                chip.coreCount(), 0, chip.kernels(), KvType.F16, 0, Optional.empty());
    }

    public ModelOptions withThreadCount(int count) {
        return new ModelOptions(count, contextLength, kernels, kvType, memoryBytes, adapter);
    }

    public ModelOptions withContextLength(int tokens) {
        return new ModelOptions(threadCount, tokens, kernels, kvType, memoryBytes, adapter);
    }

    public ModelOptions withKernels(Kernels set) {
        return new ModelOptions(threadCount, contextLength, set, kvType, memoryBytes, adapter);
    }

    public ModelOptions withKvType(KvType type) {
        return new ModelOptions(threadCount, contextLength, kernels, type, memoryBytes, adapter);
    }

    public ModelOptions withMemoryBytes(long bytes) {
        return new ModelOptions(threadCount, contextLength, kernels, kvType, bytes, adapter);
    }

    public ModelOptions withAdapter(Path file) {
        return new ModelOptions(
                threadCount, contextLength, kernels, kvType, memoryBytes, Optional.of(file));
    }

    public ModelOptions withoutAdapter() {
        return new ModelOptions(
                threadCount, contextLength, kernels, kvType, memoryBytes, Optional.empty());
    }

    /// The memory that counts: the option, else what the system tells, else no limit.
    public long availableMemoryBytes() {
        return memoryBytes > 0 ? memoryBytes : AvailableMemory.bytes().orElse(Long.MAX_VALUE);
    }
}
