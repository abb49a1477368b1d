package autark.cli;

import autark.engine.sample.Dry;
import autark.engine.sample.DryBreakers;
import autark.engine.sample.Mirostat;
import autark.engine.sample.Penalties;
import autark.engine.sample.Sampling;
import autark.engine.sample.SamplingException;
import autark.engine.sample.TokenSet;
import autark.engine.sample.Xtc;
import autark.text.token.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// How tokens are chosen. What is not given is what the model recommends.
final class SamplingArguments {
    /// What a user writes for no breaker at all.
    private static final String NO_BREAKER = "none";

    /// Few enough digits for an int.
    private static final Pattern ID = Pattern.compile("[0-9]{1,9}");

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
            names = "--typical-p",
            paramLabel = "P",
            description =
                    "Only tokens as surprising as expected that sum up to P; 1 is off (default: 1).")
    private @Nullable Double typicalP;

    @Option(
            names = "--top-n-sigma",
            paramLabel = "N",
            description =
                    "Only tokens at most N standard deviations of all logits below the likeliest; 0 is"
                            + " off (default: 0).")
    private @Nullable Double topNSigma;

    @Option(
            names = "--xtc-probability",
            paramLabel = "P",
            description =
                    "How often the likeliest tokens are left out; 0 is off (default: the model's, else"
                            + " 0).")
    private @Nullable Double xtcProbability;

    @Option(
            names = "--xtc-threshold",
            paramLabel = "P",
            description =
                    "How likely a token must be to be left out (default: the model's, else 0.1).")
    private @Nullable Double xtcThreshold;

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
            names = "--dry-multiplier",
            paramLabel = "X",
            description = "Penalty on going on with a repeated sequence; 0 is off (default: 0).")
    private @Nullable Double dryMultiplier;

    @Option(
            names = "--dry-base",
            paramLabel = "X",
            description = "How the penalty grows with the length of the sequence (default: 1.75).")
    private @Nullable Double dryBase;

    @Option(
            names = "--dry-allowed-length",
            paramLabel = "N",
            description = "Shortest sequence that is penalized, in tokens (default: 2).")
    private @Nullable Integer dryAllowedLength;

    @Option(
            names = "--dry-window",
            paramLabel = "N",
            description = "Tokens that it looks back (default: all).")
    private @Nullable Integer dryWindow;

    @Option(
            names = "--dry-breaker",
            paramLabel = "TEXT",
            description =
                    "Text that ends a sequence, with \\n for a line end; may be repeated; none for"
                            + " no breaker (default: line end, colon, quotation mark, asterisk).")
    private List<String> dryBreakers = new ArrayList<>();

    @Option(
            names = "--mirostat",
            paramLabel = "VERSION",
            description =
                    "2 steers the surprise of the text, instead of the limits from top-k to XTC; 0 is"
                            + " off (default: the model's, else 0).")
    private @Nullable Integer mirostat;

    @Option(
            names = "--mirostat-tau",
            paramLabel = "BITS",
            description =
                    "The surprise to steer to, in bits a token (default: the model's, else 5).")
    private @Nullable Double mirostatTau;

    @Option(
            names = "--mirostat-eta",
            paramLabel = "X",
            description = "How fast it learns (default: the model's, else 0.1).")
    private @Nullable Double mirostatEta;

    @Option(
            names = "--logit-bias",
            paramLabel = "TOKEN=X",
            description =
                    "Added to the logit of a token, -100 to 100, or -inf to rule it out; TOKEN is an id"
                            + " or a text of one token; may be repeated.")
    private List<String> logitBias = new ArrayList<>();

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Where chance begins: the same seed gives the same answer.")
    private @Nullable Long seed;

    /// What the user asks for on top of `recommended`, but for what needs a vocabulary: breakers
    /// and bias.
    ///
    /// @param randomSeed the seed if none is given
    /// @throws ParameterException if a value is out of range
    Sampling over(Sampling recommended, long randomSeed) {
        return checked(() -> {
            Sampling s = recommended.withSeed(seed == null ? randomSeed : seed);
            s = temperature == null ? s : s.withTemperature(temperature);
            s = topK == null ? s : s.withTopK(topK);
            s = topP == null ? s : s.withTopP(topP);
            s = minP == null ? s : s.withMinP(minP);
            s = typicalP == null ? s : s.withTypicalP(typicalP);
            s = topNSigma == null ? s : s.withTopNSigma(topNSigma);
            return s.withPenalties(over(s.penalties()))
                    .withXtc(over(s.xtc()))
                    .withDry(over(s.dry()))
                    .withMirostat(over(s.mirostat()));
        });
    }

    /// All that the user asks for on top of `recommended`.
    ///
    /// @throws ParameterException if a value is out of range, or no token
    Sampling over(Sampling recommended, long randomSeed, Tokenizer tokenizer) {
        Sampling s = over(recommended, randomSeed);
        return checked(() -> {
            Sampling biased = logitBias.isEmpty() ? s : s.withLogitBias(bias(tokenizer));
            return biased.dry().multiplier() == 0
                    ? biased
                    : biased.withDry(biased.dry().withBreakers(breakers(tokenizer)));
        });
    }

    private Penalties over(Penalties recommended) {
        Penalties p = recommended;
        p = repeatPenalty == null ? p : p.withRepeat(repeatPenalty);
        p = repeatWindow == null ? p : p.withWindow(repeatWindow);
        p = presencePenalty == null ? p : p.withPresence(presencePenalty);
        return frequencyPenalty == null ? p : p.withFrequency(frequencyPenalty);
    }

    private Xtc over(Xtc recommended) {
        Xtc x = recommended;
        x = xtcProbability == null ? x : x.withProbability(xtcProbability);
        return xtcThreshold == null ? x : x.withThreshold(xtcThreshold);
    }

    private Dry over(Dry recommended) {
        Dry d = recommended;
        d = dryMultiplier == null ? d : d.withMultiplier(dryMultiplier);
        d = dryBase == null ? d : d.withBase(dryBase);
        d = dryAllowedLength == null ? d : d.withAllowedLength(dryAllowedLength);
        return dryWindow == null ? d : d.withWindow(dryWindow);
    }

    private Mirostat over(Mirostat recommended) {
        Mirostat m = recommended;
        m = mirostat == null ? m : m.withVersion(mirostat);
        m = mirostatTau == null ? m : m.withTau(mirostatTau);
        return mirostatEta == null ? m : m.withEta(mirostatEta);
    }

    private TokenSet breakers(Tokenizer tokenizer) {
        if (dryBreakers.isEmpty()) {
            return DryBreakers.standard(tokenizer);
        }
        if (dryBreakers.equals(List.of(NO_BREAKER))) {
            return TokenSet.none();
        }
        List<String> texts = new ArrayList<>();
        for (String text : dryBreakers) {
            texts.add(text.replace("\\n", "\n"));
        }
        return DryBreakers.of(tokenizer, texts);
    }

    private Map<Integer, Double> bias(Tokenizer tokenizer) {
        Map<Integer, Double> bias = new TreeMap<>();
        for (String pair : logitBias) {
            int equals = pair.lastIndexOf('=');
            if (equals < 1) {
                throw usage("--logit-bias: found %s, expected TOKEN=X".formatted(pair));
            }
            int token = token(pair.substring(0, equals), tokenizer);
            bias.put(token, number(pair.substring(equals + 1)));
        }
        return bias;
    }

    /// The token with this id, else of this text.
    private int token(String text, Tokenizer tokenizer) {
        if (ID.matcher(text).matches()) {
            int id = Integer.parseInt(text);
            if (id >= tokenizer.vocabSize()) {
                throw usage(
                        "--logit-bias: found token %d, expected 0 to %d"
                                .formatted(id, tokenizer.vocabSize() - 1));
            }
            return id;
        }
        int[] tokens = tokenizer.encode(text, Tokenizer.Specials.PARSED);
        if (tokens.length != 1) {
            throw usage(
                    "--logit-bias: found \"%s\", which is the tokens %s, expected one token or an id"
                            .formatted(text, Arrays.toString(tokens)));
        }
        return tokens[0];
    }

    private double number(String text) {
        if (text.equals("-inf")) {
            return Double.NEGATIVE_INFINITY;
        }
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--logit-bias: found %s, expected a number or -inf".formatted(text),
                    e);
        }
    }

    private Sampling checked(Supplier<Sampling> settings) {
        try {
            return settings.get();
        } catch (SamplingException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    private ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
