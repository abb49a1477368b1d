package autark.cli;

import autark.chip.Chip;
import autark.chip.Kernels;
import autark.model.Batch;
import autark.model.KvCache;
import autark.model.Model;
import autark.model.ModelOptions;
import autark.model.Scratch;
import autark.model.Span;
import autark.model.file.Gguf;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/// Runs the default model on a few tokens with every kernel set of this machine, and compares: the
/// best tokens with those that another implementation found, the bits of the sets with one another.
final class SelfCheck {
    /// The beginning of a text in the template of the default model.
    private static final int[] TOKENS = {
        1, 4093, 198, 36971, 281, 1296, 8545, 1701, 260, 6376, 314, 4461
    };

    /// The best next token after each of [#TOKENS], as llama.cpp finds it with the weights
    /// dequantised exactly; -1 where its lead is too small to be asked for.
    private static final int[] BEST_TOKENS = {
        29, -1, -1, 259, 216, 8545, 30, 346, -1, 314, 4461, 30
    };

    private SelfCheck() {}

    /// What is wrong, or nothing.
    static Optional<String> run(Path defaultModel) {
        float[] first = new float[0];
        try (Gguf file = Gguf.open(defaultModel)) {
            for (Kernels kernels : Chip.current().available()) {
                float[] logits = logits(file, kernels);
                if (first.length == 0) {
                    first = logits;
                    Optional<String> mistake = mistake(logits);
                    if (mistake.isPresent()) {
                        return mistake;
                    }
                } else if (Arrays.mismatch(first, logits) >= 0) {
                    return Optional.of(
                            "the kernels %s and %s give different bits"
                                    .formatted(
                                            Chip.current().available().getFirst().name(),
                                            kernels.name()));
                }
            }
        }
        return Optional.empty();
    }

    /// The logits after each token, one row after the other.
    private static float[] logits(Gguf file, Kernels kernels) {
        ModelOptions options =
                ModelOptions.defaults().withKernels(kernels).withContextLength(TOKENS.length);
        try (Model model = Model.load(file, options);
                KvCache cache = model.newCache(TOKENS.length);
                Scratch scratch = model.newScratch(TOKENS.length, TOKENS.length)) {
            model.forward(Batch.of(new Span(TOKENS, cache, Span.Outputs.ALL)), scratch);
            int vocabSize = model.config().vocabSize();
            float[] row = new float[vocabSize];
            float[] all = new float[TOKENS.length * vocabSize];
            for (int i = 0; i < TOKENS.length; i++) {
                scratch.copyLogits(i, row);
                System.arraycopy(row, 0, all, i * vocabSize, vocabSize);
            }
            return all;
        }
    }

    private static Optional<String> mistake(float[] logits) {
        int vocabSize = logits.length / TOKENS.length;
        for (int i = 0; i < TOKENS.length; i++) {
            int best = i * vocabSize;
            for (int j = best; j < (i + 1) * vocabSize; j++) {
                if (logits[j] > logits[best]) {
                    best = j;
                }
            }
            int token = best - i * vocabSize;
            if (BEST_TOKENS[i] >= 0 && BEST_TOKENS[i] != token) {
                return Optional.of(
                        "found token %d after position %d, expected %d"
                                .formatted(token, i, BEST_TOKENS[i]));
            }
        }
        return Optional.empty();
    }
}
