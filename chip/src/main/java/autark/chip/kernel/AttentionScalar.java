package autark.chip.kernel;

import autark.chip.AttentionShape;
import autark.chip.KvLayer;
import autark.chip.KvShape;
import autark.chip.Rows;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

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
    /// @param position the absolute position of the token; it sees itself and what is before it
    /// @param o outputs, laid out as `q`
    static void attend(
            AttentionShape shape,
            Rows q,
            int row,
            int kvHead,
            KvLayer layer,
            int position,
            Rows o) {
        int headDim = shape.headDim();
        float[] query = new float[headDim];
        float[] output = new float[headDim];
        int groupSize = shape.headCount() / shape.kvHeadCount();
        for (int head = kvHead * groupSize; head < (kvHead + 1) * groupSize; head++) {
            long offset = q.offset(row, head * headDim);
            MemorySegment.copy(q.data(), ValueLayout.JAVA_FLOAT, offset, query, 0, headDim);
            attendHead(shape, query, kvHead, layer, position, output);
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
            KvLayer layer,
            int position,
            float[] output) {
        int first = shape.firstVisible(position);
        float[] scores = new float[KvShape.BLOCK_TOKENS];
        float[] values = new float[query.length];
        float largest = Float.NEGATIVE_INFINITY;
        float total = 0;
        java.util.Arrays.fill(output, 0);
        for (int index = first / KvShape.BLOCK_TOKENS;
                index <= position / KvShape.BLOCK_TOKENS;
                index++) {
            MemorySegment block = layer.block(index);
            int from = Math.max(first - index * KvShape.BLOCK_TOKENS, 0);
            int to = Math.min(position - index * KvShape.BLOCK_TOKENS + 1, KvShape.BLOCK_TOKENS);
            scores(shape, query, layer.shape(), block, kvHead, scores);
            float before = largest;
            for (int slot = from; slot < to; slot++) {
                largest = Math.max(largest, scores[slot]);
            }
            float correction = Polynomials.exp(before - largest);
            for (int slot = 0; slot < KvShape.BLOCK_TOKENS; slot++) {
                boolean visible = slot >= from && slot < to;
                scores[slot] = visible ? Polynomials.exp(scores[slot] - largest) : 0;
            }
            rescale(output, correction);
            for (int slot = from; slot < to; slot++) {
                KvStoreScalar.loadValue(layer.shape(), block, kvHead, slot, values);
                addScaled(scores[slot], values, output);
            }
            total = total * correction + ReductionScalar.tree(scores);
        }
        for (int dim = 0; dim < output.length; dim++) {
            output[dim] /= total;
        }
    }

    private static void scores(
            AttentionShape shape,
            float[] query,
            KvShape kvShape,
            MemorySegment block,
            int kvHead,
            float[] scores) {
        float[] keys = new float[KvShape.BLOCK_TOKENS];
        java.util.Arrays.fill(scores, 0);
        for (int dim = 0; dim < query.length; dim++) {
            KvStoreScalar.loadKeys(kvShape, block, kvHead, dim, keys);
            addScaled(query[dim], keys, scores);
        }
        for (int slot = 0; slot < scores.length; slot++) {
            scores[slot] = SoftcapScalar.cap(scores[slot] * shape.scale(), shape.softcap());
        }
    }

    private static void rescale(float[] output, float correction) {
        for (int dim = 0; dim < output.length; dim++) {
            output[dim] *= correction;
        }
    }

    private static void addScaled(float factor, float[] values, float[] sums) {
        for (int i = 0; i < sums.length; i++) {
            sums[i] = Math.fma(factor, values[i], sums[i]);
        }
    }
}
