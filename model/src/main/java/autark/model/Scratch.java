package autark.model;

import autark.chip.Int8Rows;
import autark.chip.Rows;
import autark.model.ops.ExpertScratch;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.stream.Stream;

/// The buffers of a step, allocated once for the largest one. `T` are the tokens of the step.
public final class Scratch implements AutoCloseable {
    private static final int ALIGNMENT_BYTES = 64;

    private final Arena arena = Arena.ofShared();
    private final int maxStepTokens;
    private final int maxOutputs;

    private final Rows x;
    private final Rows h;
    private final Rows q;
    private final Rows k;
    private final Rows v;
    private final Rows o;
    private final Rows y;
    private final Rows gate;
    private final Rows up;
    private final Rows angles;
    private final Rows localAngles;
    private final ExpertScratch experts;
    private final Rows outputs;
    private final Rows logits;
    private final int panelRows;
    private final MemorySegment int8;
    private final MemorySegment lowRank;
    private int tokenCount;
    private int outputCount;
    private long allocatedBytes;

    /// @param ranks of the adapter
    /// @param panelRows rows of a panel of quantized activations
    Scratch(Config config, AdapterRanks ranks, int panelRows, int maxStepTokens, int maxOutputs) {
        this.panelRows = panelRows;
        this.maxStepTokens = maxStepTokens;
        this.maxOutputs = maxOutputs;
        int expertTokens = config.expertCount() == 0 ? 0 : maxStepTokens;
        x = rows(maxStepTokens, config.modelDim());
        h = rows(maxStepTokens, config.modelDim());
        q = rows(maxStepTokens, config.qDim());
        k = rows(maxStepTokens, config.kvDim());
        v = rows(maxStepTokens, config.kvDim());
        o = rows(maxStepTokens, config.qDim());
        y = rows(maxStepTokens, config.modelDim());
        gate = rows(maxStepTokens, config.ffnDim());
        up = rows(maxStepTokens, config.ffnDim());
        angles = rows(maxStepTokens, 2 * config.ropeDim());
        localAngles = rows(maxStepTokens, 2 * config.ropeDim());
        experts =
                new ExpertScratch(
                        rows(expertTokens, config.expertCount()),
                        rows(expertTokens, config.modelDim()),
                        rows(expertTokens, config.expertFfnDim()),
                        rows(expertTokens, config.expertFfnDim()),
                        rows(expertTokens, config.modelDim()));
        outputs = rows(maxOutputs, config.modelDim());
        logits = rows(maxOutputs, config.vocabSize());
        int8 = allocate(int8Bytes(config, maxStepTokens, maxOutputs));
        lowRank = allocate(lowRankBytes(config, ranks, maxStepTokens, maxOutputs));
    }

    /// Bytes of the buffers for steps of at most so many tokens and outputs.
    static long bytes(Config config, AdapterRanks ranks, int maxStepTokens, int maxOutputs) {
        int expertTokens = config.expertCount() == 0 ? 0 : maxStepTokens;
        return 3 * Rows.bytes(maxStepTokens, config.modelDim())
                + 2 * Rows.bytes(maxStepTokens, config.qDim())
                + 2 * Rows.bytes(maxStepTokens, config.kvDim())
                + 2 * Rows.bytes(maxStepTokens, config.ffnDim())
                + 2 * Rows.bytes(maxStepTokens, 2 * config.ropeDim())
                + Rows.bytes(expertTokens, config.expertCount())
                + 2 * Rows.bytes(expertTokens, config.modelDim())
                + 2 * Rows.bytes(expertTokens, config.expertFfnDim())
                + Rows.bytes(maxOutputs, config.modelDim())
                + Rows.bytes(maxOutputs, config.vocabSize())
                + int8Bytes(config, maxStepTokens, maxOutputs)
                + lowRankBytes(config, ranks, maxStepTokens, maxOutputs);
    }

    /// What an adapter computes of the projections that share an input: `A x` and `B (A x)` of
    /// each.
    private static long lowRankBytes(
            Config config, AdapterRanks ranks, int maxStepTokens, int maxOutputs) {
        int rank = ranks.layers();
        long inLayer =
                Stream.of(
                                new int[] {config.qDim(), config.kvDim(), config.kvDim()},
                                new int[] {config.ffnDim(), config.ffnDim()},
                                new int[] {config.expertFfnDim(), config.expertFfnDim()},
                                new int[] {config.modelDim()},
                                new int[] {config.expertCount()})
                        .mapToLong(widths -> lowRankBytes(maxStepTokens, rank, widths))
                        .max()
                        .orElseThrow();
        return Math.max(
                rank == 0 ? 0 : inLayer,
                ranks.output() == 0
                        ? 0
                        : lowRankBytes(maxOutputs, ranks.output(), config.vocabSize()));
    }

