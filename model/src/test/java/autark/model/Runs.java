package autark.model;

import autark.chip.Chip;
import autark.chip.Kernels;
import autark.chip.KvType;
import autark.model.file.Gguf;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/// Whole passes of a model, for tests. Keys and values are kept as f32, as in the reference data.
public final class Runs {
    private Runs() {}

    /// The kernel sets that this machine has.
    public static List<Kernels> kernelSets() {
        return Chip.current().available();
    }

    /// The model on the fastest kernels.
    public static Model load(Path file, int threadCount) {
        return load(file, threadCount, Chip.current().kernels());
    }

    public static Model load(Path file, int threadCount, Kernels kernels) {
        ModelOptions options =
                ModelOptions.defaults()
                        .withThreadCount(threadCount)
                        .withKernels(kernels)
                        .withKvType(KvType.F32);
        try (Gguf gguf = Gguf.open(file)) {
            return Model.load(gguf, options);
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
