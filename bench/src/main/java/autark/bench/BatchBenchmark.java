package autark.bench;

import static java.util.Objects.requireNonNull;

import autark.model.Batch;
import autark.model.KvCache;
import autark.model.Model;
import autark.model.ModelOptions;
import autark.model.Scratch;
import autark.model.Span;
import autark.model.file.Gguf;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/// A step that appends one token to each of several sequences, with all logits. The counter
/// `tokens` is the number to look at; it is per second, over all sequences.
@State(Scope.Benchmark)
@OutputTimeUnit(TimeUnit.SECONDS)
public class BatchBenchmark {
    private static final int POSITIONS_MIN = 100;
    private static final long SEED = 1;

    /// Tokens written, for a rate beside the score.
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.OPERATIONS)
    public static class Work {
        public long tokens;
    }

    /// A model file; that of the default model if empty.
    @Param("")
    String file = "";

    @Param({"1", "4", "16", "32"})
    int sequences;

    /// Positions of the longest sequence; the shortest has [#POSITIONS_MIN], the others lie evenly
    /// between.
    @Param("500")
    int positions;

    private @Nullable Model opened;
    private @Nullable Scratch buffers;
    private KvCache[] caches = new KvCache[0];
    private int[] lengths = new int[0];

    @Setup
    public void setUp() {
        Path path = file.isEmpty() ? DefaultModelFile.path() : Path.of(file);
        Model model;
        try (Gguf gguf = Gguf.open(path)) {
            model = Model.load(gguf, ModelOptions.defaults());
        }
        opened = model;
        Scratch scratch = model.newScratch(Math.max(sequences, positions), sequences);
        buffers = scratch;
        caches = new KvCache[sequences];
        lengths = new int[sequences];
        SplittableRandom random = new SplittableRandom(SEED);
        for (int i = 0; i < sequences; i++) {
            lengths[i] =
                    POSITIONS_MIN + (positions - POSITIONS_MIN) * i / Math.max(1, sequences - 1);
            caches[i] = model.newCache(lengths[i] + 1);
            int[] prompt = random.ints(lengths[i], 0, model.config().vocabSize()).toArray();
            model.forward(Batch.of(new Span(prompt, caches[i], Span.Outputs.NONE)), scratch);
        }
    }

    @TearDown
    public void tearDown() {
        Arrays.stream(caches).forEach(KvCache::close);
        requireNonNull(buffers).close();
        requireNonNull(opened).close();
    }

    @Benchmark
    public Scratch step(Work work) {
        Span[] spans = new Span[sequences];
        for (int i = 0; i < sequences; i++) {
            spans[i] = new Span(new int[] {i}, caches[i], Span.Outputs.LAST);
        }
        Scratch scratch = requireNonNull(buffers);
        requireNonNull(opened).forward(Batch.of(spans), scratch);
        for (int i = 0; i < sequences; i++) {
            caches[i].truncate(lengths[i]);
        }
        work.tokens += sequences;
        return scratch;
    }
}
