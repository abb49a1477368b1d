package autark.server.observe;

import autark.engine.FinishReason;
import autark.engine.Usage;
import autark.server.access.Receipt;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.concurrent.atomic.LongAdder;

/// What the answers of one model have come to.
final class ModelMeter {
    private static final double NANOS_PER_SECOND = 1e9;

    private final LongAdder promptTokens = new LongAdder();
    private final LongAdder cachedTokens = new LongAdder();
    private final LongAdder writtenTokens = new LongAdder();
    private final DoubleAdder computeSeconds = new DoubleAdder();
    private final Map<FinishReason, LongAdder> ends = new EnumMap<>(FinishReason.class);
    private final Map<Measure, Histogram> histograms = new EnumMap<>(Measure.class);

    ModelMeter() {
        for (FinishReason end : FinishReason.values()) {
            ends.put(end, new LongAdder());
        }
        for (Measure measure : Measure.values()) {
            histograms.put(measure, measure.histogram());
        }
    }

    void add(Receipt receipt) {
        promptTokens.add(receipt.promptTokens());
        cachedTokens.add(receipt.cachedTokens());
        writtenTokens.add(receipt.writtenTokens());
        if (!receipt.choices().isEmpty()) {
            histogram(Measure.PROMPT_TOKENS).add((double) receipt.promptTokens(), 1);
            histogram(Measure.FIRST_TOKEN).add(seconds(receipt.firstToken()), 1);
        }
        histogram(Measure.REQUEST).add(seconds(receipt.duration()), 1);
        receipt.choices().forEach(this::add);
    }

    private void add(Receipt.Choice choice) {
        Usage usage = choice.usage();
        end(choice.finish()).increment();
        computeSeconds.add(seconds(usage.computed()));
        histogram(Measure.WRITTEN_TOKENS).add(usage.generatedTokens(), 1);
        histogram(Measure.QUEUE).add(seconds(usage.queued()), 1);
        histogram(Measure.PREFILL).add(seconds(usage.prefill()), 1);
        histogram(Measure.DECODE).add(seconds(usage.decode()), 1);
        int gaps = usage.generatedTokens() - 1;
        if (gaps > 0) {
            histogram(Measure.TOKEN).add(seconds(usage.decode()) / gaps, gaps);
        }
    }

    private static double seconds(Duration time) {
        return time.toNanos() / NANOS_PER_SECOND;
    }

    long promptTokens() {
        return promptTokens.sum();
    }

    long cachedTokens() {
        return cachedTokens.sum();
    }

    long writtenTokens() {
        return writtenTokens.sum();
    }

    double computeSeconds() {
        return computeSeconds.sum();
    }

    long ended(FinishReason reason) {
        return end(reason).sum();
    }

    private LongAdder end(FinishReason reason) {
        return ends.computeIfAbsent(reason, _ -> new LongAdder());
    }

    Histogram histogram(Measure measure) {
        return histograms.computeIfAbsent(measure, Measure::histogram);
    }
}
