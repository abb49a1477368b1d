package autark.chip.kernel;

import autark.chip.RopeShape;
import autark.chip.Rows;

/// Rotary position embedding: the scalar twin.
final class RopeScalar {
    private RopeScalar() {}

    static void rope(Rows x, int row, RopeShape shape, Rows angles) {
        int pairs = shape.ropeDim() / 2;
        boolean interleaved = shape.pairing() == RopeShape.Pairing.INTERLEAVED;
        int step = interleaved ? 2 : 1;
        int distance = interleaved ? 1 : pairs;
        float[] values = x.row(row);
        float[] turns = angles.row(row);
        for (int head = 0; head < values.length; head += shape.headDim()) {
            for (int pair = 0; pair < pairs; pair++) {
                int first = head + pair * step;
                float cosine = turns[pair];
                float sine = turns[pairs + pair];
                float a = values[first];
                float b = values[first + distance];
                values[first] = Math.fma(a, cosine, -(b * sine));
                values[first + distance] = Math.fma(a, sine, b * cosine);
            }
        }
        x.setRow(row, values);
    }
}
