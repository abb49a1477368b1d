package autark.engine.sample;

/// Keeps a text from repeating itself ("don't repeat yourself"). If the text so far ends with a
/// sequence of `n` tokens that occurs in it before, and `n` is at least `allowedLength`, the token
/// that followed there gets the penalty `multiplier * base^(n - allowedLength)`, at most
/// [#PENALTY_MAX]; of several occurrences the longest counts.
///
/// A sequence holds no breaker: breakers are tokens, line ends or quotation marks for instance,
/// behind which repetition is fine, so only what follows the last of them counts. A breaker itself
/// gets no penalty. [DryBreakers] finds them by their text.
///
/// @param multiplier from 0 to [#MULTIPLIER_MAX]; 0 for off
/// @param base from 1 to [#BASE_MAX]
/// @param allowedLength shortest sequence that is penalized, at least 1
/// @param window tokens to look back over prompt and answer; 0 for none
/// @param breakers tokens that end a sequence
public record Dry(
        double multiplier, double base, int allowedLength, int window, TokenSet breakers) {
    public static final double MULTIPLIER_MAX = 100;
    public static final double BASE_MAX = 100;

    /// No penalty is larger. It leaves a token no chance, and its logit a finite number.
    public static final double PENALTY_MAX = 10_000;

    /// The base if only the multiplier is said.
    public static final double BASE = 1.75;

    /// The allowed length if only the multiplier is said.
    public static final int ALLOWED_LENGTH = 2;

    /// Refuses values out of range.
    ///
    /// @throws SamplingException if one is, named
    public Dry {
        Range.check(
                "dry multiplier",
                multiplier,
                multiplier >= 0 && multiplier <= MULTIPLIER_MAX,
                "0 (off) to 100");
        Range.check("dry base", base, base >= 1 && base <= BASE_MAX, "1 to 100");
        Range.check(
                "dry allowed length",
                allowedLength,
                allowedLength >= 1 && allowedLength <= Sampling.COUNT_MAX,
                "1 to " + Sampling.COUNT_MAX);
        Range.checkCount("dry window", window);
    }

    public static Dry off() {
        return new Dry(0, BASE, ALLOWED_LENGTH, Sampling.COUNT_MAX, TokenSet.none());
    }

    public Dry withMultiplier(double value) {
        return new Dry(value, base, allowedLength, window, breakers);
    }

    public Dry withBase(double value) {
        return new Dry(multiplier, value, allowedLength, window, breakers);
    }

    public Dry withAllowedLength(int tokens) {
        return new Dry(multiplier, base, tokens, window, breakers);
    }

    public Dry withWindow(int tokens) {
        return new Dry(multiplier, base, allowedLength, tokens, breakers);
    }

    public Dry withBreakers(TokenSet tokens) {
        return new Dry(multiplier, base, allowedLength, window, tokens);
    }

    boolean isOn() {
        return multiplier > 0 && window > 0;
    }

    /// The penalty on the token that goes on with a sequence of `length` tokens, at least the
    /// allowed length.
    double penalty(int length) {
        double penalty = multiplier * StrictMath.pow(base, length - allowedLength);
        return Math.min(penalty, PENALTY_MAX);
    }
}
