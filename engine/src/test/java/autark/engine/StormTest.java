package autark.engine;

import static org.assertj.core.api.Assertions.assertThat;

import autark.chip.Chip;
import autark.chip.Kernels;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Law L1 under load: what an answer says, and the bits of the logits that it is drawn from, are
/// those of the request alone, whatever else the engine does. `bench/storm` runs more.
final class StormTest {
    private static final int REQUESTS = 110;

    /// Of the slowest kernels.
    private static final int SCALAR_REQUESTS = 20;

    @ParameterizedTest
    @ValueSource(strings = {"llama", "gemma3"})
    void answersOfAStormAreThoseOfRequestsAlone(String name) {
        int seed = name.length();
        for (Kernels kernels : Chip.current().available()) {
            int count = kernels.name().equals("scalar") ? SCALAR_REQUESTS : REQUESTS;
            for (int threads = 1 + seed % 2; threads <= 4; threads += 2) {
                Storm storm = new Storm(Storm.golden(name), kernels, threads, seed);
                assertThat(storm.run(count))
                        .as("%s, %s kernels, %d threads, seed %d", name, kernels, threads, seed)
                        .isEmpty();
                assertThat(storm.finishedCount()).isGreaterThanOrEqualTo(count);
                seed++;
            }
        }
    }
}
