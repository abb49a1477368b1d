package autark.model.ops;

import autark.chip.Rows;

/// Which tokens go to which expert, and with what weight.
final class Routing {
    private static final float SUM_MIN = 0x1p-14f;

    private final float[][] weights;

    private Routing(float[][] weights) {
        this.weights = weights;
    }

    /// Picks the `usedCount` most probable experts of each row, the lower index among equals, and
    /// scales their probabilities to sum to one.
    static Routing of(Rows probabilities, int usedCount) {
        float[][] weights = new float[probabilities.rows()][probabilities.columns()];
        float[] row = new float[probabilities.columns()];
        for (int token = 0; token < weights.length; token++) {
            probabilities.row(token, row);
            pick(row, usedCount, weights[token]);
        }
        return new Routing(weights);
    }

    private static void pick(float[] probabilities, int usedCount, float[] weights) {
        float sum = 0;
        for (int i = 0; i < usedCount; i++) {
            int best = -1;
            for (int expert = 0; expert < probabilities.length; expert++) {
                boolean free = weights[expert] == 0;
                if (free && (best < 0 || probabilities[expert] > probabilities[best])) {
                    best = expert;
                }
            }
            weights[best] = Math.max(probabilities[best], Float.MIN_NORMAL);
            sum += weights[best];
        }
        for (int expert = 0; expert < weights.length; expert++) {
            weights[expert] /= Math.max(sum, SUM_MIN);
        }
    }

    /// The rows that picked `expert`, in order.
    int[] rows(int expert) {
        int count = 0;
        int[] rows = new int[weights.length];
        for (int row = 0; row < weights.length; row++) {
            if (weights[row][expert] > 0) {
                rows[count++] = row;
            }
        }
        return java.util.Arrays.copyOf(rows, count);
    }

    float weight(int row, int expert) {
        return weights[row][expert];
    }
}
