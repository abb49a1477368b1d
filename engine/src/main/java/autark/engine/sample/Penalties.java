package autark.engine.sample;

/// Makes tokens unlikelier that occur among the last `window` of prompt and answer. A positive
/// logit is divided by `repeat`, another one multiplied by it; then `frequency` is subtracted once
/// for each occurrence, and `presence` once.
///
/// @param repeat [#REPEAT_MIN] to [#REPEAT_MAX]; 1 for off
/// @param presence from -2 to 2; 0 for off
/// @param frequency from -2 to 2; 0 for off
/// @param window tokens to look back; 0 for none
public record Penalties(double repeat, double presence, double frequency, int window) {
    public static final double REPEAT_MIN = 0.01;
    public static final double REPEAT_MAX = 100;

    /// The window if nothing is said.
    public static final int WINDOW = 64;

    private static final double ADDED_MAX = 2;

    /// Refuses values out of range.
    ///
    /// @throws SamplingException if one is, named
    public Penalties {
        Range.check(
                "repeat penalty",
                repeat,
                repeat >= REPEAT_MIN && repeat <= REPEAT_MAX,
                "0.01 to 100; 1 is off");
        checkAdded("presence penalty", presence);
        checkAdded("frequency penalty", frequency);
        Range.checkCount("repeat window", window);
    }

    public static Penalties none() {
        return new Penalties(1, 0, 0, WINDOW);
    }

    public Penalties withRepeat(double value) {
        return new Penalties(value, presence, frequency, window);
    }

    public Penalties withPresence(double value) {
        return new Penalties(repeat, value, frequency, window);
    }

    public Penalties withFrequency(double value) {
        return new Penalties(repeat, presence, value, window);
    }

    public Penalties withWindow(int tokens) {
        return new Penalties(repeat, presence, frequency, tokens);
    }

    boolean isOn() {
        return window > 0 && (repeat != 1 || presence != 0 || frequency != 0);
    }

    /// A logit of a token that occurred `count` times.
    float penalized(double logit, int count) {
        double repeated = logit > 0 ? logit / repeat : logit * repeat;
        return (float) (repeated - count * frequency - presence);
    }

    private static void checkAdded(String name, double value) {
        Range.check(name, value, Math.abs(value) <= ADDED_MAX, "-2 to 2; 0 is off");
    }
}
