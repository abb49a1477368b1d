package autark.model;

import autark.chip.Kernels;
import autark.chip.KvShape;
import autark.chip.LargeMemory;
import autark.chip.WorkerPool;
import autark.model.arch.Architecture;
import autark.model.file.Gguf;
import autark.model.file.ModelFormatException;
import autark.model.ops.KernelOps;
import java.lang.foreign.Arena;

/// A model in memory: weights repacked for the kernels, ready to run steps.
///
/// Steps of one model may come from several threads, each with its own scratch and caches; they
/// share the worker pool.
public final class Model implements AutoCloseable {
    private final Config config;
    private final int contextLength;
    private final Architecture architecture;
    private final KvShape kvShape;
    private final AdapterRanks ranks;
    private final String adapterContent;
    private final Kernels kernels;
    private final WorkerPool pool;
    private final Arena arena;

    private Model(
            Config config,
            int contextLength,
            Architecture architecture,
            KvShape kvShape,
            Adapter adapter,
            Kernels kernels,
            WorkerPool pool,
            Arena arena) {
        this.config = config;
        this.contextLength = contextLength;
        this.architecture = architecture;
        this.kvShape = kvShape;
        this.ranks = adapter.ranks();
        this.adapterContent = adapter.content();
        this.kernels = kernels;
        this.pool = pool;
        this.arena = arena;
    }

    /// Loads the weights of an open file, and of the adapter that the options name; the file may be
    /// closed afterwards.
    ///
    /// @throws ModelFormatException if the file holds no model that Autark runs
    /// @throws MemoryShortageException if its weights need more memory than there is
    /// @throws IllegalArgumentException if the options ask for more than the model has
    public static Model load(Gguf file, ModelOptions options) {
        return Gguf.reading(file.path(), () -> loadChecked(file, options));
    }

    private static Model loadChecked(Gguf file, ModelOptions options) {
        Config config = Config.read(file);
        int contextLength = contextLength(config, options);
        KvShape kvShape = new KvShape(config.kvHeadCount(), config.headDim(), options.kvType());
        try (Adapter adapter = Adapter.open(options, file, config)) {
            MemoryNeed.ofWeights(file, adapter, config, options.kernels().lanes())
                    .check(String.valueOf(file.path()), options.availableMemoryBytes());
            return load(file, options, config, contextLength, kvShape, adapter);
        }
    }

    @SuppressWarnings("MustBeClosedChecker") // the model owns the arena and closes it
    private static Model load(
            Gguf file,
            ModelOptions options,
            Config config,
            int contextLength,
            KvShape kvShape,
            Adapter adapter) {
        Kernels kernels = options.kernels();
        WorkerPool pool = WorkerPool.start(options.threadCount());
        Arena arena = Arena.ofShared();
        try {
            WeightReader weights =
                    new WeightReader(file, adapter, kernels, pool, new LargeMemory(arena));
            Architecture architecture =
                    new ModelLoader(file.metadata(), config, weights, contextLength).load();
            return new Model(
                    config, contextLength, architecture, kvShape, adapter, kernels, pool, arena);
        } catch (RuntimeException | Error e) {
            pool.close();
            arena.close();
            throw e;
        }
    }

    private static int contextLength(Config config, ModelOptions options) {
        int asked = options.contextLength();
        if (asked < 0 || asked > config.contextLength()) {
            throw new IllegalArgumentException(
                    "found a context of %d tokens, expected at most the %d of the model"
                            .formatted(asked, config.contextLength()));
        }
        return asked == 0 ? config.contextLength() : asked;
    }

    public Config config() {
        return config;
    }

    /// Positions that the model was opened for.
    public int contextLength() {
        return contextLength;
    }

    /// Names the content of the adapter that the model was loaded with, by hexadecimal digits;
    /// empty if there is none. Models of other adapters have other keys and values.
    public String adapter() {
        return adapterContent;
    }

    /// An empty cache for one sequence.
    ///
    /// @param capacityTokens most positions, at most [#contextLength]
    public KvCache newCache(int capacityTokens) {
        if (capacityTokens < 1 || capacityTokens > contextLength) {
            throw new IllegalArgumentException(
                    "found a capacity of %d tokens, expected 1 to %d"
                            .formatted(capacityTokens, contextLength));
        }
        return KvCache.alone(newPool(KvLayout.pages(capacityTokens), capacityTokens));
    }

    /// Memory for the keys and values of many sequences.
    ///
    /// @param pageCount how often there is room for 32 positions
    /// @param capacityTokens most positions of a sequence
    public KvPool newPool(int pageCount, int capacityTokens) {
        return new KvPool(kvLayout(), pageCount, capacityTokens);
    }

    /// How keys and values are kept.
    public KvLayout kvLayout() {
        return KvLayout.of(kvShape, architecture, config.layerCount());
    }

    /// Runs work of the caller on the threads of the model, `body` for each index from 0 to below
    /// `count`. No step may be running.
    public void parallel(int count, WorkerPool.Body body) {
        pool.run(count, body);
    }

    /// Buffers for steps of at most so many tokens and outputs.
    public Scratch newScratch(int maxStepTokens, int maxOutputs) {
        return new Scratch(config, ranks, kernels.panelRows(), maxStepTokens, maxOutputs);
    }

    /// Runs one step: appends the tokens of `batch` to their caches and leaves the logits of its
    /// outputs in `scratch`, in the order of the spans. If it throws, the caches are as before.
    ///
    /// @throws ContextFullException if a cache has no room
    /// @throws IllegalArgumentException if a token is not in the vocabulary or the step is too
    ///   large
    public void forward(Batch batch, Scratch scratch) {
        for (int row = 0; row < batch.tokenCount(); row++) {
            if (batch.token(row) < 0 || batch.token(row) >= config.vocabSize()) {
                throw new IllegalArgumentException(
                        "found token %d, expected 0 to %d"
                                .formatted(batch.token(row), config.vocabSize() - 1));
            }
        }
        scratch.begin(batch);
        for (Span span : batch.spans()) {
            span.cache().reserve(span.tokens().length);
        }
        architecture.forward(batch, scratch, new KernelOps(kernels, pool, scratch));
        for (Span span : batch.spans()) {
            span.cache().advance(span.tokens().length);
        }
    }

    /// Frees the weights and ends the threads.
    @Override
    public void close() {
        pool.close();
        arena.close();
    }
}
