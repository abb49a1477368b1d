package autark.engine;

import static org.assertj.core.api.Assertions.assertThat;

import autark.chip.Chip;
import autark.chip.Kernels;
import autark.model.ModelOptions;
import org.junit.jupiter.api.Test;

class EngineOptionsTest {
    @Test
    void whatConcernsTheModelReachesIt() {
        Kernels scalar = Chip.current().withKernels("scalar").kernels();
        ModelOptions options =
                EngineOptions.defaults()
                        .withThreadCount(3)
                        .withContextLength(77)
                        .withKernels(scalar)
                        .model();

        assertThat(options.threadCount()).isEqualTo(3);
        assertThat(options.contextLength()).isEqualTo(77);
        assertThat(options.kernels()).isSameAs(scalar);
    }

    @Test
    void theFastestKernelsAreTheDefault() {
        assertThat(EngineOptions.defaults().model().kernels()).isSameAs(Chip.current().kernels());
    }
}
