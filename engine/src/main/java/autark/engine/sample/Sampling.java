package autark.engine.sample;

/// How the next token is chosen. The steps run in this order; a step that is off changes nothing:
///
/// 1. *Penalties* on tokens among the last `repeatWindow` of prompt and answer. A positive logit is
///    divided by `repeatPenalty`, another one multiplied by it; then `frequencyPenalty` is
///    subtracted once for each occurrence, and `presencePenalty` once.
/// 2. *Greedy*: at temperature 0 the token with the largest logit is taken, and nothing below
///    happens.
/// 3. *Top-k*: only the `topK` likeliest tokens stay.
/// 4. *Top-p*: of these the likeliest stay until their probabilities sum up to `topP`.
/// 5. *Min-p*: of these stay the ones at least `minP` times as likely as the likeliest.
/// 6. *Temperature*: logits are divided by it; below 1 the likely become likelier.
/// 7. *Draw* by the resulting probabilities with a random number made of `seed` and the number of
///    tokens drawn before.
///
/// Of equally likely tokens the one with the smaller id goes first. All arithmetic is IEEE double
/// precision with the exponential of [StrictMath], and the random numbers are [SplitMix64]: the
/// same logits and settings give the same token on every machine.
///
/// @param temperature 0 for greedy, at most [#TEMPERATURE_MAX]
/// @param topK 0 for off
/// @param topP above 0, at most 1; 1 for off
/// @param minP from 0 to below 1; 0 for off
/// @param repeatPenalty [#REPEAT_PENALTY_MIN] to [#REPEAT_PENALTY_MAX]; 1 for off
/// @param repeatWindow tokens that the penalties look back; 0 for none
/// @param presencePenalty from -2 to 2; 0 for off
/// @param frequencyPenalty from -2 to 2; 0 for off
/// @param seed where the random numbers start
public record Sampling(
        double temperature,
        int topK,
        double topP,
        double minP,
        double repeatPenalty,
        int repeatWindow,
        double presencePenalty,
        double frequencyPenalty,
        long seed) {
    public static final double TEMPERATURE_MAX = 100;
    public static final double REPEAT_PENALTY_MIN = 0.01;
    public static final double REPEAT_PENALTY_MAX = 100;

    /// Largest `topK` and `repeatWindow`: beyond every vocabulary and context.
    public static final int COUNT_MAX = 1 << 24;

    private static final double ADDED_PENALTY_MAX = 2;

    /// Refuses values out of range.
    ///
    /// @throws SamplingException if one is, named
    public Sampling {
        check(
                "temperature",
                temperature,
                temperature >= 0 && temperature <= TEMPERATURE_MAX,
                "0 to 100");
        check("top-k", topK, topK >= 0 && topK <= COUNT_MAX, "0 (off) to " + COUNT_MAX);
        check("top-p", topP, topP > 0 && topP <= 1, "more than 0 and at most 1 (off)");
        check("min-p", minP, minP >= 0 && minP < 1, "0 (off) to less than 1");
        check(
                "repeat penalty",
                repeatPenalty,
                repeatPenalty >= REPEAT_PENALTY_MIN && repeatPenalty <= REPEAT_PENALTY_MAX,
                "0.01 to 100; 1 is off");
        check(
                "repeat window",
                repeatWindow,
                repeatWindow >= 0 && repeatWindow <= COUNT_MAX,
                "0 (off) to " + COUNT_MAX);
        checkAdded("presence penalty", presencePenalty);
        checkAdded("frequency penalty", frequencyPenalty);
    }

    /// Lively, but without unlikely tokens; no penalties.
    public static Sampling standard() {
        return new Sampling(0.7, 40, 0.95, 0.05, 1, 64, 0, 0, 0);
    }

    /// Always the likeliest token.
    public static Sampling greedy() {
        return standard().withTemperature(0);
    }

    public Sampling withTemperature(double value) {
        return new Sampling(
                value,
                topK,
                topP,
                minP,
                repeatPenalty,
                repeatWindow,
                presencePenalty,
                frequencyPenalty,
                seed);
    }

    public Sampling withTopK(int value) {
        return new Sampling(
                temperature,
                value,
                topP,
                minP,
                repeatPenalty,
                repeatWindow,
                presencePenalty,
                frequencyPenalty,
                seed);
    }

    public Sampling withTopP(double value) {
        return new Sampling(
                temperature,
                topK,
                value,
                minP,
                repeatPenalty,
                repeatWindow,
                presencePenalty,
                frequencyPenalty,
                seed);
    }

    public Sampling withMinP(double value) {
        return new Sampling(
                temperature,
                topK,
                topP,
                value,
                repeatPenalty,
                repeatWindow,
                presencePenalty,
                frequencyPenalty,
                seed);
    }

    public Sampling withRepeatPenalty(double value) {
        return new Sampling(
                temperature,
                topK,
                topP,
                minP,
                value,
                repeatWindow,
                presencePenalty,
                frequencyPenalty,
                seed);
    }

    public Sampling withRepeatWindow(int tokens) {
        return new Sampling(
                temperature,
                topK,
                topP,
                minP,
                repeatPenalty,
                tokens,
                presencePenalty,
                frequencyPenalty,
                seed);
    }

    public Sampling withPresencePenalty(double value) {
        return new Sampling(
                temperature,
                topK,
                topP,
                minP,
                repeatPenalty,
                repeatWindow,
                value,
                frequencyPenalty,
                seed);
    }

    public Sampling withFrequencyPenalty(double value) {
        return new Sampling(
                temperature,
                topK,
                topP,
                minP,
                repeatPenalty,
                repeatWindow,
                presencePenalty,
                value,
                seed);
    }

    public Sampling withSeed(long value) {
        return new Sampling(
                temperature,
                topK,
                topP,
                minP,
                repeatPenalty,
                repeatWindow,
                presencePenalty,
                frequencyPenalty,
                value);
    }

    boolean penalizes() {
        return repeatWindow > 0
                && (repeatPenalty != 1 || presencePenalty != 0 || frequencyPenalty != 0);
    }

    /// Whether top-k, top-p and min-p are all off.
    boolean keepsAll() {
        return topK == 0 && topP == 1 && minP == 0;
    }

    private static void checkAdded(String name, double value) {
        check(name, value, Math.abs(value) <= ADDED_PENALTY_MAX, "-2 to 2; 0 is off");
    }

    private static void check(String name, Number found, boolean valid, String expected) {
        if (!valid) {
            throw new SamplingException(
                    "%s: found %s, expected %s".formatted(name, found, expected));
        }
    }
}
