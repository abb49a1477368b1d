package autark.engine;

import autark.engine.sample.Sampling;
import autark.engine.sample.SamplingException;
import autark.model.file.Metadata;
import autark.model.file.ModelFormatException;

/// The sampling that a model file recommends by its `general.sampling.*` keys. What it does not
/// name is [Sampling#standard]; recommendations for methods that Autark does not have (XTC,
/// Mirostat, another order) are left aside, for they are no request.
final class RecommendedSampling {
    private static final String PREFIX = "general.sampling.";

    /// The file's value for "as far as the context goes".
    private static final int WHOLE_CONTEXT = -1;

    private RecommendedSampling() {}

    /// @throws ModelFormatException if a recommended value is out of range
    static Sampling read(Metadata metadata) {
        Sampling standard = Sampling.standard();
        int window = metadata.intValue(PREFIX + "penalty_last_n", standard.penalties().window());
        try {
            return standard.withTemperature(number(metadata, "temp", standard.temperature()))
                    .withTopK(metadata.intValue(PREFIX + "top_k", standard.topK()))
                    .withTopP(number(metadata, "top_p", standard.topP()))
                    .withMinP(number(metadata, "min_p", standard.minP()))
                    .withRepeatPenalty(
                            number(metadata, "penalty_repeat", standard.penalties().repeat()))
                    .withRepeatWindow(window == WHOLE_CONTEXT ? Sampling.COUNT_MAX : window);
        } catch (SamplingException e) {
            throw new ModelFormatException(
                    "the file recommends a sampling that is not possible: " + e.getMessage());
        }
    }

    /// The file's number as its decimal digits say, not with the digits that rounding to a float
    /// adds.
    private static double number(Metadata metadata, String name, double fallback) {
        return metadata.has(PREFIX + name)
                ? Double.parseDouble(Float.toString(metadata.floatValue(PREFIX + name)))
                : fallback;
    }
}
