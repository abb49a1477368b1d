package autark.chip.kernel;

import autark.chip.Int8Rows;
import autark.chip.Rows;
import autark.chip.quant.BlockFormat;
import autark.chip.quant.Codes;
import autark.chip.quant.QuantType;
import autark.chip.quant.TiledMatrix;
import java.util.Arrays;

/// Matrix product of integer weights with int8 activations: the scalar twin.
///
/// Output `y[t, r]` is a sum over groups of 32 columns, in order. With the codes `q`, sub-scales
/// `s` and sub-mins `m` of the weights ([Codes]) and codes `a` of the activations, a group adds
///
/// ```
/// y = fma(scale * activationScale, sum(s * q * a), y)
/// y = fma(min   * activationScale, sum(m * a),     y)     types with a min
/// ```
///
/// where both sums are integers below 2^24, so exact in any order and also when they are summed as
/// floats: that is what the panel of many tokens does, since the JVM turns its inner loop over
/// tokens into vector instructions.
final class MatmulInt8Scalar {
    private static final int GROUP = BlockFormat.GROUP_ELEMENTS;
    private static final int PANEL_TOKENS = 64;
    private static final int PANEL_TOKENS_MIN = 8;

    private MatmulInt8Scalar() {}

    static boolean hasMin(QuantType type) {
        return switch (type) {
            case Q4_1, Q5_1, Q2_K, Q4_K, Q5_K -> true;
            case F32, F16, BF16, Q4_0, Q5_0, Q8_0, Q3_K, Q6_K, IQ4_NL, IQ4_XS, MXFP4 -> false;
        };
    }

    /// Computes the rows of one tile for all tokens of `x`.
    static void matmul(TiledMatrix weights, int tile, Int8Rows x, Rows y) {
        int first = 0;
        for (; x.rows() - first >= PANEL_TOKENS_MIN; ) {
            int count = Math.min(PANEL_TOKENS, x.rows() - first);
            new Panel(weights, x, first, count).run(tile, y);
            first += count;
        }
        for (; first < x.rows(); first++) {
            oneToken(weights, tile, x, first, y);
        }
    }

    private static void oneToken(TiledMatrix weights, int tile, Int8Rows x, int token, Rows y) {
        byte[] activations = new byte[GROUP];
        TiledMatrix.Reader reader = weights.reader();
        Codes codes = reader.codes;
        boolean hasMin = hasMin(weights.type());
        int groups = weights.type().blockElements() / GROUP;
        int rowCount = Math.min(weights.lanes(), weights.rows() - tile * weights.lanes());
        float[] sums = new float[rowCount];
        for (int block = 0; block < weights.blockCount(); block++) {
            reader.block(tile, block);
            for (int group = 0; group < groups; group++) {
                int g = block * groups + group;
                float scale = x.scale(token, g);
                x.codes(token, g, activations);
                for (int lane = 0; lane < rowCount; lane++) {
                    reader.group(lane, group);
                    float product = dot(codes, activations);
                    sums[lane] = Math.fma(codes.scale * scale, product, sums[lane]);
                    if (hasMin) {
                        float minSum = minSum(codes, x, token, g);
                        sums[lane] = Math.fma(codes.min * scale, minSum, sums[lane]);
                    }
                }
            }
        }
        for (int lane = 0; lane < rowCount; lane++) {
            y.set(token, tile * weights.lanes() + lane, sums[lane]);
        }
    }

    private static int dot(Codes codes, byte[] activations) {
        int[] q = codes.q;
        int low = 0;
        int high = 0;
        for (int i = 0; i < GROUP / 2; i++) {
            low += q[i] * activations[i];
            high += q[GROUP / 2 + i] * activations[GROUP / 2 + i];
        }
        return codes.scaleLow * low + codes.scaleHigh * high;
    }

    private static int minSum(Codes codes, Int8Rows x, int token, int group) {
        return codes.minLow * x.sum(token, group, 0) + codes.minHigh * x.sum(token, group, 1);
    }

