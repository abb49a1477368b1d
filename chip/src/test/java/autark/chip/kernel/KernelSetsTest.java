package autark.chip.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import autark.chip.Kernels;
import java.util.List;
import org.junit.jupiter.api.Test;

class KernelSetsTest {
    private static List<String> names(KernelSets sets) {
        return sets.kernels().stream().map(Kernels::name).toList();
    }

    @Test
    void setsFollowWhatTheProcessorCan() {
        KernelSets all = KernelSets.of(new X86Features(true, true, true));
        assertThat(names(all)).containsExactly("scalar", "avx2", "avxvnni", "avx512");
        assertThat(all.notice()).isEmpty();
        assertThat(names(KernelSets.of(new X86Features(true, false, false))))
                .containsExactly("scalar", "avx2");
        KernelSets neon = KernelSets.of(new Arm64Features(true));
        assertThat(names(neon)).containsExactly("scalar", "neon");
        assertThat(neon.notice()).isEmpty();
    }

    @Test
    void aProcessorThatCanTooLittleIsNamed() {
        KernelSets x86 = KernelSets.of(new X86Features(false, false, false));
        assertThat(names(x86)).containsExactly("scalar");
        assertThat(x86.notice()).isEqualTo("the processor has no AVX2");
        KernelSets arm = KernelSets.of(new Arm64Features(false));
        assertThat(names(arm)).containsExactly("scalar");
        assertThat(arm.notice()).isEqualTo("the processor has no dot products of bytes");
    }
}
