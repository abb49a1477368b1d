package autark.engine;

import autark.chip.Kernels;
import autark.engine.sample.Sampling;
import autark.engine.schedule.LanguageModel;
import autark.model.Batch;
import autark.model.KvPool;
import autark.model.Model;
import autark.model.ModelOptions;
import autark.model.file.Gguf;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

/// Requests of all kinds at once, on a small real model in an engine with little memory; and each
/// of them alone, for comparison. Compared are tokens, and the bits of the logits that they are
/// drawn from.
final class Storm {
    private static final int CONTEXT = 160;
    private static final int VOCAB_SIZE = 96;
    private static final int PAGES = 9;
    private static final int READERS = 8;

    private final Path file;
    private final Kernels kernels;
    private final int threadCount;
    private final SplittableRandom random;
    private final int[][] beginnings = new int[4][];
    private final AtomicInteger finished = new AtomicInteger();

    /// Fingerprints of all logits that requests drew from when they ran alone.
    private final Set<Long> logits = ConcurrentHashMap.newKeySet();

    private final Set<String> problems = ConcurrentHashMap.newKeySet();

    Storm(Path file, Kernels kernels, int threadCount, long seed) {
        this.file = file;
        this.kernels = kernels;
        this.threadCount = threadCount;
        this.random = new SplittableRandom(seed);
        Arrays.setAll(beginnings, _ -> tokens(CONTEXT));
    }

    static Path golden(String name) {
        Path arch = Path.of("model/src/test/resources/golden/arch", name + ".gguf");
        return Files.exists(arch) ? arch : Path.of("..").resolve(arch);
    }

    /// How many answers of the storm were compared.
    int finishedCount() {
        return finished.get();
    }

    /// One request of the storm.
    ///
    /// @param cancelAfter 1 to cancel it at once, 2 when it has begun to write, 0 for never
    private record Ask(Request request, int choices, int cancelAfter) {}

    /// Runs a storm; returns what went wrong.
    Set<String> run(int requestCount) {
        List<Ask> asks = new ArrayList<>();
        for (int i = 0; i < requestCount; i++) {
            asks.add(ask(i));
        }
        Map<Request, List<Integer>> alone = new HashMap<>();
        try (Engine engine = engine(1, 1 << 20, new Speculation.Off(), threadCount)) {
            for (Ask ask : asks) {
                for (int i = 0; i < ask.choices; i++) {
                    Request one = choice(ask, i);
                    alone.put(one, engine.generate(one).result().tokens());
                }
            }
        }
        try (Engine engine =
                        engine(
                                6,
                                PAGES * pageBytes(),
                                new Speculation.PromptLookup(),
                                threadCount);
                ExecutorService readers = Executors.newFixedThreadPool(READERS)) {
            for (Ask ask : asks) {
                readers.execute(() -> read(engine, ask, alone));
            }
            readers.shutdown();
        }
        return problems;
    }

    private static Request choice(Ask ask, int index) {
        return ask.request.withSeed(ask.request.sampling().seed() + index);
    }

    private void read(Engine engine, Ask ask, Map<Request, List<Integer>> alone) {
        try {
            List<TokenStream> streams = engine.generate(ask.request, ask.choices);
            for (int i = 0; i < streams.size(); i++) {
                TokenStream stream = streams.get(i);
                boolean begun = ask.cancelAfter > 1 && stream.iterator().hasNext();
                if (begun || ask.cancelAfter == 1) {
                    stream.cancel();
                }
                Result result = stream.result();
                List<Integer> expected = alone.getOrDefault(choice(ask, i), List.of());
                boolean cancelled = result.finish() == FinishReason.CANCELLED;
                int end = cancelled ? result.tokens().size() : expected.size();
                if (!result.tokens().equals(expected.subList(0, end))) {
                    problems.add("wrote %s, alone %s".formatted(result.tokens(), expected));
                }
                finished.incrementAndGet();
            }
        } catch (RuntimeException | Error e) {
            problems.add("failed: " + e);
        }
    }

