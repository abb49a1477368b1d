package autark.engine;

import autark.chip.Kernels;
import autark.chip.KvType;
import autark.chip.WorkerPool;
import autark.model.ModelOptions;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneId;
import java.util.Optional;

/// How to open a model for answers.
///
/// @param model how the model computes: threads, context, kernels, memory, adapter
/// @param maxStepTokens prompt tokens that are read at once: more are a little faster and cost
///   memory, and it takes longer until a cancelled answer ends; never changes what is written
/// @param runningMax answers that are written at once; more wait for their turn
/// @param answersMax answers that the engine takes on, those that wait counted in; more are refused
/// @param keyValueBytes memory for keys and values: of the answers that are written, and of what
///   was read before; 0 for a share of what there is. Never changes what is written
/// @param speculation how tokens are guessed; never changes what is written
/// @param prefixFolder where beginnings that were read survive a restart, if they shall; never
///   changes what is written
/// @param chatTemplate a chat template to use instead of the file's; empty for the file's
/// @param clock measures the work and tells templates the time
public record EngineOptions(
        ModelOptions model,
        int maxStepTokens,
        int runningMax,
        int answersMax,
        long keyValueBytes,
        Speculation speculation,
        Optional<PrefixFolder> prefixFolder,
        String chatTemplate,
        Clock clock) {
    public static final int STEP_TOKENS_MAX = 4096;
    public static final int RUNNING_MAX = 1024;
    public static final int ANSWERS_MAX = 1 << 20;

    private static final int STEP_TOKENS = 256;
    private static final int RUNNING = 32;
    private static final int ANSWERS = 1024;

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
        check("running answers", runningMax, RUNNING_MAX);
        check("answers", answersMax, ANSWERS_MAX);
        if (keyValueBytes < 0) {
            throw new EngineException(
                    "keys and values: found %d bytes, expected at least 1, or 0 for a share of what there is"
                            .formatted(keyValueBytes));
        }
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
                RUNNING,
                ANSWERS,
                0,
                new Speculation.PromptLookup(),
                Optional.empty(),
                "",
                Clock.system(ZoneId.systemDefault()));
    }

    public EngineOptions withModel(ModelOptions options) {
        return new EngineOptions(
                options,
                maxStepTokens,
                runningMax,
                answersMax,
                keyValueBytes,
                speculation,
                prefixFolder,
                chatTemplate,
                clock);
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

    /// @param file a low-rank adapter of the model: a GGUF file, or a folder of the PEFT library
    public EngineOptions withAdapter(Path file) {
        return withModel(model.withAdapter(file));
    }

    public EngineOptions withMemoryBytes(long bytes) {
        return withModel(model.withMemoryBytes(bytes));
    }

    public EngineOptions withMaxStepTokens(int tokens) {
        return new EngineOptions(
                model,
                tokens,
                runningMax,
                answersMax,
                keyValueBytes,
                speculation,
                prefixFolder,
                chatTemplate,
                clock);
    }

    public EngineOptions withRunningMax(int count) {
        return new EngineOptions(
                model,
                maxStepTokens,
                count,
                answersMax,
                keyValueBytes,
                speculation,
                prefixFolder,
                chatTemplate,
                clock);
    }

    public EngineOptions withAnswersMax(int count) {
        return new EngineOptions(
                model,
                maxStepTokens,
                runningMax,
                count,
                keyValueBytes,
                speculation,
                prefixFolder,
                chatTemplate,
                clock);
    }

    public EngineOptions withKeyValueBytes(long bytes) {
        return new EngineOptions(
                model,
                maxStepTokens,
                runningMax,
                answersMax,
                bytes,
                speculation,
                prefixFolder,
                chatTemplate,
                clock);
    }

    public EngineOptions withSpeculation(Speculation kind) {
        return new EngineOptions(
                model,
                maxStepTokens,
                runningMax,
                answersMax,
                keyValueBytes,
                kind,
                prefixFolder,
                chatTemplate,
                clock);
    }

    public EngineOptions withPrefixFolder(PrefixFolder folder) {
        return new EngineOptions(
                model,
                maxStepTokens,
                runningMax,
                answersMax,
                keyValueBytes,
                speculation,
                Optional.of(folder),
                chatTemplate,
                clock);
    }

    public EngineOptions withChatTemplate(String source) {
        return new EngineOptions(
                model,
                maxStepTokens,
                runningMax,
                answersMax,
                keyValueBytes,
                speculation,
                prefixFolder,
                source,
                clock);
    }

    public EngineOptions withClock(Clock newClock) {
        return new EngineOptions(
                model,
                maxStepTokens,
                runningMax,
                answersMax,
                keyValueBytes,
                speculation,
                prefixFolder,
                chatTemplate,
                newClock);
    }

    private static void check(String name, int found, int maximum) {
        if (found < 1 || found > maximum) {
            throw new EngineException(
                    "%s: found %d, expected 1 to %d".formatted(name, found, maximum));
        }
    }
}
