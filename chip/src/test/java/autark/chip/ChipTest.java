package autark.chip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import autark.chip.os.ChildJvm;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class ChipTest {
    static final class Printer {
        private Printer() {}

        public static void main(String[] arguments) {
            try {
                Chip chip = Chip.current();
                System.out.println(chip.kernels().name() + " on " + chip.coreCount());
            } catch (MissingKernelsException e) {
                System.out.println(e.getMessage());
                System.clearProperty(Chip.KERNELS_PROPERTY);
                System.out.println("then " + Chip.current().available().getFirst().name());
            }
        }
    }

    @Test
    void theFastestSetIsInUseAndTheScalarOneIsAlwaysThere() {
        Chip chip = Chip.current();

        assertThat(chip.kernels()).isSameAs(chip.available().getLast());
        assertThat(chip.withKernels("scalar").kernels().name()).isEqualTo("scalar");
        assertThat(chip.withKernels("scalar").available()).isEqualTo(chip.available());
    }

    @Test
    void aSetThatTheMachineLacksIsRefusedByNameAndAlternatives() {
        assertThatThrownBy(() -> Chip.current().withKernels("abacus"))
                .isInstanceOf(MissingKernelsException.class)
                .hasMessageStartingWith("found kernel set \"abacus\", expected one")
                .hasMessageContaining("has: scalar");
    }

    @Test
    void thePropertyForcesASet() throws IOException, InterruptedException {
        ChildJvm child = ChildJvm.run(Printer.class, "-Dautark.kernels=scalar");

        assertThat(child.output()).startsWith("scalar on ");
    }

    /// A refused set does not spoil the class for those who ask again.
    @Test
    void aWrongPropertyIsAnErrorThatOneCanRecoverFrom() throws IOException, InterruptedException {
        ChildJvm child = ChildJvm.run(Printer.class, "-Dautark.kernels=abacus");

        assertThat(child.output()).contains("found kernel set \"abacus\"").contains("then scalar");
    }

    @Test
    void oneProcessorMeansOneThread() throws IOException, InterruptedException {
        ChildJvm child = ChildJvm.run(Printer.class, "-XX:ActiveProcessorCount=1");

        assertThat(child.output().strip()).endsWith(" on 1");
    }
}
