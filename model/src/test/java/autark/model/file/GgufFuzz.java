package autark.model.file;

import autark.model.Batch;
import autark.model.KvCache;
import autark.model.Model;
import autark.model.ModelOptions;
import autark.model.Scratch;
import autark.model.Span;
import autark.text.template.ChatTemplate;
import autark.text.template.Message;
import autark.text.template.TemplateException;
import autark.text.token.Tokenizer;
import autark.text.token.TokenizerException;
import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;

/// A program that opens damaged model files, one after the other, in a process of little memory.
/// Each must end in an error that says where the fault is, or in a model that computes a token;
/// within a second of processor time; and opening it must allocate no more than its header allows.
///
/// The last line it prints is the count of each outcome. A mutant that broke the rule is kept, and
/// told with its number, which together with the seed makes it again.
public final class GgufFuzz {
    private static final long CPU_NANOS_MAX = Duration.ofSeconds(1).toNanos();
    private static final Duration HANG = Duration.ofSeconds(60);
    private static final int FAILURES_MAX = 20;

    /// Tokens that buffers are made for, as many as a program that serves makes them for.
    private static final int STEP_TOKENS = 256;

    private static final long ALLOCATION_SLACK_BYTES = 16L << 20;
    private static final Pattern PLACE = Pattern.compile("byte \\d+:|key [\\w.]|tensor [\\w.]");

    private static final String TEXT = "hello  hello wörld 😀\n\n<|start|></s> 123";
    private static final Map<String, ?> CONVERSATION =
            Map.of("messages", List.of(Message.user("hello")), "add_generation_prompt", true);

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private enum Outcome {
        FILE_REFUSED,
        TEXT_REFUSED,
        MODEL_REFUSED,
        WORKING
    }

    private final List<GgufImage> seeds = List.copyOf(TinyModel.all().values());
    private final Path folder;
    private final AtomicLong startNanos = new AtomicLong(System.nanoTime());
    private final Map<Outcome, Integer> outcomes = new EnumMap<>(Outcome.class);
    private int failures;

    private GgufFuzz(Path folder) {
        this.folder = folder;
    }

    /// @param arguments seed, first mutant, number of mutants, folder for the files
    public static void main(String[] arguments) throws IOException {
        long seed = Long.parseLong(arguments[0]);
        int first = Integer.parseInt(arguments[1]);
        int count = Integer.parseInt(arguments[2]);
        GgufFuzz fuzz = new GgufFuzz(Path.of(arguments[3]));
        Thread main = Thread.currentThread();
        Thread.ofPlatform().daemon().start(() -> fuzz.watch(main));
        for (int number = first; number < first + count; number++) {
            fuzz.run(seed, number);
            if (fuzz.failures == FAILURES_MAX) {
                break;
            }
        }
        System.out.printf("%s, %d failed%n", fuzz.outcomes, fuzz.failures);
        System.exit(fuzz.failures == 0 ? 0 : 1);
    }

    private void run(long seed, int number) throws IOException {
        GgufMutator mutator =
                new GgufMutator(new SplittableRandom(seed * 0x9E37_79B9_7F4A_7C15L + number));
        byte[] mutant = mutator.mutate(seeds.get(number % seeds.size()));
        Path path = folder.resolve("mutant.gguf");
        Files.write(path, mutant);
        startNanos.set(System.nanoTime());
        long cpuStart = THREADS.getCurrentThreadCpuTime();
        try {
            outcomes.merge(use(path), 1, Integer::sum);
            long cpuNanos = THREADS.getCurrentThreadCpuTime() - cpuStart;
            if (cpuNanos > CPU_NANOS_MAX) {
                throw new AssertionError("took %d ms".formatted(cpuNanos / 1_000_000));
            }
        } catch (Throwable e) { // any Throwable is a finding
            failures++;
            Path kept = Files.copy(path, folder.resolve("seed%d-%d.gguf".formatted(seed, number)));
            System.out.printf("seed %d, mutant %d: %s%n", seed, number, mutator.wounds());
            System.out.println("kept as " + kept);
            e.printStackTrace(System.out);
        }
    }

    private static Outcome use(Path path) {
        long allocatedBefore = THREADS.getCurrentThreadAllocatedBytes();
        try (Gguf file = Gguf.open(path)) {
            long allocated = THREADS.getCurrentThreadAllocatedBytes() - allocatedBefore;
            if (allocated > 8 * file.headerBytes() + ALLOCATION_SLACK_BYTES) {
                throw new AssertionError("opening allocated %d bytes".formatted(allocated));
            }
            readAll(file);
            boolean readable = writeAndRead(file);
            Outcome outcome = compute(file);
            return readable ? outcome : Outcome.TEXT_REFUSED;
        } catch (ModelFormatException e) {
            checkMessage(e);
            return Outcome.FILE_REFUSED;
        }
    }

    /// What `show` and `inspect` do.
    private static void readAll(Gguf file) {
        for (String key : file.metadata().keys()) {
            if (file.metadata().text(key).contains("\n")) {
                throw new AssertionError("text of several lines for key " + key);
            }
        }
        for (TensorInfo tensor : file.tensors()) {
            if (file.data(tensor).byteSize() != tensor.bytes()) {
                throw new AssertionError("wrong size of tensor " + tensor.name());
            }
        }
    }

    /// Whether the file has a tokenizer and a template that work, or none.
    private static boolean writeAndRead(Gguf file) {
        try {
            GgufTokenizer.spec(file).map(Tokenizer::of).ifPresent(GgufFuzz::encodeAndDecode);
            file.metadata()
                    .optionalString("tokenizer.chat_template")
                    .map(ChatTemplate::parse)
                    .ifPresent(template -> template.render(CONVERSATION, LocalDateTime.MIN));
            return true;
        } catch (ModelFormatException e) {
            checkMessage(e);
            return false;
        } catch (TokenizerException | TemplateException e) {
            if (String.valueOf(e.getMessage()).isBlank()) {
                throw new AssertionError("no message", e);
            }
            return false;
        }
    }

    private static void encodeAndDecode(Tokenizer tokenizer) {
        for (Tokenizer.Specials specials : Tokenizer.Specials.values()) {
            int[] tokens = tokenizer.encode(TEXT, specials);
            tokenizer.decode(tokens);
            for (int token : tokens) {
                tokenizer.piece(token);
            }
        }
    }

    private static Outcome compute(Gguf file) {
        try (Model model = Model.load(file, ModelOptions.defaults().withThreadCount(1));
                KvCache cache = model.newCache(model.contextLength());
                Scratch scratch = model.newScratch(STEP_TOKENS, 1)) {
            model.forward(Batch.of(new Span(new int[] {0}, cache, Span.Outputs.LAST)), scratch);
            scratch.copyLogits(0, new float[model.config().vocabSize()]);
            return Outcome.WORKING;
        } catch (ModelFormatException e) {
            checkMessage(e);
            return Outcome.MODEL_REFUSED;
        }
    }

    private static void checkMessage(ModelFormatException e) {
        if (!PLACE.matcher(String.valueOf(e.getMessage())).find()) {
            throw new AssertionError("names no byte, key or tensor", e);
        }
    }

    private void watch(Thread main) {
        while (System.nanoTime() - startNanos.get() < HANG.toNanos()) {
            try {
                Thread.sleep(1_000);
            } catch (InterruptedException e) {
                return;
            }
        }
        System.out.println("hangs at");
        for (StackTraceElement frame : main.getStackTrace()) {
            System.out.println("\tat " + frame);
        }
        Runtime.getRuntime().halt(2);
    }
}
