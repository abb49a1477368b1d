package autark.engine;

import autark.engine.sample.Mirostat;
import autark.engine.sample.Penalties;
import autark.engine.sample.Sampling;
import autark.engine.sample.SamplingException;
import autark.engine.sample.Xtc;
import autark.model.file.Metadata;
import autark.model.file.ModelFormatException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// The sampling that a model file recommends by its `general.sampling.*` keys. What it does not
/// name is [Sampling#standard].
///
/// The key `sequence` names the steps that are to run, `;` between them; the others are off. Steps
/// keep the order that they have here. What Autark does not have (the first Mirostat, steps of
/// unknown names) is left aside, for a recommendation is no request.
final class RecommendedSampling {
    private static final String PREFIX = "general.sampling.";

    /// The file's value for "as far as the context goes".
    private static final int WHOLE_CONTEXT = -1;

    private RecommendedSampling() {}

    /// @throws ModelFormatException if a recommended value is out of range
    static Sampling read(Metadata metadata) {
        Sampling standard = Sampling.standard();
        try {
            Sampling sampling =
                    standard.withTemperature(number(metadata, "temp", standard.temperature()))
                            .withTopK(metadata.intValue(PREFIX + "top_k", standard.topK()))
                            .withTopP(number(metadata, "top_p", standard.topP()))
                            .withMinP(number(metadata, "min_p", standard.minP()))
                            .withPenalties(penalties(metadata, standard.penalties()))
                            .withXtc(xtc(metadata, standard.xtc()))
                            .withMirostat(mirostat(metadata, standard.mirostat()));
            return metadata.optionalString(PREFIX + "sequence")
                    .map(sequence -> onlySteps(sampling, sequence))
                    .orElse(sampling);
        } catch (SamplingException e) {
            throw new ModelFormatException(
                    "the file recommends a sampling that is not possible: " + e.getMessage());
        }
    }

    private static Penalties penalties(Metadata metadata, Penalties standard) {
        int window = metadata.intValue(PREFIX + "penalty_last_n", standard.window());
        return standard.withRepeat(number(metadata, "penalty_repeat", standard.repeat()))
                .withWindow(window == WHOLE_CONTEXT ? Sampling.COUNT_MAX : window);
    }

    private static Xtc xtc(Metadata metadata, Xtc standard) {
        return new Xtc(
                number(metadata, "xtc_probability", standard.probability()),
                number(metadata, "xtc_threshold", standard.threshold()));
    }

    private static Mirostat mirostat(Metadata metadata, Mirostat standard) {
        int version = metadata.intValue(PREFIX + "mirostat", standard.version());
        return new Mirostat(
                version == 1 ? standard.version() : version,
                number(metadata, "mirostat_tau", standard.tau()),
                number(metadata, "mirostat_eta", standard.eta()));
    }

    private static Sampling onlySteps(Sampling sampling, String sequence) {
        Set<String> steps = new TreeSet<>(Arrays.asList(sequence.split(";", -1)));
        Sampling s = sampling;
        s = has(steps, "temperature", "temp") ? s : s.withTemperature(1);
        s = has(steps, "top_k", "top-k") ? s : s.withTopK(0);
        s = has(steps, "top_p", "top-p", "nucleus") ? s : s.withTopP(1);
        s = has(steps, "min_p", "min-p") ? s : s.withMinP(0);
        s = has(steps, "xtc") ? s : s.withXtc(Xtc.off());
        return has(steps, "penalties") ? s : s.withPenalties(Penalties.none());
    }

    private static boolean has(Set<String> steps, String... names) {
        return List.of(names).stream().anyMatch(steps::contains);
    }

    /// The file's number as its decimal digits say, not with the digits that rounding to a float
    /// adds.
    private static double number(Metadata metadata, String name, double fallback) {
        return metadata.has(PREFIX + name)
                ? Double.parseDouble(Float.toString(metadata.floatValue(PREFIX + name)))
                : fallback;
    }
}
