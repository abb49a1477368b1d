package autark.chip.kernel;

import autark.chip.AttentionShape;
import autark.chip.KvBlock;
import autark.chip.Rows;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/// Attention of one token and one key head: the scalar twin.
///
/// A streaming softmax (Milakov and Gimelshein 2018; Dao et al. 2022) over blocks of keys that are
/// aligned at absolute positions and merged in order. A score is one fused multiply-add a component
/// of the key, in order; the exponentials of a block are summed by a fixed tree; values are added
/// in order of the keys. So neither the chunk that a token came in nor the thread changes a bit.
final class AttentionScalar {
    private AttentionScalar() {}

    /// Writes the attention output of the query heads that share `kvHead`.
    ///
    /// @param q queries, row `row`, `[headCount * headDim]`
    /// @param blocks the blocks of the sequence from position 0 on
    /// @param position the absolute position of the token; it sees itself and what is before it
    /// @param o outputs, laid out as `q`
    static void attend(
            AttentionShape shape,
            Rows q,
            int row,
            int kvHead,
            List<KvBlock> blocks,
            int position,
            Rows o) {
        int headDim = shape.headDim();
        float[] query = new float[headDim];
        float[] output = new float[headDim];
        int groupSize = shape.headCount() / shape.kvHeadCount();
        for (int head = kvHead * groupSize; head < (kvHead + 1) * groupSize; head++) {
            long offset = q.offset(row, head * headDim);
            MemorySegment.copy(q.data(), ValueLayout.JAVA_FLOAT, offset, query, 0, headDim);
            attendHead(shape, query, kvHead, blocks, position, output);
            MemorySegment.copy(
                    output,
                    0,
                    o.data(),
                    ValueLayout.JAVA_FLOAT,
                    o.offset(row, head * headDim),
                    headDim);
        }
    }

    private static void attendHead(
            AttentionShape shape,
            float[] query,
            int kvHead,
            List<KvBlock> blocks,
            int position,
            float[] output) {
        int first = shape.firstVisible(position);
        float[] scores = new float[KvBlock.TOKENS];
        float[] values = new float[query.length];
        float largest = Float.NEGATIVE_INFINITY;
        float total = 0;
        java.util.Arrays.fill(output, 0);
        for (int index = first / KvBlock.TOKENS; index <= position / KvBlock.TOKENS; index++) {
            KvBlock block = blocks.get(index);
            int from = Math.max(first - index * KvBlock.TOKENS, 0);
            int to = Math.min(position - index * KvBlock.TOKENS + 1, KvBlock.TOKENS);
            scores(shape, query, block, kvHead, scores);
            float before = largest;
            for (int slot = from; slot < to; slot++) {
                largest = Math.max(largest, scores[slot]);
            }
            float correction = Polynomials.exp(before - largest);
            for (int slot = 0; slot < KvBlock.TOKENS; slot++) {
                boolean visible = slot >= from && slot < to;
                scores[slot] = visible ? Polynomials.exp(scores[slot] - largest) : 0;
            }
            addValues(block, kvHead, scores, from, to, correction, values, output);
            total = total * correction + ReductionScalar.tree(scores);
        }
        for (int dim = 0; dim < output.length; dim++) {
            output[dim] /= total;
        }
    }

    private static void scores(
            AttentionShape shape, float[] query, KvBlock block, int kvHead, float[] scores) {
        float[] keys = new float[KvBlock.TOKENS];
        java.util.Arrays.fill(scores, 0);
        for (int dim = 0; dim < query.length; dim++) {
            long offset = block.keyOffset(kvHead, dim);
            MemorySegment.copy(block.data(), ValueLayout.JAVA_FLOAT, offset, keys, 0, keys.length);
            float component = query[dim];
            for (int slot = 0; slot < scores.length; slot++) {
                scores[slot] = Math.fma(component, keys[slot], scores[slot]);
            }
        }
        for (int slot = 0; slot < scores.length; slot++) {
            scores[slot] = SoftcapScalar.cap(scores[slot] * shape.scale(), shape.softcap());
        }
    }

    private static void addValues(
            KvBlock block,
            int kvHead,
            float[] weights,
            int from,
            int to,
            float correction,
            float[] values,
            float[] output) {
        for (int dim = 0; dim < output.length; dim++) {
            output[dim] *= correction;
        }
        for (int slot = from; slot < to; slot++) {
            long offset = block.valueOffset(kvHead, slot);
            MemorySegment.copy(
                    block.data(), ValueLayout.JAVA_FLOAT, offset, values, 0, values.length);
            float weight = weights[slot];
            for (int dim = 0; dim < output.length; dim++) {
                output[dim] = Math.fma(weight, values[dim], output[dim]);
            }
        }
    }
}
