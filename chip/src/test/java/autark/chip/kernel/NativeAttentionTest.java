package autark.chip.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import autark.chip.AttentionShape;
import autark.chip.Kernels;
import autark.chip.KvLayer;
import autark.chip.KvShape;
import autark.chip.KvType;
import autark.chip.LargeMemory;
import autark.chip.RowRange;
import autark.chip.Rows;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Law L6 for attention and the storing of keys and values, with blocks flush against forbidden
/// pages.
class NativeAttentionTest {
    private static final int KV_HEADS = 2;

    static List<Arguments> setsAndTypes() {
        List<Arguments> result = new ArrayList<>();
        for (InstructionSet set : NativeMatmulTest.sets()) {
            for (KvType type : KvType.values()) {
                result.add(Arguments.of(set, type));
            }
        }
        return result;
    }

    @ParameterizedTest
    @MethodSource("setsAndTypes")
    void equalsTheScalarTwin(InstructionSet set, KvType type) {
        SplittableRandom random = new SplittableRandom(6);
        Kernels kernels = new NativeKernels(set);
        for (int headDim : headDims(type)) {
            for (int groupSize : new int[] {1, 3, 4, 9}) {
                for (int position : new int[] {0, 30, 32, 63, 100}) {
                    AttentionShape shape = shape(groupSize, headDim, Integer.MAX_VALUE);
                    compare(kernels, shape, type, position, 1, random);
                    compare(kernels, shape, type, position, 11, random);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("setsAndTypes")
    void equalsTheScalarTwinBehindAWindow(InstructionSet set, KvType type) {
        SplittableRandom random = new SplittableRandom(7);
        Kernels kernels = new NativeKernels(set);
        for (int window : new int[] {1, 8, 33, 64}) {
            for (int position : new int[] {0, 5, 31, 32, 63, 100}) {
                compare(kernels, shape(3, 32, window), type, position, 7, random);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("setsAndTypes")
    void equalsTheScalarTwinWithCappedScores(InstructionSet set, KvType type) {
        SplittableRandom random = new SplittableRandom(8);
        AttentionShape shape = new AttentionShape(4, KV_HEADS, 64, 0.3f, 2f, Integer.MAX_VALUE);
        for (int position : new int[] {0, 31, 70}) {
            compare(new NativeKernels(set), shape, type, position, 3, random);
        }
    }

    /// Groups of zeros, and of magnitudes whose scale is rounded to zero, is rounded much, is as
    /// large as scales are, or would be larger.
    @ParameterizedTest
    @MethodSource("setsAndTypes")
    void storingEqualsTheScalarTwin(InstructionSet set, KvType type) {
        SplittableRandom random = new SplittableRandom(10);
        float[] magnitudes = {0f, 1e-30f, 3e-6f, 1.1e-5f, 2e-4f, 1f, 127f, 8.3e6f, 1e12f, 3e38f};
        for (int headDim : new int[] {32, 96}) {
            AttentionShape shape = shape(1, headDim, Integer.MAX_VALUE);
            Rows k = RandomWeights.randomRows(40, KV_HEADS * headDim, random);
            Rows v = RandomWeights.randomRows(40, KV_HEADS * headDim, random);
            for (int row = 0; row < k.rows(); row++) {
                for (int column = 0; column < k.columns(); column++) {
                    int group = row + column / KvShape.GROUP_COMPONENTS;
                    float factor = magnitudes[group % magnitudes.length];
                    k.set(row, column, Math.clamp(k.get(row, column), -1f, 1f) * factor);
                    v.set(row, column, Math.round(127 * random.nextFloat()) / 254f * factor);
                }
            }
            KvLayer expected = layer(new ScalarKernels(), shape, type, k, v);
            KvLayer found = layer(new NativeKernels(set), shape, type, k, v);
            for (int i = 0; i < 2; i++) {
                assertThat(found.block(i).mismatch(expected.block(i))).isEqualTo(-1);
            }
        }
    }

    /// Whatever stands where a token does not see: also keys that are no numbers.
    @ParameterizedTest
    @MethodSource("setsAndTypes")
    void keysThatAreNotSeenChangeNothing(InstructionSet set, KvType type) {
        SplittableRandom random = new SplittableRandom(9);
        Kernels kernels = new NativeKernels(set);
        AttentionShape shape = shape(3, 64, 20);
        Rows q = RandomWeights.randomRows(2, shape.headCount() * shape.headDim(), random);
        Rows k = RandomWeights.randomRows(64, KV_HEADS * shape.headDim(), random);
        Rows v = RandomWeights.randomRows(64, KV_HEADS * shape.headDim(), random);
        int position = 40;
        float[][] expected =
                attend(kernels, shape, q, layer(kernels, shape, type, k, v), position, 1);
        for (int hidden : new int[] {0, 20, 41, 63}) {
            for (int column = 0; column < k.columns(); column += 3) {
                k.set(hidden, column, Float.POSITIVE_INFINITY);
                v.set(hidden, column, Float.NaN);
            }
        }
        assertThat(attend(kernels, shape, q, layer(kernels, shape, type, k, v), position, 1))
                .isDeepEqualTo(expected);
    }

    /// Widths of heads; some fill no whole vectors.
    private static int[] headDims(KvType type) {
        return type.scaled() ? new int[] {32, 64, 96, 256} : new int[] {16, 20, 64, 96, 256};
    }

    private static AttentionShape shape(int groupSize, int headDim, int window) {
        return new AttentionShape(
                groupSize * KV_HEADS, KV_HEADS, headDim, 0.31f, Float.POSITIVE_INFINITY, window);
    }

    private static void compare(
            Kernels kernels,
            AttentionShape shape,
            KvType type,
            int position,
            int tokens,
            SplittableRandom random) {
        Rows q = RandomWeights.randomRows(tokens + 1, shape.headCount() * shape.headDim(), random);
        int columns = KV_HEADS * shape.headDim();
        Rows k = RandomWeights.randomRows(position + tokens, columns, random);
        Rows v = RandomWeights.randomRows(position + tokens, columns, random);
        Kernels scalar = new ScalarKernels();
        float[][] expected =
                attend(scalar, shape, q, layer(scalar, shape, type, k, v), position, tokens);
        KvLayer stored = layer(kernels, shape, type, k, v);
        for (GuardedMemory.Side side : GuardedMemory.Side.values()) {
            assertThat(attend(kernels, shape, q, guarded(stored, side), position, tokens))
                    .as("%s, position %d, %d tokens", shape, position, tokens)
                    .isDeepEqualTo(expected);
        }
    }

    private static float[][] attend(
            Kernels kernels,
            AttentionShape shape,
            Rows q,
            KvLayer layer,
            int position,
            int tokens) {
        Rows o = RandomWeights.rows(tokens + 1, q.columns());
        for (int kvHead = 0; kvHead < KV_HEADS; kvHead++) {
            RowRange rows = new RowRange(1, tokens + 1);
            kernels.attend(shape, q, rows, kvHead, layer, position, o);
        }
        return RandomWeights.toArray(o);
    }

    private static KvLayer layer(
            Kernels kernels, AttentionShape shape, KvType type, Rows k, Rows v) {
        KvShape kvShape = new KvShape(KV_HEADS, shape.headDim(), type);
        KvLayer layer = new KvLayer(kvShape, new LargeMemory(Arena.ofAuto()));
        for (int first = 0; first < k.rows(); first += KvShape.BLOCK_TOKENS) {
            MemorySegment block = Arena.ofAuto().allocate(kvShape.blockBytes(), 64);
            layer.add(GuardedMemory.copy(block, GuardedMemory.Side.BEHIND));
        }
        for (int position = 0; position < k.rows(); position++) {
            kernels.store(k, v, position, layer, position);
        }
        return layer;
    }

    private static KvLayer guarded(KvLayer layer, GuardedMemory.Side side) {
        KvLayer copy = new KvLayer(layer.shape(), new LargeMemory(Arena.ofAuto()));
        for (int i = 0; i < layer.capacity() / KvShape.BLOCK_TOKENS; i++) {
            copy.add(GuardedMemory.copy(layer.block(i), side));
        }
        return copy;
    }
}
