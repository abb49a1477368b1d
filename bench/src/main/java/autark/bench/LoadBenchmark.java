package autark.bench;

import autark.model.Model;
import autark.model.ModelOptions;
import autark.model.file.Gguf;
import autark.model.file.GgufTokenizer;
import autark.text.token.Tokenizer;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/// The three parts of opening the default model, its file in the page cache.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class LoadBenchmark {
    private Path file = Path.of("");

    @Setup
    public void setUp() {
        file = DefaultModelFile.path();
    }

    /// Maps the file and checks its header.
    @Benchmark
    public long header() {
        try (Gguf gguf = Gguf.open(file)) {
            return gguf.fileBytes();
        }
    }

    /// The header, and the tables of the tokenizer.
    @Benchmark
    public Tokenizer tokenizer() {
        try (Gguf gguf = Gguf.open(file)) {
            return Tokenizer.of(GgufTokenizer.spec(gguf).orElseThrow());
        }
    }

    /// The header, and the weights in tiles.
    @Benchmark
    public int weights() {
        try (Gguf gguf = Gguf.open(file);
                Model model = Model.load(gguf, ModelOptions.defaults())) {
            return model.config().vocabSize();
        }
    }
}
