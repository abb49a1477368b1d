package autark.chip.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import autark.chip.AttentionShape;
import autark.chip.Kernels;
import autark.chip.KvBlock;
import autark.chip.Rows;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Law L6 for attention, with keys and values flush against forbidden pages.
class NativeAttentionTest {
    private static final int KV_HEADS = 2;
    private static final int HEADS = 6;

    @ParameterizedTest
    @MethodSource("autark.chip.kernel.NativeMatmulTest#sets")
    void equalsTheScalarTwin(InstructionSet set) {
        SplittableRandom random = new SplittableRandom(6);
        for (int headDim : new int[] {16, 20, 64, 96, 128, 256}) {
            for (int position : new int[] {0, 1, 30, 31, 32, 63, 100}) {
                for (int window : new int[] {Integer.MAX_VALUE, 1, 8, 33}) {
                    compare(set, headDim, position, window, random);
                }
            }
        }
    }

    private static void compare(
            InstructionSet set, int headDim, int position, int window, SplittableRandom random) {
        AttentionShape shape =
                new AttentionShape(
                        HEADS, KV_HEADS, headDim, 0.31f, Float.POSITIVE_INFINITY, window);
        Rows q = RandomWeights.randomRows(2, HEADS * headDim, random);
        for (GuardedMemory.Side side : GuardedMemory.Side.values()) {
            List<KvBlock> blocks = blocks(headDim, position, side, random);
            assertThat(attend(new NativeKernels(set), shape, q, blocks, position))
                    .as("width %d, position %d, window %d", headDim, position, window)
                    .isDeepEqualTo(attend(new ScalarKernels(), shape, q, blocks, position));
        }
    }

    private static float[][] attend(
            Kernels kernels, AttentionShape shape, Rows q, List<KvBlock> blocks, int position) {
        Rows o = RandomWeights.rows(2, q.columns());
        for (int kvHead = 0; kvHead < KV_HEADS; kvHead++) {
            kernels.attend(shape, q, 1, kvHead, blocks, position, o);
        }
        return RandomWeights.toArray(o);
    }

    private static List<KvBlock> blocks(
            int headDim, int position, GuardedMemory.Side side, SplittableRandom random) {
        int columns = KV_HEADS * headDim;
        List<KvBlock> blocks = new ArrayList<>();
        for (int first = 0; first <= position; first += KvBlock.TOKENS) {
            Arena arena = Arena.ofAuto();
            KvBlock block =
                    new KvBlock(
                            KV_HEADS,
                            headDim,
                            arena.allocate(KvBlock.bytes(KV_HEADS, headDim), 64));
            for (int slot = 0; slot < Math.min(KvBlock.TOKENS, position + 1 - first); slot++) {
                Rows k = RandomWeights.randomRows(1, columns, random);
                Rows v = RandomWeights.randomRows(1, columns, random);
                block.store(k, v, 0, slot);
            }
            blocks.add(new KvBlock(KV_HEADS, headDim, GuardedMemory.copy(block.data(), side)));
        }
        return blocks;
    }
}
