package autark.chip.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import autark.chip.AttentionShape;
import autark.chip.KvLayer;
import autark.chip.KvShape;
import autark.chip.KvType;
import autark.chip.KvTypeException;
import autark.chip.LargeMemory;
import autark.chip.RowRange;
import autark.chip.Rows;
import java.lang.foreign.Arena;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AttentionTest {
    private static final int HEADS = 6;
    private static final int KV_HEADS = 2;
    private static final int HEAD_DIM = 20;

    @ParameterizedTest
    @CsvSource({
        "0, 2147483647, Infinity",
        "31, 2147483647, Infinity",
        "32, 2147483647, Infinity",
        "100, 2147483647, 50",
        "100, 8, Infinity",
        "100, 40, 5",
        "95, 64, Infinity"
    })
    void equalsASoftmaxOverTheVisibleKeys(int position, int window, float softcap) {
        SplittableRandom random = new SplittableRandom(position + window);
        AttentionShape shape = new AttentionShape(HEADS, KV_HEADS, HEAD_DIM, 0.3f, softcap, window);
        Rows q = RandomWeights.randomRows(1, HEADS * HEAD_DIM, random);
        Rows k = RandomWeights.randomRows(position + 1, KV_HEADS * HEAD_DIM, random);
        Rows v = RandomWeights.randomRows(position + 1, KV_HEADS * HEAD_DIM, random);
        Rows o = RandomWeights.rows(1, HEADS * HEAD_DIM);
        KvLayer layer = store(k, v);
        for (int kvHead = 0; kvHead < KV_HEADS; kvHead++) {
            new ScalarKernels().attend(shape, q, new RowRange(0, 1), kvHead, layer, position, o);
        }
        for (int head = 0; head < HEADS; head++) {
            double[] expected = naive(shape, q, k, v, head, position);
            for (int dim = 0; dim < HEAD_DIM; dim++) {
                assertThat((double) o.get(0, head * HEAD_DIM + dim))
                        .isCloseTo(expected[dim], within(2e-5));
            }
        }
    }

    /// A component comes back with an error of half a step at most, and a little more where the
    /// scale was rounded down.
    @Test
    void componentsOfEightBitsComeBackNearly() {
        SplittableRandom random = new SplittableRandom(3);
        KvShape shape = new KvShape(KV_HEADS, 64, KvType.Q8_0);
        KvLayer layer = new KvLayer(shape, new LargeMemory(Arena.ofAuto()));
        layer.reserve(40);
        Rows k = RandomWeights.randomRows(1, shape.kvDim(), random);
        Rows v = RandomWeights.randomRows(1, shape.kvDim(), random);
        new ScalarKernels().store(k, v, 0, layer, 35);
        float[] keys = new float[KvShape.BLOCK_TOKENS];
        float[] value = new float[64];
        for (int head = 0; head < KV_HEADS; head++) {
            KvStoreScalar.loadValue(shape, layer.block(1), head, 3, value);
            for (int dim = 0; dim < 64; dim++) {
                KvStoreScalar.loadKeys(shape, layer.block(1), head, dim, keys);
                assertNear(k, head * 64 + dim, keys[3]);
                assertNear(v, head * 64 + dim, value[dim]);
            }
        }
    }

    private static void assertNear(Rows row, int column, float found) {
        float magnitude = 0;
        int first = column / 32 * 32;
        for (int i = first; i < first + 32; i++) {
            magnitude = Math.max(magnitude, Math.abs(row.get(0, i)));
        }
        assertThat(found).isCloseTo(row.get(0, column), within(0.57f * magnitude / 127));
    }

    @Test
    void headsThatFillNoGroupAreRefusedForEightBits() {
        assertThatThrownBy(() -> new KvShape(2, 80, KvType.Q8_0))
                .isInstanceOf(KvTypeException.class)
                .hasMessageContainingAll("80 components", "multiple of 32", "q8_0", "take f16");
    }

    @Test
    void eightBitsTakeLittleMoreThanHalfOfSixteen() {
        assertThat(new KvShape(2, 64, KvType.Q8_0).blockBytes())
                .isEqualTo(2L * 2 * 32 * (64 + 2 * 2));
    }

    private static KvLayer store(Rows k, Rows v) {
        KvShape shape = new KvShape(KV_HEADS, HEAD_DIM, KvType.F32);
        KvLayer layer = new KvLayer(shape, new LargeMemory(Arena.ofAuto()));
        layer.reserve(k.rows());
        for (int position = 0; position < k.rows(); position++) {
            new ScalarKernels().store(k, v, position, layer, position);
        }
        return layer;
    }

    private static double[] naive(
            AttentionShape shape, Rows q, Rows k, Rows v, int head, int position) {
        int kvHead = head / (HEADS / KV_HEADS);
        double[] output = new double[HEAD_DIM];
        double total = 0;
        for (int key = Math.max(0, position - shape.window() + 1); key <= position; key++) {
            double score = 0;
            for (int dim = 0; dim < HEAD_DIM; dim++) {
                score += q.get(0, head * HEAD_DIM + dim) * k.get(key, kvHead * HEAD_DIM + dim);
            }
            score *= shape.scale();
            if (Float.isFinite(shape.softcap())) {
                score = shape.softcap() * Math.tanh(score / shape.softcap());
            }
            double weight = Math.exp(score);
            total += weight;
            for (int dim = 0; dim < HEAD_DIM; dim++) {
                output[dim] += weight * v.get(key, kvHead * HEAD_DIM + dim);
            }
        }
        for (int dim = 0; dim < HEAD_DIM; dim++) {
            output[dim] /= total;
        }
        return output;
    }
}
