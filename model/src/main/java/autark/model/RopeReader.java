package autark.model;

import autark.chip.RopeShape;
import autark.model.file.Metadata;
import autark.model.layer.Rope;
import java.util.Set;

/// Reads how positions become angles: base, scaling by position interpolation or YaRN (Peng et al.
/// 2023), and per-pair factors (Llama 3.1, LongRoPE).
final class RopeReader {
    /// The keys that it reads, without the architecture.
    static final Set<String> KEYS =
            Set.of(
                    "rope.freq_base",
                    "rope.freq_base_swa",
                    "rope.scale_linear",
                    "rope.scaling.type",
                    "rope.scaling.factor",
                    "rope.scaling.attn_factor",
                    "rope.scaling.original_context_length",
                    "rope.scaling.finetuned",
                    "rope.scaling.yarn_beta_fast",
                    "rope.scaling.yarn_beta_slow");

    private static final float DEFAULT_BASE = 10_000f;
    private static final float YARN_BETA_FAST = 32f;
    private static final float YARN_BETA_SLOW = 1f;

    private final Metadata metadata;
    private final Config config;
    private final WeightReader weights;
    private final int contextLength;

    /// @param contextLength positions that the model is opened for; LongRoPE has other factors
    ///   beyond the original context
    RopeReader(Metadata metadata, Config config, WeightReader weights, int contextLength) {
        this.metadata = metadata;
        this.config = config;
        this.weights = weights;
        this.contextLength = contextLength;
    }

    /// The rope of layers that see all positions.
    Rope global() {
        float base = number("rope.freq_base", DEFAULT_BASE);
        double factor = number("rope.scaling.factor", number("rope.scale_linear", 1f));
        double[] frequencies = frequencies(base);
        float magnitude = number("rope.scaling.attn_factor", 1f);
        String type = metadata.optionalString(key("rope.scaling.type")).orElse("linear");
        switch (type) {
            case "none", "longrope" -> {}
            case "linear" -> scale(frequencies, factor);
            case "yarn" -> {
                yarn(frequencies, base, factor);
                magnitude *= (float) (1 + 0.1 * StrictMath.log(factor));
            }
            default ->
                    throw metadata.unexpected(
                            key("rope.scaling.type"), "none, linear, yarn or longrope");
        }
        divide(frequencies, pairFactors());
        return new Rope(shape(), frequencies, magnitude);
    }

    /// The rope of gemma's layers that see a window: no scaling.
    Rope local(float fallbackBase) {
        return new Rope(shape(), frequencies(number("rope.freq_base_swa", fallbackBase)), 1f);
    }

    /// Base of the rope of all layers.
    float base() {
        return number("rope.freq_base", DEFAULT_BASE);
    }

    private RopeShape shape() {
        return new RopeShape(pairing(config.architecture()), config.headDim(), config.ropeDim());
    }

    /// Which components of a head turn together. Where neighbours do, GGUF files have the rows of
    /// queries and keys in another order than the checkpoint.
    static RopeShape.Pairing pairing(String architecture) {
        return switch (architecture) {
            case "llama", "smollm3" -> RopeShape.Pairing.INTERLEAVED;
            default -> RopeShape.Pairing.HALVES;
        };
    }

    private double[] frequencies(float base) {
        double[] frequencies = new double[config.ropeDim() / 2];
        for (int pair = 0; pair < frequencies.length; pair++) {
            frequencies[pair] = StrictMath.pow(base, -2.0 * pair / config.ropeDim());
        }
        return frequencies;
    }

    private static void scale(double[] frequencies, double factor) {
        for (int pair = 0; pair < frequencies.length; pair++) {
            frequencies[pair] /= factor;
        }
    }

    private void yarn(double[] frequencies, float base, double factor) {
        double low = Math.max(0, Math.floor(correctionDim(base, fast())));
        double high = Math.min(config.ropeDim() - 1, Math.ceil(correctionDim(base, slow())));
        for (int pair = 0; pair < frequencies.length; pair++) {
            double ramp = (pair - low) / Math.max(0.001, high - low);
            double interpolated = Math.clamp(ramp, 0.0, 1.0);
            frequencies[pair] *= interpolated / factor + (1 - interpolated);
        }
    }

    private float fast() {
        return number("rope.scaling.yarn_beta_fast", YARN_BETA_FAST);
    }

    private float slow() {
        return number("rope.scaling.yarn_beta_slow", YARN_BETA_SLOW);
    }

    /// The pair that turns `rotations` times within the original context.
    private double correctionDim(float base, float rotations) {
        double turns = originalContext() / (rotations * 2 * Math.PI);
        return config.ropeDim() * StrictMath.log(turns) / (2 * StrictMath.log(base));
    }

    private int originalContext() {
        String key = key("rope.scaling.original_context_length");
        int original = metadata.intValue(key, config.contextLength());
        if (original < 1) {
            throw metadata.unexpected(key, "at least 1");
        }
        return original;
    }

    private float[] pairFactors() {
        int pairs = config.ropeDim() / 2;
        float[] freqs = weights.optionalVector("rope_freqs.weight", pairs);
        float[] shortFactors = weights.optionalVector("rope_factors_short.weight", pairs);
        float[] longFactors = weights.optionalVector("rope_factors_long.weight", pairs);
        if (freqs.length > 0) {
            return freqs;
        }
        return contextLength > originalContext() ? longFactors : shortFactors;
    }

    private static void divide(double[] frequencies, float[] factors) {
        for (int pair = 0; pair < factors.length; pair++) {
            frequencies[pair] /= factors[pair];
        }
    }

    private float number(String name, float fallback) {
        float value = metadata.floatValue(key(name), fallback);
        if (!(value > 0)) {
            throw metadata.unexpected(key(name), "a number above 0");
        }
        return value;
    }

    private String key(String name) {
        return config.architecture() + "." + name;
    }
}
