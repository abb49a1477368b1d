package autark.model;

import static org.assertj.core.api.Assertions.assertThat;

import autark.chip.Kernels;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Each architecture with random f32 weights against the reference's logits.
class ArchitectureGoldenTest {
    private static final double DIFFERENCE_MAX = 2e-4;
    private static final double KL_MAX = 1e-9;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "llama",
                "llama-tied",
                "llama-moe",
                "qwen2",
                "qwen3",
                "qwen3moe",
                "smollm3",
                "phi3",
                "phi3-longrope",
                "gemma2",
                "gemma3"
            })
    void logitsEqualTheReference(String name) {
        Golden golden = Golden.read("arch", name);
        for (Kernels kernels : Runs.kernelSets()) {
            float[][] logits;
            try (Model model = Runs.load(golden.model(), 2, kernels)) {
                logits = Runs.logits(model, golden.tokens(), golden.tokens().length);
            }
            assertThat(Golden.maxDifference(golden.logits(), logits))
                    .as("largest difference of a logit, " + kernels.name())
                    .isLessThanOrEqualTo(DIFFERENCE_MAX);
            assertThat(Golden.meanKl(golden.logits(), logits))
                    .as("mean KL, " + kernels.name())
                    .isLessThanOrEqualTo(KL_MAX);
        }
    }
}