    private static long lowRankBytes(int rows, int rank, int... widths) {
        long bytes = 0;
        for (int width : widths) {
            bytes += Rows.bytes(rows, rank) + Rows.bytes(rows, width);
        }
        return bytes;
    }

    private static long int8Bytes(Config config, int maxStepTokens, int maxOutputs) {
        int widest =
                Math.max(
                        Math.max(config.modelDim(), config.qDim()),
                        Math.max(config.ffnDim(), config.expertFfnDim()));
        int columns = Math.ceilDiv(widest, Int8Rows.GROUP_ELEMENTS) * Int8Rows.GROUP_ELEMENTS;
        return Math.max(maxStepTokens, maxOutputs) * Int8Rows.rowBytes(columns);
    }

    private Rows rows(int count, int columns) {
        return new Rows(count, columns, allocate(Rows.bytes(count, columns)));
    }

    private MemorySegment allocate(long bytes) {
        allocatedBytes += bytes;
        return arena.allocate(bytes, ALIGNMENT_BYTES);
    }

    /// Bytes of all buffers.
    long allocatedBytes() {
        return allocatedBytes;
    }

    /// Sets the sizes of the next step.
    ///
    /// @throws IllegalStateException if the buffers are freed: kernels would not notice
    void begin(Batch batch) {
        if (!arena.scope().isAlive()) {
            throw new IllegalStateException("the buffers of the step are freed");
        }
        if (batch.tokenCount() > maxStepTokens || batch.outputCount() > maxOutputs) {
            throw new IllegalArgumentException(
                    "found a step of %d tokens and %d outputs, expected at most %d and %d"
                            .formatted(
                                    batch.tokenCount(),
                                    batch.outputCount(),
                                    maxStepTokens,
                                    maxOutputs));
        }
        tokenCount = batch.tokenCount();
        outputCount = batch.outputCount();
    }

    public int maxStepTokens() {
        return maxStepTokens;
    }

    public int maxOutputs() {
        return maxOutputs;
    }

    /// Residual stream, `[T, modelDim]`.
    public Rows x() {
        return x.first(tokenCount);
    }

    /// Normed input of a sublayer, `[T, modelDim]`.
    public Rows h() {
        return h.first(tokenCount);
    }

    /// Queries, `[T, headCount * headDim]`.
    public Rows q() {
        return q.first(tokenCount);
    }

    /// Keys, `[T, kvHeadCount * headDim]`.
    public Rows k() {
        return k.first(tokenCount);
    }

    /// Values, `[T, kvHeadCount * headDim]`.
    public Rows v() {
        return v.first(tokenCount);
    }

    /// Attention output, `[T, headCount * headDim]`.
    public Rows o() {
        return o.first(tokenCount);
    }

    /// Output of a sublayer before it joins the residual stream, `[T, modelDim]`.
    public Rows y() {
        return y.first(tokenCount);
    }

    /// Gate of the feed-forward, `[T, ffnDim]`.
    public Rows gate() {
        return gate.first(tokenCount);
    }

    /// Other factor of the feed-forward, `[T, ffnDim]`.
    public Rows up() {
        return up.first(tokenCount);
    }

    /// Rotary factors, `[T, 2 * ropeDim]`.
    public Rows angles() {
        return angles.first(tokenCount);
    }

    /// Rotary factors of sliding-window layers, `[T, 2 * ropeDim]`.
    public Rows localAngles() {
        return localAngles.first(tokenCount);
    }

    /// Buffers of a mixture of experts.
    public ExpertScratch experts() {
        return experts;
    }

    /// Residual stream of the rows whose logits are wanted, `[outputCount, modelDim]`.
    public Rows outputs() {
        return outputs.first(outputCount);
    }

    /// Logits, `[outputCount, vocabSize]`.
    public Rows logits() {
        return logits.first(outputCount);
    }

    /// Room for the quantized input of a projection.
    public Int8Rows int8(int rows, int columns) {
        return new Int8Rows(rows, columns, panelRows, int8);
    }

    /// Room for what an adapter computes, for as many rows one behind the other as it needs.
    public MemorySegment lowRank() {
        return lowRank;
    }

    /// Copies the logits of one output to the front of `into`, `vocabSize` of them.
    public void copyLogits(int output, float[] into) {
        logits().row(output, into);
    }

    /// Frees the memory. No step may be running.
    @Override
    public void close() {
        arena.close();
    }
}
