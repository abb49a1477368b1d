package autark.model;

import autark.model.file.Gguf;
import java.nio.file.Path;
import java.util.Arrays;

/// Whole passes of a model, for tests.
public final class Runs {
    private Runs() {}

    public static Model load(Path file, int threadCount) {
        try (Gguf gguf = Gguf.open(file)) {
            return Model.load(gguf, ModelOptions.defaults().withThreadCount(threadCount));
        }
    }

    /// Logits of all tokens after a pass from position 0 in chunks of `chunkTokens`.
    public static float[][] logits(Model model, int[] tokens, int chunkTokens) {
        float[][] logits = new float[tokens.length][model.config().vocabSize()];
        try (KvCache cache = model.newCache(tokens.length);
                Scratch scratch = model.newScratch(chunkTokens, chunkTokens)) {
            for (int first = 0; first < tokens.length; first += chunkTokens) {
                int end = Math.min(tokens.length, first + chunkTokens);
                int[] chunk = Arrays.copyOfRange(tokens, first, end);
                model.forward(Batch.of(new Span(chunk, cache, Span.Outputs.ALL)), scratch);
                for (int i = 0; i < chunk.length; i++) {
                    scratch.copyLogits(i, logits[first + i]);
                }
            }
        }
        return logits;
    }
}
