package autark.bench;

import autark.engine.sample.Dry;
import autark.engine.sample.Logprobs;
import autark.engine.sample.Mirostat;
import autark.engine.sample.SampleBuffers;
import autark.engine.sample.Sampler;
import autark.engine.sample.Sampling;
import autark.engine.sample.TokenHistory;
import autark.engine.sample.TokenLogprob;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/// One token drawn from the logits of a vocabulary. Each draw first copies the logits, as an engine
/// does; `copy` is what that takes.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class SamplingBenchmark {
    private static final long SEED = 1;
    private static final long[] ALL_ALLOWED = {};

    /// Logits are normally distributed, as those of models are in their bulk.
    private static final double DEVIATION = 2;

    /// How far the likeliest tokens of a peaked distribution stand out.
    private static final float PEAK = 10;

    private static final int PEAK_TOKENS = 50;

    /// What is drawn from.
    public enum Shape {
        /// A few tokens have nearly all of the probability, as with most tokens of a text.
        PEAKED,
        /// Tens of thousands are likely.
        FLAT
    }

    /// What is asked for.
    public enum Setting {
        GREEDY,
        STANDARD,
        TEMPERATURE,
        TOP_P,
        MIN_P,
        TOP_K_2000,
        TYPICAL,
        TOP_N_SIGMA,
        MIROSTAT,
        DRY;

        Sampling sampling() {
            Sampling plain = Sampling.plain();
            return switch (this) {
                case GREEDY -> Sampling.greedy();
                case STANDARD -> Sampling.standard();
                case TEMPERATURE -> plain.withTemperature(0.7);
                case TOP_P -> plain.withTopP(0.95);
                case MIN_P -> plain.withMinP(0.05);
                case TOP_K_2000 -> plain.withTopK(2000);
                case TYPICAL -> plain.withTypicalP(0.95);
                case TOP_N_SIGMA -> plain.withTopNSigma(1);
                case MIROSTAT -> plain.withMirostat(Mirostat.off().withVersion(2));
                case DRY -> Sampling.standard().withDry(Dry.off().withMultiplier(0.8));
            };
        }
    }

    @Param({"49152", "128256"})
    int vocabSize;

    @Param Shape shape = Shape.PEAKED;

    @Param Setting setting = Setting.STANDARD;

    private float[] model = {};
    private float[] logits = {};
    private SampleBuffers buffers = new SampleBuffers(1);
    private Sampler sampler = new Sampler(Sampling.standard(), 1);
    private TokenHistory history = new TokenHistory(new int[0], 0, 0);

    @Setup
    public void setUp() {
        SplittableRandom random = new SplittableRandom(SEED);
        model = new float[vocabSize];
        for (int i = 0; i < vocabSize; i++) {
            model[i] = (float) (DEVIATION * random.nextGaussian());
        }
        for (int i = 0; i < PEAK_TOKENS && shape == Shape.PEAKED; i++) {
            model[random.nextInt(vocabSize)] += PEAK;
        }
        logits = new float[vocabSize];
        buffers = new SampleBuffers(vocabSize);
        sampler = new Sampler(setting.sampling(), vocabSize);
        history = new TokenHistory(random.ints(4096, 0, 100).toArray(), 4000, 4096);
    }

    @Benchmark
    public float[] copy() {
        System.arraycopy(model, 0, logits, 0, vocabSize);
        return logits;
    }

    @Benchmark
    public int draw() {
        System.arraycopy(model, 0, logits, 0, vocabSize);
        return sampler.next(logits, ALL_ALLOWED, history, buffers);
    }

    @Benchmark
    public TokenLogprob logprobs() {
        return Logprobs.of(model, 7, Logprobs.TOP_MAX, buffers);
    }
}
