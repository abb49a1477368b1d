package autark.model;

import autark.model.file.Gguf;
import autark.model.file.TensorInfo;
import autark.model.file.TensorRows;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/// A decoder of the llama kind in double precision, written down anew: the whole sequence at once,
/// no cache, one loop for each sum. Rotary pairs are neighbours, as llama's GGUF files have them.
final class DoubleLlama {
    private final Config config;
    private final double base;
    private final Map<String, double[][]> weights = new HashMap<>();

    DoubleLlama(Gguf file) {
        this.config = Config.read(file);
        this.base = file.metadata().floatValue("llama.rope.freq_base");
        for (TensorInfo tensor : file.tensors()) {
            TensorRows rows = new TensorRows(file, tensor);
            double[][] matrix = new double[(int) tensor.rows()][(int) tensor.columns()];
            float[] row = new float[(int) tensor.columns()];
            for (int i = 0; i < matrix.length; i++) {
                rows.read(i, row);
                for (int column = 0; column < row.length; column++) {
                    matrix[i][column] = row[column];
                }
            }
            weights.put(tensor.name(), matrix);
        }
    }

    /// Logits of all tokens.
    double[][] logits(int[] tokens) {
        double[][] x = new double[tokens.length][];
        for (int t = 0; t < tokens.length; t++) {
            x[t] = weight("token_embd")[tokens[t]].clone();
        }
        for (int layer = 0; layer < config.layerCount(); layer++) {
            String block = "blk." + layer + ".";
            attend(block, x);
            for (double[] row : x) {
                double[] h = norm(row, block + "ffn_norm");
                double[] gate = multiply(block + "ffn_gate", h);
                double[] up = multiply(block + "ffn_up", h);
                for (int i = 0; i < gate.length; i++) {
                    gate[i] = gate[i] / (1 + Math.exp(-gate[i])) * up[i];
                }
                add(row, multiply(block + "ffn_down", gate));
            }
        }
        double[][] logits = new double[tokens.length][];
        for (int t = 0; t < tokens.length; t++) {
            logits[t] = multiply("output", norm(x[t], "output_norm"));
        }
        return logits;
    }

    private void attend(String block, double[][] x) {
        double[][] q = new double[x.length][];
        double[][] k = new double[x.length][];
        double[][] v = new double[x.length][];
        for (int t = 0; t < x.length; t++) {
            double[] h = norm(x[t], block + "attn_norm");
            q[t] = turn(multiply(block + "attn_q", h), t);
            k[t] = turn(multiply(block + "attn_k", h), t);
            v[t] = multiply(block + "attn_v", h);
        }
        for (int t = 0; t < x.length; t++) {
            double[] o = new double[config.qDim()];
            for (int head = 0; head < config.headCount(); head++) {
                attend(head, t, q, k, v, o);
            }
            add(x[t], multiply(block + "attn_output", o));
        }
    }

    private void attend(int head, int t, double[][] q, double[][] k, double[][] v, double[] o) {
        int width = config.headDim();
        int first = head * width;
        int kvFirst = head / (config.headCount() / config.kvHeadCount()) * width;
        double[] scores = new double[t + 1];
        double sum = 0;
        for (int s = 0; s <= t; s++) {
            double dot = 0;
            for (int i = 0; i < width; i++) {
                dot += q[t][first + i] * k[s][kvFirst + i];
            }
            scores[s] = Math.exp(dot / Math.sqrt(width));
            sum += scores[s];
        }
        for (int s = 0; s <= t; s++) {
            for (int i = 0; i < width; i++) {
                o[first + i] += scores[s] / sum * v[s][kvFirst + i];
            }
        }
    }

    private double[] turn(double[] heads, int position) {
        double[] turned = new double[heads.length];
        for (int i = 0; i < heads.length; i += 2) {
            double angle =
                    position * Math.pow(base, -1.0 * (i % config.headDim()) / config.headDim());
            turned[i] = heads[i] * Math.cos(angle) - heads[i + 1] * Math.sin(angle);
            turned[i + 1] = heads[i] * Math.sin(angle) + heads[i + 1] * Math.cos(angle);
        }
        return turned;
    }

    private double[] norm(double[] x, String name) {
        double squares = 0;
        for (double value : x) {
            squares += value * value;
        }
        double factor = 1 / Math.sqrt(squares / x.length + config.rmsEpsilon());
        double[] y = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            y[i] = x[i] * factor * weight(name)[0][i];
        }
        return y;
    }

    private double[] multiply(String name, double[] x) {
        double[][] matrix = weight(name);
        double[] y = new double[matrix.length];
        for (int row = 0; row < y.length; row++) {
            for (int column = 0; column < x.length; column++) {
                y[row] += matrix[row][column] * x[column];
            }
        }
        return y;
    }

    private double[][] weight(String name) {
        return Objects.requireNonNull(weights.get(name + ".weight"), name);
    }

    private static void add(double[] x, double[] y) {
        for (int i = 0; i < x.length; i++) {
            x[i] += y[i];
        }
    }
}
