package autark.model.layer;

import autark.chip.RopeShape;
import autark.chip.Rows;

/// Rotary position embedding of a group of layers.
///
/// Angles are computed in double precision by `StrictMath`, hence with the same bits everywhere.
///
/// @param shape pairing and width; a `ropeDim` of 0 turns nothing
/// @param frequencies radians a position of each pair, `ropeDim / 2` of them
/// @param magnitude factor of cosine and sine
public record Rope(RopeShape shape, double[] frequencies, float magnitude) {
    public Rope {
        frequencies = frequencies.clone();
        if (frequencies.length != shape.ropeDim() / 2) {
            throw new IllegalArgumentException(
                    "found %d frequencies, expected %d"
                            .formatted(frequencies.length, shape.ropeDim() / 2));
        }
    }

    /// The rope of layers that leave queries and keys as they are.
    public static Rope none(int headDim) {
        return new Rope(new RopeShape(RopeShape.Pairing.HALVES, headDim, 0), new double[0], 1f);
    }

    /// Writes the factors of `position` into row `row`, as [RopeShape] says.
    public void angles(int position, Rows into, int row) {
        int ropeDim = shape.ropeDim();
        for (int pair = 0; pair < frequencies.length; pair++) {
            double angle = position * frequencies[pair];
            float cosine = (float) StrictMath.cos(angle) * magnitude;
            float sine = (float) StrictMath.sin(angle) * magnitude;
            int first = shape.first(pair);
            int second = shape.partner(first);
            into.set(row, first, cosine);
            into.set(row, second, cosine);
            into.set(row, ropeDim + first, -sine);
            into.set(row, ropeDim + second, sine);
        }
    }
}
