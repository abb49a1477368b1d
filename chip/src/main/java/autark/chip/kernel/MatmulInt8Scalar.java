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
/// Output `y[t, r]` is a sum over spans of columns that share a scale, in order: 32 columns, or 16
/// where the halves of a group have scales of their own. With the codes `q`, sub-scale `s` and
/// sub-min `m` of the weights ([Codes]) and the codes `a` of the activations, a span adds
///
/// ```
/// y = fma((scale * s) * activationScale, sum(q * a), y)
/// y = fma(min * m, activationScale * sum(a), y)             types with a min
/// ```
///
/// The products `scale * s` and `min * m` are exact. The first sum is an integer below 2^24, so
/// exact in any order and also when it is summed in floats: that is what the panel of many tokens
/// does, since the JVM turns its inner loop over tokens into vector instructions. The second term
/// comes with the activations.
final class MatmulInt8Scalar {
    private static final int GROUP = BlockFormat.GROUP_ELEMENTS;
    private static final int PANEL_TOKENS = 64;
    private static final int PANEL_TOKENS_MIN = 8;

    private MatmulInt8Scalar() {}

    /// Whether the halves of a group have scales of their own.
    static boolean scaledHalves(QuantType type) {
        return switch (type) {
            case Q2_K, Q3_K, Q6_K -> true;
            case F32, F16, BF16, Q4_0, Q4_1, Q5_0, Q5_1, Q8_0, Q4_K, Q5_K, IQ4_NL, IQ4_XS, MXFP4 ->
                    false;
        };
    }

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
        int groups = weights.type().blockElements() / GROUP;
        int rowCount = Math.min(weights.lanes(), weights.rows() - tile * weights.lanes());
        float[] sums = new float[rowCount];
        for (int block = 0; block < weights.blockCount(); block++) {
            reader.block(tile, block);
            for (int group = 0; group < groups; group++) {
                int g = block * groups + group;
                x.codes(token, g, activations);
                Scales scales = Scales.of(x, token, g);
                for (int lane = 0; lane < rowCount; lane++) {
                    reader.group(lane, group);
                    sums[lane] = addGroup(weights.type(), codes, activations, scales, sums[lane]);
                }
            }
        }
        for (int lane = 0; lane < rowCount; lane++) {
            y.set(token, tile * weights.lanes() + lane, sums[lane]);
        }
    }

    /// The floats of a group of activations.
    private record Scales(float scale, float scaledSum, float scaledLow, float scaledHigh) {
        static Scales of(Int8Rows x, int token, int group) {
            return new Scales(
                    x.value(token, group, Int8Rows.SCALE),
                    x.value(token, group, Int8Rows.SCALED_SUM),
                    x.value(token, group, Int8Rows.SCALED_SUM_LOW),
                    x.value(token, group, Int8Rows.SCALED_SUM_HIGH));
        }
    }

    private static float addGroup(
            QuantType type, Codes codes, byte[] activations, Scales scales, float sum) {
        int low = dot(codes.q, activations, 0);
        int high = dot(codes.q, activations, GROUP / 2);
        boolean hasMin = hasMin(type);
        if (!scaledHalves(type)) {
            sum = Math.fma(codes.scale * codes.scaleLow * scales.scale, low + high, sum);
            return hasMin ? Math.fma(codes.min * codes.minLow, scales.scaledSum, sum) : sum;
        }
        sum = Math.fma(codes.scale * codes.scaleLow * scales.scale, low, sum);
        sum = hasMin ? Math.fma(codes.min * codes.minLow, scales.scaledLow, sum) : sum;
        sum = Math.fma(codes.scale * codes.scaleHigh * scales.scale, high, sum);
        return hasMin ? Math.fma(codes.min * codes.minHigh, scales.scaledHigh, sum) : sum;
    }

    private static int dot(int[] q, byte[] activations, int first) {
        int sum = 0;
        for (int i = first; i < first + GROUP / 2; i++) {
            sum += q[i] * activations[i];
        }
        return sum;
    }

    /// Many tokens against one tile; activations stand column by column, `[32, tokens]` a group.
    private static final class Panel {
        private static final int[] SCALED_SUMS = {
            Int8Rows.SCALED_SUM, Int8Rows.SCALED_SUM_LOW, Int8Rows.SCALED_SUM_HIGH
        };

        private final TiledMatrix weights;
        private final Int8Rows x;
        private final int firstToken;
        private final int count;
        private final boolean hasMin;
        private final int groups;
        private final float[] activations;
        private final float[] scales;
        private final float[][] scaledSums;
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
            this.scaledSums = new float[SCALED_SUMS.length][groups * count];
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
                    for (int i = 0; i < SCALED_SUMS.length; i++) {
                        scaledSums[i][group * count + t] = x.value(token, g, SCALED_SUMS[i]);
                    }
                }
            }
        }

        private void addGroup(Codes codes, int group, float[] output) {
            if (scaledHalves(weights.type())) {
                addSpan(codes, group, 0, GROUP / 2, codes.scale * codes.scaleLow, output);
                addMin(codes.min * codes.minLow, scaledSums[1], group, output);
                addSpan(codes, group, GROUP / 2, GROUP, codes.scale * codes.scaleHigh, output);
                addMin(codes.min * codes.minHigh, scaledSums[2], group, output);
            } else {
                addSpan(codes, group, 0, GROUP, codes.scale * codes.scaleLow, output);
                addMin(codes.min * codes.minLow, scaledSums[0], group, output);
            }
        }

        private void addSpan(
                Codes codes, int group, int from, int to, float scale, float[] output) {
            Arrays.fill(products, 0);
            for (int i = from; i < to; i += 4) {
                addFourColumns(
                        activations,
                        (group * GROUP + i) * count,
                        products,
                        codes.q[i],
                        codes.q[i + 1],
                        codes.q[i + 2],
                        codes.q[i + 3]);
            }
            scaleInto(output, products, scales, group * count, scale);
        }

        private void addMin(float min, float[] sums, int group, float[] output) {
            if (hasMin) {
                int first = group * count;
                for (int t = 0; t < output.length; t++) {
                    output[t] = Math.fma(min, sums[first + t], output[t]);
                }
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
