package autark.model;

import static org.assertj.core.api.Assertions.assertThat;

import autark.chip.Kernels;
import autark.chip.quant.Dequantizer;
import autark.model.file.Gguf;
import autark.model.file.TensorInfo;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Each storage type against the reference: dequantised rows bit for bit, logits within what the
/// reference itself loses by quantising activations.
class QuantGoldenTest {
    private static final double SLACK_OF_ONE = 1.3;
    private static final double SLACK_OF_ALL = 1.1;

    static List<String> types() {
        return List.of(
                "f16",
                "bf16",
                "q4_0",
                "q4_1",
                "q5_0",
                "q5_1",
                "q8_0",
                "q2_k",
                "q3_k_m",
                "q4_k_m",
                "q5_k_m",
                "q6_k",
                "iq4_nl",
                "iq4_xs",
                "mxfp4_moe");
    }

    @ParameterizedTest
    @MethodSource("types")
    void dequantisedRowsAreEqual(String name) {
        float[][] expected =
                Golden.floats(
                        Golden.folder().resolve("quant/" + name + ".ffn_up.rows0-1.f32"), 256);
        float[] found = new float[256];
        try (Gguf file = Gguf.open(Golden.folder().resolve("quant/" + name + ".gguf"))) {
            TensorInfo tensor = file.tensor("blk.0.ffn_up.weight").orElseThrow();
            long rowBytes = tensor.type().bytes(256);
            for (int row = 0; row < expected.length; row++) {
                Dequantizer.dequantize(
                        tensor.type(), file.data(tensor), row * rowBytes, 256, found);
                assertThat(bits(found)).as("row " + row).isEqualTo(bits(expected[row]));
            }
        }
    }

    private static int[] bits(float[] values) {
        int[] bits = new int[values.length];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = Float.floatToRawIntBits(values[i]);
        }
        return bits;
    }

    @ParameterizedTest
    @MethodSource("types")
    void logitsLoseNoMoreThanTheReferences(String name) {
        Golden golden = Golden.read("quant", name);
        for (Kernels kernels : Runs.kernelSets()) {
            assertThat(meanKl(golden, kernels))
                    .as(kernels.name())
                    .isLessThanOrEqualTo(SLACK_OF_ONE * golden.peerKl());
        }
    }

    @Test
    void allTypesTogetherLoseNoMoreThanTheReferences() {
        double found = 0;
        double peer = 0;
        for (String name : types()) {
            Golden golden = Golden.read("quant", name);
            found += meanKl(golden, Runs.kernelSets().getLast());
            peer += golden.peerKl();
        }
        assertThat(found).isLessThanOrEqualTo(SLACK_OF_ALL * peer);
    }

    private static double meanKl(Golden golden, Kernels kernels) {
        try (Model model = Runs.load(golden.model(), 2, kernels)) {
            float[][] logits = Runs.logits(model, golden.tokens(), golden.tokens().length);
            return Golden.meanKl(golden.logits(), logits);
        }
    }
}
