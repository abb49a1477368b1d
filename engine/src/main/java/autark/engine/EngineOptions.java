package autark.engine;

import autark.chip.Kernels;
import autark.chip.WorkerPool;
import autark.model.ModelOptions;
import java.time.Clock;
import java.time.ZoneId;

/// How to open a model for answers.
///
/// @param threadCount threads that compute
/// @param contextLength tokens that prompt and answer may have together, at most those that the
///   model was trained for; 0 for all of them
/// @param maxStepTokens prompt tokens that are read at once: more are a little faster and cost
///   memory, and it takes longer until a cancelled answer ends; never changes what is written
/// @param sequenceCount answers whose keys and values stay in memory, so that the next turn of a
///   conversation does not read the former ones again; never changes what is written
/// @param chatTemplate a chat template to use instead of the file's; empty for the file's
/// @param clock measures the work and tells templates the time
/// @param kernels the kernel set, one of [autark.chip.Chip#available]; never changes what is
///   written
public record EngineOptions(
        int threadCount,
        int contextLength,
        int maxStepTokens,
        int sequenceCount,
        String chatTemplate,
        Clock clock,
        Kernels kernels,
        long memoryBytes) {
    public static final int STEP_TOKENS_MAX = 4096;
    public static final int SEQUENCE_COUNT_MAX = 1024;

    private static final int STEP_TOKENS = 128;
    private static final int SEQUENCE_COUNT = 4;

    /// Refuses values out of range. What the model allows is checked when it is opened.
    ///
    /// @throws EngineException if one is
    public EngineOptions {
        check("threads", threadCount, WorkerPool.THREAD_COUNT_MAX);
        if (contextLength < 0) {
            throw new EngineException(
                    "context: found %d tokens, expected at least 1, or 0 for the model's"
                            .formatted(contextLength));
        }
        check("step tokens", maxStepTokens, STEP_TOKENS_MAX);
        check("sequences", sequenceCount, SEQUENCE_COUNT_MAX);
        if (memoryBytes < 0) {
            throw new EngineException(
                    "memory: found %d bytes, expected at least 1, or 0 for what there is"
                            .formatted(memoryBytes));
        }
    }

    /// All cores, the fastest kernels, the model's whole context and its own template.
    public static EngineOptions defaults() {
        ModelOptions model = ModelOptions.defaults();
        return new EngineOptions(
                model.threadCount(),
                0,
                STEP_TOKENS,
                SEQUENCE_COUNT,
                "",
                Clock.system(ZoneId.systemDefault()),
                model.kernels(),
                0);
    }

    public EngineOptions withThreadCount(int count) {
        return new EngineOptions(
                count,
                contextLength,
                maxStepTokens,
                sequenceCount,
                chatTemplate,
                clock,
                kernels,
                memoryBytes);
    }

    public EngineOptions withContextLength(int tokens) {
        return new EngineOptions(
                threadCount,
                tokens,
                maxStepTokens,
                sequenceCount,
                chatTemplate,
                clock,
                kernels,
                memoryBytes);
    }

    public EngineOptions withMaxStepTokens(int tokens) {
        return new EngineOptions(
                threadCount,
                contextLength,
                tokens,
                sequenceCount,
                chatTemplate,
                clock,
                kernels,
                memoryBytes);
    }

    public EngineOptions withSequenceCount(int count) {
        return new EngineOptions(
                threadCount,
                contextLength,
                maxStepTokens,
                count,
                chatTemplate,
                clock,
                kernels,
                memoryBytes);
    }

    public EngineOptions withChatTemplate(String source) {
        return new EngineOptions(
                threadCount,
                contextLength,
                maxStepTokens,
                sequenceCount,
                source,
                clock,
                kernels,
                memoryBytes);
    }

    public EngineOptions withClock(Clock newClock) {
        return new EngineOptions(
                threadCount,
                contextLength,
                maxStepTokens,
                sequenceCount,
                chatTemplate,
                newClock,
                kernels,
                memoryBytes);
    }

    public EngineOptions withKernels(Kernels set) {
        return new EngineOptions(
                threadCount,
                contextLength,
                maxStepTokens,
                sequenceCount,
                chatTemplate,
                clock,
                set,
                memoryBytes);
    }

    public EngineOptions withMemoryBytes(long bytes) {
        return new EngineOptions(
                threadCount,
                contextLength,
                maxStepTokens,
                sequenceCount,
                chatTemplate,
                clock,
                kernels,
                bytes);
    }

    ModelOptions forModel() {
        return ModelOptions.defaults()
                .withThreadCount(threadCount)
                .withContextLength(contextLength)
                .withKernels(kernels)
                .withMemoryBytes(memoryBytes);
    }

    private static void check(String name, int found, int maximum) {
        if (found < 1 || found > maximum) {
            throw new EngineException(
                    "%s: found %d, expected 1 to %d".formatted(name, found, maximum));
        }
    }
}
