package autark.chip.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import autark.chip.AttentionShape;
import autark.chip.KvLayer;
import autark.chip.KvShape;
import autark.chip.KvType;
import autark.chip.LargeMemory;
import autark.chip.RowRange;
import autark.chip.Rows;
import java.lang.foreign.Arena;
import java.util.SplittableRandom;
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
