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
        for (int head = 0; head < x.columns(); head += shape.headDim()) {
            for (int pair = 0; pair < pairs; pair++) {
                int first = head + pair * step;
                float cosine = angles.get(row, pair);
                float sine = angles.get(row, pairs + pair);
                float a = x.get(row, first);
                float b = x.get(row, first + distance);
                x.set(row, first, Math.fma(a, cosine, -(b * sine)));
                x.set(row, first + distance, Math.fma(a, sine, b * cosine));
            }
        }
    }
}
