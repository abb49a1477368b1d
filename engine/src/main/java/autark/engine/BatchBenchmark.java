package autark.engine;

import autark.chip.KvShape;
import autark.engine.sample.Sampling;
import autark.engine.schedule.LanguageModel;
import autark.model.Batch;
import autark.model.KvCache;
import autark.model.KvLayout;
import autark.model.KvPool;
import autark.model.Span;
import autark.model.file.Gguf;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// How fast several sequences are read and written at once: by the model alone, in common steps,
/// and by the engine with as many requests, so that what scheduling, sampling and text cost shows.
///
/// @param sequenceCount sequences at once
/// @param prefills time for all prompts, for each repetition
/// @param decodes time for all steps behind them, in each of which every sequence gets a token
/// @param served time that the engine takes for prompts and answers of as many tokens
public record BatchBenchmark(
        int sequenceCount, List<Duration> prefills, List<Duration> decodes, List<Duration> served) {
    /// Most sequences at once.
    public static final int SEQUENCES_MAX = 256;

    private static final double BYTES_PER_MEGABYTE = 1e6;

    public BatchBenchmark {
        prefills = List.copyOf(prefills);
        decodes = List.copyOf(decodes);
        served = List.copyOf(served);
    }

    /// What is measured.
    ///
    /// @param sequenceCounts how many sequences, a measurement each
    /// @param each what a sequence does
    public record Work(List<Integer> sequenceCounts, Benchmark.Work each) {
        /// Refuses counts out of range.
        ///
        /// @throws EngineException if one is
        public Work {
            sequenceCounts = List.copyOf(sequenceCounts);
            if (sequenceCounts.isEmpty()) {
                throw new EngineException("sequences: found no number, expected at least one");
            }
            for (int count : sequenceCounts) {
                if (count < 1 || count > SEQUENCES_MAX) {
                    throw new EngineException(
                            "sequences: found %d, expected 1 to %d"
                                    .formatted(count, SEQUENCES_MAX));
                }
            }
        }

        int mostSequences() {
            return Collections.max(sequenceCounts);
        }

        int tokens() {
            return each.promptTokens() + each.generatedTokens();
        }

        int pages() {
            return KvLayout.pages(tokens());
        }

        /// Options with places for all sequences, and with memory for their keys and values unless
        /// the options say how much there is to be.
        ///
        /// @throws EngineException if there is not enough for them
        public EngineOptions options(Gguf file, EngineOptions options) {
            long pageBytes =
                    TokenCost.keyValueBytes(
                            file, options.model().kvType(), KvShape.BLOCK_TOKENS - 1);
            long bytes = pageBytes * ((long) mostSequences() * pages() + 1);
            long available = options.model().availableMemoryBytes();
            if (bytes > available) {
                throw new EngineException(
                        "keys and values of %d sequences of %d tokens: need %.0f MB of memory, found %.0f MB; take fewer or shorter sequences"
                                .formatted(
                                        mostSequences(),
                                        tokens(),
                                        bytes / BYTES_PER_MEGABYTE,
                                        available / BYTES_PER_MEGABYTE));
            }
            EngineOptions withPlaces = options.withRunningMax(mostSequences());
            return options.keyValueBytes() == 0 ? withPlaces.withKeyValueBytes(bytes) : withPlaces;
        }
    }

    /// Measures, each number of sequences after one repetition that warms up. First the model
    /// alone, then the engine.
    ///
    /// @param engine opened with [Work#options]
    /// @param clock fine enough for a step, for instance [Clock#systemUTC]
    /// @throws EngineException if a sequence has no room in the context, or a step none for all
    public static List<BatchBenchmark> run(Engine engine, Work work, Clock clock) {
        if (work.tokens() > engine.contextLength()) {
            throw new EngineException(
                    "found %d tokens, expected at most the %d of the context"
                            .formatted(work.tokens(), engine.contextLength()));
        }
        int places = engine.withModel(LanguageModel::maxStepOutputs);
        if (work.mostSequences() > places) {
            throw new EngineException(
                    "sequences: found %d, expected at most the %d of a step"
                            .formatted(work.mostSequences(), places));
        }
        List<BatchBenchmark> ofModel = new ArrayList<>();
        for (int count : work.sequenceCounts()) {
            ofModel.add(engine.withModel(model -> computed(model, count, work, clock)));
        }
        List<BatchBenchmark> whole = new ArrayList<>();
        SplittableRandom random = new SplittableRandom(1);
        for (BatchBenchmark measured : ofModel) {
            whole.add(measured.withServed(engine, work, random, clock));
        }
        return whole;
    }

    /// The memory for keys and values is there for this measurement only, and warm as the weights
    /// are.
    private static BatchBenchmark computed(LanguageModel model, int count, Work work, Clock clock) {
        List<Duration> prefills = new ArrayList<>();
        List<Duration> decodes = new ArrayList<>();
        try (KvPool pool = model.newPool(count * work.pages())) {
            Steps steps = new Steps(model, count);
            for (int repetition = 0; repetition <= work.each().repetitions(); repetition++) {
                List<KvCache> caches =
                        IntStream.range(0, count).mapToObj(_ -> pool.newCache()).toList();
                Instant start = clock.instant();
                steps.read(caches, work.each().promptTokens());
                Instant read = clock.instant();
                steps.write(caches, work.each().generatedTokens());
                if (repetition > 0) {
                    prefills.add(Duration.between(start, read));
                    decodes.add(Duration.between(read, clock.instant()));
                }
                caches.forEach(KvCache::close);
            }
        }
        return new BatchBenchmark(count, prefills, decodes, List.of());
    }

    /// Steps of several sequences.
    private static final class Steps {
        private final LanguageModel model;
        private final float[][] logits;

        Steps(LanguageModel model, int sequenceCount) {
            this.model = model;
            this.logits = new float[sequenceCount][model.vocabSize()];
        }

        /// Reads prompts, one behind the other, in steps that are as full as they can be.
        void read(List<KvCache> caches, int tokenCount) {
            List<Span> spans = new ArrayList<>();
            int room = model.maxStepTokens();
            int outputs = 0;
            for (KvCache cache : caches) {
                int start = 0;
                while (start < tokenCount) {
                    int end = Math.min(tokenCount, start + room);
                    spans.add(span(cache, start, end, end == tokenCount));
                    outputs += end == tokenCount ? 1 : 0;
                    room -= end - start;
                    start = end;
                    if (room == 0 || outputs == model.maxStepOutputs()) {
                        run(spans, outputs);
                        room = model.maxStepTokens();
                        outputs = 0;
                    }
                }
            }
            run(spans, outputs);
        }

        /// Appends a token to each sequence, again and again.
        void write(List<KvCache> caches, int tokenCount) {
            List<Span> spans = new ArrayList<>();
            for (int i = 0; i < tokenCount; i++) {
                for (KvCache cache : caches) {
                    spans.add(span(cache, cache.length(), cache.length() + 1, true));
                }
                run(spans, spans.size());
            }
        }

        private Span span(KvCache cache, int start, int end, boolean last) {
            int[] tokens = new int[end - start];
            Arrays.setAll(tokens, i -> Benchmark.token(start + i, model.vocabSize()));
            return new Span(tokens, cache, last ? Span.Outputs.LAST : Span.Outputs.NONE);
        }

        private void run(List<Span> spans, int outputs) {
            if (!spans.isEmpty()) {
                model.forward(Batch.of(spans));
                model.parallel(outputs, i -> model.copyLogits(i, logits[i]));
                spans.clear();
            }
        }
    }

    private BatchBenchmark withServed(
            Engine engine, Work work, SplittableRandom random, Clock clock) {
        List<Duration> times = new ArrayList<>();
        for (int repetition = 0; repetition <= work.each().repetitions(); repetition++) {
            Instant start = clock.instant();
            serve(engine, work.each(), random);
            if (repetition > 0) {
                times.add(Duration.between(start, clock.instant()));
            }
        }
        return new BatchBenchmark(sequenceCount, prefills, decodes, times);
    }

    private void serve(Engine engine, Benchmark.Work work, SplittableRandom random) {
        List<TokenStream> streams = new ArrayList<>();
        try {
            for (int i = 0; i < sequenceCount; i++) {
                TokenStream stream = engine.generate(request(engine, work, random));
                stream.skipPieces();
                streams.add(stream);
            }
            streams.forEach(TokenStream::result);
        } finally {
            streams.forEach(TokenStream::close);
        }
    }

    /// No two prompts are alike, so that each is read, and no answer may end before it is as long
    /// as wanted.
    private static Request request(Engine engine, Benchmark.Work work, SplittableRandom random) {
        int vocabSize = engine.withModel(LanguageModel::vocabSize);
        Map<Integer, Double> never = new HashMap<>();
        for (int token : engine.tokenizer().endOfTurn()) {
            never.put(token, Double.NEGATIVE_INFINITY);
        }
        List<Integer> prompt = random.ints(work.promptTokens(), 0, vocabSize).boxed().toList();
        return Request.of(new Prompt.Tokens(prompt))
                .withSampling(Sampling.greedy().withLogitBias(never))
                .withMaxTokens(work.generatedTokens());
    }
}
