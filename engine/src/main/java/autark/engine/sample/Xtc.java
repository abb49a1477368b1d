package autark.engine.sample;

/// Excludes top choices, for less expected texts: with a chance of `probability` a step, all tokens
/// that are at least `threshold` likely go, except the least likely of them. Where fewer than two
/// are that likely nothing goes, so a threshold above 0.5 is off.
///
/// @param probability from 0 to 1; 0 for off
/// @param threshold from 0 to 1
public record Xtc(double probability, double threshold) {
    /// The threshold if only the probability is said.
    public static final double THRESHOLD = 0.1;

    /// Refuses values out of range.
    ///
    /// @throws SamplingException if one is, named
    public Xtc {
        Range.check(
                "xtc probability",
                probability,
                probability >= 0 && probability <= 1,
                "0 (off) to 1");
        Range.check("xtc threshold", threshold, threshold >= 0 && threshold <= 1, "0 to 1");
    }

    public static Xtc off() {
        return new Xtc(0, THRESHOLD);
    }

    public Xtc withProbability(double value) {
        return new Xtc(value, threshold);
    }

    public Xtc withThreshold(double value) {
        return new Xtc(probability, value);
    }

    boolean isOn() {
        return probability > 0;
    }
}