    private Ask ask(int number) {
        int length = random.nextInt(1, CONTEXT - 1);
        int[] prompt = tokens(length);
        int shared = random.nextInt(2) * random.nextInt(length + 1);
        System.arraycopy(beginnings[random.nextInt(beginnings.length)], 0, prompt, 0, shared);
        Sampling sampling =
                switch (random.nextInt(3)) {
                    case 0 -> Sampling.greedy();
                    case 1 -> Sampling.standard().withRepeatPenalty(1.3);
                    default -> Sampling.standard().withTemperature(1.5).withTopK(0).withTopP(1);
                };
        Service service =
                Service.usual()
                        .withTenant("tenant " + random.nextInt(3))
                        .withPriority(random.nextInt(3));
        Request request =
                Request.of(new Prompt.Tokens(Arrays.stream(prompt).boxed().toList()))
                        .withSampling(sampling.withSeed(10L * number))
                        .withService(service)
                        .withMaxTokens(random.nextInt(1, 25));
        int choices = random.nextInt(5) == 0 ? random.nextInt(2, 5) : 1;
        return new Ask(request, choices, random.nextInt(6) == 0 ? random.nextInt(1, 3) : 0);
    }

    private static long fingerprint(float[] row) {
        long hash = 1;
        for (float value : row) {
            hash = hash * 0x9E3779B97F4A7C15L + Float.floatToRawIntBits(value);
            hash ^= hash >>> 29;
        }
        return hash;
    }

    private int[] tokens(int count) {
        return random.ints(count, 0, VOCAB_SIZE).toArray();
    }

    private Model load(int threads) {
        ModelOptions options =
                ModelOptions.defaults()
                        .withThreadCount(threads)
                        .withKernels(kernels)
                        .withContextLength(CONTEXT);
        try (Gguf gguf = Gguf.open(file)) {
            return Model.load(gguf, options);
        }
    }

    private long pageBytes() {
        try (Model model = load(1)) {
            return model.kvLayout().pageBytes();
        }
    }

    private Engine engine(int running, long bytes, Speculation speculation, int threads) {
        int stepTokens = 16 + random.nextInt(64);
        EngineOptions options =
                EngineOptions.defaults()
                        .withRunningMax(running)
                        .withKeyValueBytes(bytes)
                        .withSpeculation(speculation);
        return new Engine(
                new Watched(new LoadedModel(load(threads), stepTokens, 16), running == 1),
                TestVocabulary.tokenizer(),
                "",
                Sampling.greedy(),
                options);
    }

    /// A model whose logits are noted when requests run alone, and looked up when they run
    /// together: what an answer draws from must be known to the bit.
    private final class Watched implements LanguageModel {
        private final LanguageModel model;
        private final boolean noting;

        Watched(LanguageModel model, boolean noting) {
            this.model = model;
            this.noting = noting;
        }

        @Override
        public void forward(Batch batch) {
            model.forward(batch);
        }

        @Override
        public void copyLogits(int output, float[] into) {
            model.copyLogits(output, into);
            long bits = fingerprint(into);
            if (noting) {
                logits.add(bits);
            } else if (!logits.contains(bits)) {
                problems.add("an answer drew from logits that no request has alone");
            }
        }

        @Override
        public int vocabSize() {
            return model.vocabSize();
        }

        @Override
        public String adapter() {
            return model.adapter();
        }

        @Override
        public int contextLength() {
            return model.contextLength();
        }

        @Override
        public int maxStepTokens() {
            return model.maxStepTokens();
        }

        @Override
        public int maxStepOutputs() {
            return model.maxStepOutputs();
        }

        @Override
        public long pageBytes() {
            return model.pageBytes();
        }

        @Override
        public KvPool newPool(int pageCount) {
            return model.newPool(pageCount);
        }

        @Override
        public void parallel(int count, IntConsumer body) {
            model.parallel(count, body);
        }

        @Override
        public void close() {
            model.close();
        }
    }
}
