package autark.cli;

import autark.engine.sample.Sampling;
import autark.engine.sample.SamplingException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// How tokens are chosen. What is not given is what the model recommends.
final class SamplingArguments {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--temperature",
            paramLabel = "T",
            description = "0 is greedy, more is livelier (default: the model's, else 0.7).")
    private @Nullable Double temperature;

    @Option(
            names = "--top-k",
            paramLabel = "N",
            description = "Only the N likeliest tokens; 0 is off (default: the model's, else 40).")
    private @Nullable Integer topK;

    @Option(
            names = "--top-p",
            paramLabel = "P",
            description =
                    "Only the likeliest tokens that sum up to P; 1 is off (default: the model's,"
                            + " else 0.95).")
    private @Nullable Double topP;

    @Option(
            names = "--min-p",
            paramLabel = "P",
            description =
                    "Only tokens at least P times as likely as the likeliest; 0 is off (default:"
                            + " the model's, else 0.05).")
    private @Nullable Double minP;

    @Option(
            names = "--repeat-penalty",
            paramLabel = "X",
            description = "Makes repeated tokens unlikelier; 1 is off (default: 1).")
    private @Nullable Double repeatPenalty;

    @Option(
            names = "--repeat-window",
            paramLabel = "N",
            description = "Tokens that the penalties look back (default: 64).")
    private @Nullable Integer repeatWindow;

    @Option(
            names = "--presence-penalty",
            paramLabel = "X",
            description = "Makes tokens that occurred unlikelier, -2 to 2 (default: 0).")
    private @Nullable Double presencePenalty;

    @Option(
            names = "--frequency-penalty",
            paramLabel = "X",
            description = "The same for each time that they occurred, -2 to 2 (default: 0).")
    private @Nullable Double frequencyPenalty;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Where chance begins: the same seed gives the same answer.")
    private @Nullable Long seed;

    /// What the user asks for on top of `recommended`.
    ///
    /// @param randomSeed the seed if none is given
    /// @throws ParameterException if a value is out of range
    Sampling over(Sampling recommended, long randomSeed) {
        try {
            Sampling s = recommended.withSeed(seed == null ? randomSeed : seed);
            s = temperature == null ? s : s.withTemperature(temperature);
            s = topK == null ? s : s.withTopK(topK);
            s = topP == null ? s : s.withTopP(topP);
            s = minP == null ? s : s.withMinP(minP);
            s = repeatPenalty == null ? s : s.withRepeatPenalty(repeatPenalty);
            s = repeatWindow == null ? s : s.withRepeatWindow(repeatWindow);
            s = presencePenalty == null ? s : s.withPresencePenalty(presencePenalty);
            return frequencyPenalty == null ? s : s.withFrequencyPenalty(frequencyPenalty);
        } catch (SamplingException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }
}
