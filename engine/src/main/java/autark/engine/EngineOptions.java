package autark.engine;

import autark.chip.Kernels;
import autark.chip.KvType;
import autark.chip.WorkerPool;
import autark.model.ModelOptions;
import java.time.Clock;
import java.time.ZoneId;

/// How to open a model for answers.
///
/// @param model how the model computes: threads, context, kernels, memory
/// @param maxStepTokens prompt tokens that are read at once: more are a little faster and cost
///   memory, and it takes longer until a cancelled answer ends; never changes what is written
/// @param sequenceCount answers whose keys and values stay in memory, so that the next turn of a
///   conversation does not read the former ones again; never changes what is written
/// @param chatTemplate a chat template to use instead of the file's; empty for the file's
/// @param clock measures the work and tells templates the time
public record EngineOptions(
        ModelOptions model,
        int maxStepTokens,
        int sequenceCount,
        String chatTemplate,
        Clock clock) {
    public static final int STEP_TOKENS_MAX = 4096;
    public static final int SEQUENCE_COUNT_MAX = 1024;

    private static final int STEP_TOKENS = 256;
    private static final int SEQUENCE_COUNT = 4;

    /// Refuses values out of range. What the model allows is checked when it is opened.
    ///
    /// @throws EngineException if one is
    public EngineOptions {
        check("threads", model.threadCount(), WorkerPool.THREAD_COUNT_MAX);
        if (model.contextLength() < 0) {
            throw new EngineException(
                    "context: found %d tokens, expected at least 1, or 0 for the model's"
                            .formatted(model.contextLength()));
        }
        check("step tokens", maxStepTokens, STEP_TOKENS_MAX);
        check("sequences", sequenceCount, SEQUENCE_COUNT_MAX);
        if (model.memoryBytes() < 0) {
            throw new EngineException(
                    "memory: found %d bytes, expected at least 1, or 0 for what there is"
                            .formatted(model.memoryBytes()));
        }
    }

    /// All cores, the fastest kernels, keys and values as 16-bit floats, the model's whole context
    /// and its own template.
    public static EngineOptions defaults() {
        return new EngineOptions(
                ModelOptions.defaults(),
                STEP_TOKENS,
                SEQUENCE_COUNT,
                "",
                Clock.system(ZoneId.systemDefault()));
    }

    public EngineOptions withModel(ModelOptions options) {
        return new EngineOptions(options, maxStepTokens, sequenceCount, chatTemplate, clock);
    }

    public EngineOptions withThreadCount(int count) {
        return withModel(model.withThreadCount(count));
    }

    /// @param tokens that prompt and answer may have together, at most those that the model was
    ///   trained for; 0 for all of them
    public EngineOptions withContextLength(int tokens) {
        return withModel(model.withContextLength(tokens));
    }

    /// @param set one of [autark.chip.Chip#available]; never changes what is written
    public EngineOptions withKernels(Kernels set) {
        return withModel(model.withKernels(set));
    }

    public EngineOptions withKvType(KvType type) {
        return withModel(model.withKvType(type));
    }

    public EngineOptions withMemoryBytes(long bytes) {
        return withModel(model.withMemoryBytes(bytes));
    }

    public EngineOptions withMaxStepTokens(int tokens) {
        return new EngineOptions(model, tokens, sequenceCount, chatTemplate, clock);
    }

    public EngineOptions withSequenceCount(int count) {
        return new EngineOptions(model, maxStepTokens, count, chatTemplate, clock);
    }

    public EngineOptions withChatTemplate(String source) {
        return new EngineOptions(model, maxStepTokens, sequenceCount, source, clock);
    }

    public EngineOptions withClock(Clock newClock) {
        return new EngineOptions(model, maxStepTokens, sequenceCount, chatTemplate, newClock);
    }

    private static void check(String name, int found, int maximum) {
        if (found < 1 || found > maximum) {
            throw new EngineException(
                    "%s: found %d, expected 1 to %d".formatted(name, found, maximum));
        }
    }
}
