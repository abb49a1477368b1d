package autark.bench;

import autark.model.file.Gguf;
import autark.model.file.GgufTokenizer;
import autark.text.token.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/// Text to tokens and back, by the vocabulary of the default model. The counter `megabytes` is the
/// number to look at; it is per second.
@State(Scope.Thread)
@OutputTimeUnit(TimeUnit.SECONDS)
public class TokenizerBenchmark {
    private static final int TEXT_CHARS = 1_000_000;

    /// Megabytes of text done, for a rate beside the score.
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.OPERATIONS)
    public static class Work {
        public double megabytes;
    }

    /// What the text is like.
    public enum Text {
        ENGLISH,
        JAVA,
        ONE_CHARACTER
    }

    @Param Text text = Text.ENGLISH;

    private Tokenizer tokenizer = tokenizer();
    private String input = "";
    private int[] tokens = {};

    @Setup
    public void setUp() throws IOException {
        input =
                switch (text) {
                    case ENGLISH -> repeated(read("LICENSE"));
                    case JAVA -> repeated(read("chip/src/main/java/autark/chip/WorkerPool.java"));
                    case ONE_CHARACTER -> repeated("a");
                };
        tokens = tokenizer.encode(input, Tokenizer.Specials.AS_TEXT);
    }

    @Benchmark
    public int[] encode(Work work) {
        work.megabytes += input.length() / 1e6;
        return tokenizer.encode(input, Tokenizer.Specials.AS_TEXT);
    }

    @Benchmark
    public byte[] decode(Work work) {
        work.megabytes += input.length() / 1e6;
        return tokenizer.decode(tokens);
    }

    private static Tokenizer tokenizer() {
        try (Gguf gguf = Gguf.open(DefaultModelFile.path())) {
            return Tokenizer.of(GgufTokenizer.spec(gguf).orElseThrow());
        }
    }

    /// A file of the repository, whose root is the working directory or the folder above it.
    private static String read(String file) throws IOException {
        Path path = Path.of(file);
        return Files.readString(Files.exists(path) ? path : Path.of("..").resolve(path));
    }

    private static String repeated(String text) {
        return text.repeat(TEXT_CHARS / text.length() + 1).substring(0, TEXT_CHARS);
    }
}
