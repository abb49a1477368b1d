package autark.engine.sample;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/// How the next token is chosen. The steps run in this order; a step that is off changes nothing:
///
/// 1. *Mask*: tokens that the caller does not allow (a grammar, for instance) are out.
/// 2. *Logit bias*: its number is added to the logit of each token that it names; minus infinity
///    rules the token out.
/// 3. *[Penalties]* on tokens among the last of prompt and answer.
/// 4. *[Dry]*: a penalty on tokens that would go on with a repeated sequence.
/// 5. *Greedy*: at temperature 0 the token with the largest logit is taken, and nothing below
///    happens.
/// 6. *[Mirostat]*, if it is on, stands in for the steps 7 to 12, which are limits of another kind:
///    it draws behind the temperature.
/// 7. *Top-n-sigma*: tokens stay whose logit is at most `topNSigma` standard deviations of all
///    logits below the largest.
/// 8. *Top-k*: only the `topK` likeliest tokens stay.
/// 9. *Typical-p*: of these stay the ones whose surprise is nearest to the expected surprise, until
///    their probabilities sum up to `typicalP` (Meister et al.: Locally Typical Sampling, 2022).
/// 10. *Top-p*: of these the likeliest stay until their probabilities sum up to `topP`.
/// 11. *Min-p*: of these stay the ones at least `minP` times as likely as the likeliest.
/// 12. *[Xtc]*: by chance the likeliest go.
/// 13. *Temperature*: logits are divided by it; below 1 the likely become likelier.
/// 14. *Draw* by the resulting probabilities with a random number made of `seed` and the number of
///     tokens drawn before.
///
/// Each limit looks at the probabilities of what the one before left. Of equally likely tokens the
/// one with the smaller id goes first. The same logits and settings give the same token on every
/// machine; [Sampler] says how.
///
/// @param temperature 0 for greedy, at most [#TEMPERATURE_MAX]
/// @param topK 0 for off
/// @param topP above 0, at most 1; 1 for off
/// @param minP from 0 to below 1; 0 for off
/// @param typicalP above 0, at most 1; 1 for off
/// @param topNSigma from 0 to [#SIGMA_MAX]; 0 for off
/// @param logitBias what is added to the logits of single tokens: -100 to 100 or minus infinity
/// @param seed where the random numbers start
public record Sampling(
        double temperature,
        int topK,
        double topP,
        double minP,
        double typicalP,
        double topNSigma,
        Penalties penalties,
        Xtc xtc,
        Dry dry,
        Mirostat mirostat,
        SortedMap<Integer, Double> logitBias,
        long seed) {
    public static final double TEMPERATURE_MAX = 100;
    public static final double SIGMA_MAX = 100;
    public static final double BIAS_MAX = 100;

    /// Most tokens that have a bias: beyond what requests name, below what would be slow.
    public static final int BIAS_COUNT_MAX = 1 << 16;

    /// Largest `topK`, window and token id: beyond every vocabulary and context.
    public static final int COUNT_MAX = 1 << 24;

    /// Refuses values out of range.
    ///
    /// @throws SamplingException if one is, named
    public Sampling {
        Range.check(
                "temperature",
                temperature,
                temperature >= 0 && temperature <= TEMPERATURE_MAX,
                "0 to 100");
        Range.check("top-k", topK, topK >= 0 && topK <= COUNT_MAX, "0 (off) to " + COUNT_MAX);
        Range.check("top-p", topP, topP > 0 && topP <= 1, "more than 0 and at most 1 (off)");
        Range.check("min-p", minP, minP >= 0 && minP < 1, "0 (off) to less than 1");
        Range.check(
                "typical-p",
                typicalP,
                typicalP > 0 && typicalP <= 1,
                "more than 0 and at most 1 (off)");
        Range.check(
                "top-n-sigma",
                topNSigma,
                topNSigma >= 0 && topNSigma <= SIGMA_MAX,
                "0 (off) to 100");
        logitBias = Collections.unmodifiableSortedMap(new TreeMap<>(logitBias));
        checkBias(logitBias);
    }

    private static void checkBias(SortedMap<Integer, Double> bias) {
        Range.check(
                "logit bias",
                bias.size(),
                bias.size() <= BIAS_COUNT_MAX,
                "at most " + BIAS_COUNT_MAX + " tokens");
        bias.forEach((token, value) -> {
            Range.check("logit bias, token", token, token >= 0 && token < COUNT_MAX, "a token id");
            Range.check(
                    "logit bias of token " + token,
                    value,
                    Math.abs(value) <= BIAS_MAX || value == Double.NEGATIVE_INFINITY,
                    "-100 to 100, or -Infinity to rule it out");
        });
    }

    /// Lively, but without unlikely tokens; no penalties.
    public static Sampling standard() {
        return new Sampling(
                0.7,
                40,
                0.95,
                0.05,
                1,
                0,
                Penalties.none(),
                Xtc.off(),
                Dry.off(),
                Mirostat.off(),
                Collections.emptySortedMap(),
                0);
    }

    /// Always the likeliest token.
    public static Sampling greedy() {
        return standard().withTemperature(0);
    }

    /// The distribution of the model: temperature 1 and no step that changes it.
    public static Sampling plain() {
        return standard().withTemperature(1).withTopK(0).withTopP(1).withMinP(0);
    }

    public Sampling withTemperature(double value) {
        return with(draft -> draft.temperature = value);
    }

    public Sampling withTopK(int value) {
        return with(draft -> draft.topK = value);
    }

    public Sampling withTopP(double value) {
        return with(draft -> draft.topP = value);
    }

    public Sampling withMinP(double value) {
        return with(draft -> draft.minP = value);
    }

    public Sampling withTypicalP(double value) {
        return with(draft -> draft.typicalP = value);
    }

    public Sampling withTopNSigma(double value) {
        return with(draft -> draft.topNSigma = value);
    }

    public Sampling withPenalties(Penalties value) {
        return with(draft -> draft.penalties = value);
    }

    public Sampling withRepeatPenalty(double value) {
        return withPenalties(penalties.withRepeat(value));
    }

    public Sampling withPresencePenalty(double value) {
        return withPenalties(penalties.withPresence(value));
    }

    public Sampling withFrequencyPenalty(double value) {
        return withPenalties(penalties.withFrequency(value));
    }

    /// The tokens that the penalties look back.
    public Sampling withRepeatWindow(int tokens) {
        return withPenalties(penalties.withWindow(tokens));
    }

    public Sampling withXtc(Xtc value) {
        return with(draft -> draft.xtc = value);
    }

    public Sampling withDry(Dry value) {
        return with(draft -> draft.dry = value);
    }

    public Sampling withMirostat(Mirostat value) {
        return with(draft -> draft.mirostat = value);
    }

    public Sampling withLogitBias(Map<Integer, Double> value) {
        return with(draft -> draft.logitBias = new TreeMap<>(value));
    }

    public Sampling withSeed(long value) {
        return with(draft -> draft.seed = value);
    }

    /// Whether no step takes tokens away from the draw.
    boolean keepsAll() {
        return topK == 0
                && topP == 1
                && minP == 0
                && typicalP == 1
                && topNSigma == 0
                && !xtc.isOn();
    }

    private Sampling with(Consumer<Draft> change) {
        Draft draft = new Draft(this);
        change.accept(draft);
        return draft.sampling();
    }

    /// The components while one of them changes.
    private static final class Draft {
        private double temperature;
        private int topK;
        private double topP;
        private double minP;
        private double typicalP;
        private double topNSigma;
        private Penalties penalties;
        private Xtc xtc;
        private Dry dry;
        private Mirostat mirostat;
        private SortedMap<Integer, Double> logitBias;
        private long seed;

        Draft(Sampling from) {
            temperature = from.temperature;
            topK = from.topK;
            topP = from.topP;
            minP = from.minP;
            typicalP = from.typicalP;
            topNSigma = from.topNSigma;
            penalties = from.penalties;
            xtc = from.xtc;
            dry = from.dry;
            mirostat = from.mirostat;
            logitBias = from.logitBias;
            seed = from.seed;
        }

        Sampling sampling() {
            return new Sampling(
                    temperature,
                    topK,
                    topP,
                    minP,
                    typicalP,
                    topNSigma,
                    penalties,
                    xtc,
                    dry,
                    mirostat,
                    logitBias,
                    seed);
        }
    }
}
