package autark.checks.program;

import static org.assertj.core.api.Assertions.assertThat;

import autark.chip.Kernels;
import autark.model.Golden;
import autark.model.Model;
import autark.model.Runs;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Logits of the default model on a real text.
@TestInstance(Lifecycle.PER_CLASS)
class LogitsTest {
    /// What an int8 quantization of activations may lose, compared with the reference's own.
    private static final double KL_RATIO_MAX = 1.25;

    /// A lead of the best token over the second that quantization noise cannot turn.
    private static final float CLEAR_LEAD = 0.25f;

    private final Reference reference = Reference.read();
    private float[][] logits = {};

    @BeforeAll
    void run() {
        try (Model model = Runs.load(DefaultModel.file(), 2)) {
            logits = Runs.logits(model, reference.tokens(), reference.tokens().length);
        }
    }

    @Test
    void theyAreAsCloseAsTheReferencesOwnInt8Activations() {
        float[][] atPositions =
                Arrays.stream(reference.positions())
                        .mapToObj(position -> logits[position])
                        .toArray(float[][]::new);

        assertThat(Golden.meanKl(reference.logits(), atPositions))
                .isLessThanOrEqualTo(KL_RATIO_MAX * reference.peerMeanKl());
    }

    @Test
    void theBestTokenIsTheReferencesWhereverItsLeadIsClear() {
        int compared = 0;
        for (int position = 0; position < logits.length; position++) {
            float[] best = reference.top10Logits()[position];
            if (best[0] - best[1] > CLEAR_LEAD) {
                assertThat(indexOfLargest(logits[position]))
                        .as("position %d", position)
                        .isEqualTo(reference.top10()[position][0]);
                compared++;
            }
        }
        assertThat(compared).isGreaterThan(logits.length / 2);
    }

    /// The logits above come from one chunk and two threads.
    @ParameterizedTest
    @CsvSource({"1, 7", "2, 1", "2, 32"})
    void chunksAndThreadsLeaveTheBitsAlone(int threadCount, int chunkTokens) {
        try (Model model = Runs.load(DefaultModel.file(), threadCount)) {
            assertThat(Runs.logits(model, reference.tokens(), chunkTokens)).isDeepEqualTo(logits);
        }
    }

    @Test
    void kernelSetsLeaveTheBitsAlone() {
        for (Kernels kernels : Runs.kernelSets()) {
            try (Model model = Runs.load(DefaultModel.file(), 2, kernels)) {
                int[] tokens = reference.tokens();
                assertThat(Runs.logits(model, tokens, tokens.length))
                        .as(kernels.name())
                        .isDeepEqualTo(logits);
            }
        }
    }

    private static int indexOfLargest(float[] values) {
        int largest = 0;
        for (int i = 1; i < values.length; i++) {
            if (values[i] > values[largest]) {
                largest = i;
            }
        }
        return largest;
    }
}