    /// Many tokens against one tile; activations stand column by column, `[32, tokens]` a group.
    private static final class Panel {
        private final TiledMatrix weights;
        private final Int8Rows x;
        private final int firstToken;
        private final int count;
        private final boolean hasMin;
        private final int groups;
        private final float[] activations;
        private final float[] scales;
        private final float[] sumsLow;
        private final float[] sumsHigh;
        private final float[] products;
        private final float[][] outputs;

        Panel(TiledMatrix weights, Int8Rows x, int firstToken, int count) {
            this.weights = weights;
            this.x = x;
            this.firstToken = firstToken;
            this.count = count;
            this.hasMin = hasMin(weights.type());
            this.groups = weights.type().blockElements() / GROUP;
            this.activations = new float[groups * GROUP * count];
            this.scales = new float[groups * count];
            this.sumsLow = new float[groups * count];
            this.sumsHigh = new float[groups * count];
            this.products = new float[count];
            this.outputs = new float[weights.lanes()][count];
        }

        void run(int tile, Rows y) {
            TiledMatrix.Reader reader = weights.reader();
            int rowCount = Math.min(weights.lanes(), weights.rows() - tile * weights.lanes());
            for (int block = 0; block < weights.blockCount(); block++) {
                loadActivations(block);
                reader.block(tile, block);
                for (int lane = 0; lane < rowCount; lane++) {
                    for (int group = 0; group < groups; group++) {
                        reader.group(lane, group);
                        addGroup(reader.codes, group, outputs[lane]);
                    }
                }
            }
            for (int lane = 0; lane < rowCount; lane++) {
                for (int t = 0; t < count; t++) {
                    y.set(firstToken + t, tile * weights.lanes() + lane, outputs[lane][t]);
                }
            }
        }

        private void loadActivations(int block) {
            byte[] codes = new byte[GROUP];
            for (int t = 0; t < count; t++) {
                int token = firstToken + t;
                for (int group = 0; group < groups; group++) {
                    int g = block * groups + group;
                    x.codes(token, g, codes);
                    for (int i = 0; i < GROUP; i++) {
                        activations[(group * GROUP + i) * count + t] = codes[i];
                    }
                    scales[group * count + t] = x.scale(token, g);
                    sumsLow[group * count + t] = x.sum(token, g, 0);
                    sumsHigh[group * count + t] = x.sum(token, g, 1);
                }
            }
        }

        private void addGroup(Codes codes, int group, float[] output) {
            float[] sums = products;
            Arrays.fill(sums, 0);
            for (int i = 0; i < GROUP; i += 4) {
                float subscale = i < GROUP / 2 ? codes.scaleLow : codes.scaleHigh;
                addFourColumns(
                        activations,
                        (group * GROUP + i) * count,
                        sums,
                        subscale * codes.q[i],
                        subscale * codes.q[i + 1],
                        subscale * codes.q[i + 2],
                        subscale * codes.q[i + 3]);
            }
            int first = group * count;
            scaleInto(output, sums, scales, first, codes.scale);
            if (hasMin) {
                for (int t = 0; t < sums.length; t++) {
                    sums[t] =
                            codes.minLow * sumsLow[first + t] + codes.minHigh * sumsHigh[first + t];
                }
                scaleInto(output, sums, scales, first, codes.min);
            }
        }

        private static void scaleInto(
                float[] output, float[] sums, float[] scales, int first, float scale) {
            for (int t = 0; t < output.length; t++) {
                output[t] = Math.fma(scale * scales[first + t], sums[t], output[t]);
            }
        }

        private static void addFourColumns(
                float[] a, int first, float[] sums, float w0, float w1, float w2, float w3) {
            int count = sums.length;
            for (int t = 0; t < count; t++) {
                float sum = Math.fma(w0, a[first + t], sums[t]);
                sum = Math.fma(w1, a[first + count + t], sum);
                sum = Math.fma(w2, a[first + 2 * count + t], sum);
                sums[t] = Math.fma(w3, a[first + 3 * count + t], sum);
            }
        }
    }
}
