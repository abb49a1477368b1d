package autark.engine.schedule;

import autark.chip.KvLayer;
import autark.chip.KvShape;
import autark.chip.KvType;
import autark.model.Batch;
import autark.model.KvCache;
import autark.model.KvLayout;
import autark.model.KvPool;
import autark.model.Span;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntConsumer;
import java.util.function.LongFunction;

/// A model that keeps tokens where others keep keys and values, and reads from there what came
/// before: a page that is wrong, stale or foreign is seen. Steps take time of a [SimClock].
final class SimModel implements LanguageModel {
    /// Positions that the second layer sees.
    static final int WINDOW = 40;

    /// Three layers, the second with a window.
    static final KvLayout LAYOUT =
            new KvLayout(
                    new KvShape(1, 1, KvType.F32),
                    List.of(
                            new KvLayout.Group(Integer.MAX_VALUE, List.of(0, 2)),
                            new KvLayout.Group(WINDOW, List.of(1))));

    private static final Duration STEP_TIME = Duration.ofMillis(5);
    private static final Duration TOKEN_TIME = Duration.ofNanos(200_000);

    /// Bits of an entry: what stands in a page tells token, layer and position.
    private static final int TOKEN_BITS = 8;

    private static final int LAYER_BITS = 4;

    /// A step fails for a reason that is gone the next time.
    static final class Hiccup extends RuntimeException {
        private static final long serialVersionUID = 1;

        Hiccup() {
            super("a step failed by chance");
        }
    }

    /// A step fails because of a token.
    static final class Poisoned extends RuntimeException {
        private static final long serialVersionUID = 1;

        Poisoned() {
            super("a step read the token that nobody may read");
        }
    }

    /// @param hiccups probability that a step fails for no reason, while the model computes or
    ///   while answers draw
    /// @param shortage which request of the pool for memory fails, counted from 1; 0 for none
    record Shape(
            int contextLength,
            int maxStepTokens,
            int maxStepOutputs,
            double hiccups,
            int shortage) {
        boolean fails() {
            return hiccups > 0 || shortage > 0;
        }
    }

    private final Shape shape;
    private final SimClock clock;
    private final SplittableRandom random;
    private final List<String> problems = new ArrayList<>();
    private float[][] outputs = {};
    private int allocations;

    SimModel(Shape shape, SimClock clock, SplittableRandom random) {
        this.shape = shape;
        this.clock = clock;
        this.random = random;
    }

    /// What no step may do and one did.
    List<String> problems() {
        return problems;
    }

    @Override
    public String adapter() {
        return "";
    }

    @Override
    public int vocabSize() {
        return SimLogits.VOCAB_SIZE;
    }

    @Override
    public int contextLength() {
        return shape.contextLength;
    }

    @Override
    public int maxStepTokens() {
        return shape.maxStepTokens;
    }

    @Override
    public int maxStepOutputs() {
        return shape.maxStepOutputs;
    }

    @Override
    public long pageBytes() {
        return LAYOUT.pageBytes();
    }

    @Override
    public KvPool newPool(int pageCount) {
        return new KvPool(LAYOUT, pageCount, shape.contextLength, this::counted);
    }

    private LongFunction<MemorySegment> counted(LongFunction<MemorySegment> memory) {
        return bytes -> {
            allocations++;
            if (allocations == shape.shortage) {
                throw new OutOfMemoryError("a test has no more memory");
            }
            return memory.apply(bytes);
        };
    }

    /// How often the pool wanted memory.
    int allocations() {
        return allocations;
    }

    @Override
    public void forward(Batch batch) {
        if (batch.tokenCount() > shape.maxStepTokens
                || batch.outputCount() > shape.maxStepOutputs) {
            problems.add(
                    "a step of %d tokens and %d outputs is beyond the limits"
                            .formatted(batch.tokenCount(), batch.outputCount()));
        }
        batch.spans().forEach(span -> span.cache().reserve(span.tokens().length));
        double noise = random.nextDouble(0.8, 1.2);
        long nanos = STEP_TIME.toNanos() + batch.tokenCount() * TOKEN_TIME.toNanos();
        clock.advance(Duration.ofNanos((long) (nanos * noise)));
        failAtTimes();
        batch.spans().forEach(SimModel::store);
        failAtTimes();
        List<float[]> all = new ArrayList<>();
        batch.spans().forEach(span -> read(span, all));
        outputs = all.toArray(float[][]::new);
        batch.spans().forEach(span -> span.cache().advance(span.tokens().length));
    }

    private void failAtTimes() {
        if (random.nextDouble() < shape.hiccups) {
            throw new Hiccup();
        }
    }

    private static void store(Span span) {
        int position = span.cache().length();
        for (int token : span.tokens()) {
            if (token == SimLogits.POISON) {
                throw new Poisoned();
            }
            for (int layer = 0; layer < LAYOUT.layerCount(); layer++) {
                KvLayer entries = span.cache().layer(layer);
                entries.block(position / KvShape.BLOCK_TOKENS)
                        .setAtIndex(
                                ValueLayout.JAVA_INT,
                                position % KvShape.BLOCK_TOKENS,
                                entry(token, layer, position));
            }
            position++;
        }
    }

    private static int entry(int token, int layer, int position) {
        return ((position + 1) << LAYER_BITS | layer) << TOKEN_BITS | token;
    }

    /// Reads all that the tokens of a span see, and appends the logits of its outputs.
    private void read(Span span, List<float[]> into) {
        KvCache cache = span.cache();
        int start = cache.length();
        int end = start + span.tokens().length;
        int firstOutput =
                switch (span.outputs()) {
                    case NONE -> end;
                    case LAST -> end - 1;
                    case ALL -> start;
                };
        long state = SimLogits.EMPTY;
        for (int position = 0; position < end; position++) {
            int token = read(cache, 0, position);
            boolean seen = position > start - WINDOW;
            if (read(cache, 2, position) != token
                    || (seen && read(cache, 1, position) != token)
                    || (position >= start && token != span.tokens()[position - start])) {
                problems.add("the layers disagree at position %d".formatted(position));
            }
            state = SimLogits.next(state, token);
            if (position >= firstOutput) {
                into.add(SimLogits.of(state));
            }
        }
    }

    private int read(KvCache cache, int layer, int position) {
        int found =
                cache.layer(layer)
                        .block(position / KvShape.BLOCK_TOKENS)
                        .getAtIndex(ValueLayout.JAVA_INT, position % KvShape.BLOCK_TOKENS);
        int token = found & (1 << TOKEN_BITS) - 1;
        if (found != entry(token, layer, position)) {
            problems.add(
                    "layer %d holds another place's entry at position %d"
                            .formatted(layer, position));
        }
        return token;
    }

    @Override
    public void copyLogits(int output, float[] into) {
        System.arraycopy(outputs[output], 0, into, 0, into.length);
    }

    /// In any order, as threads would.
    @Override
    public void parallel(int count, IntConsumer body) {
        int first = count > 0 ? random.nextInt(count) : 0;
        for (int i = 0; i < count; i++) {
            failAtTimes();
            body.accept((first + i) % count);
        }
    }

    @Override
    public void close() {}
}
