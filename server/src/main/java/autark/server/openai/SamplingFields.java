package autark.server.openai;

import autark.engine.sample.Sampling;
import autark.server.http.Fields;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/// Reads how tokens are drawn, for all routes that write text. Beside what OpenAI documents these
/// are names that users of vLLM and llama-server know.
final class SamplingFields {
    private static final double TEMPERATURE_MAX = 2;
    private static final double PENALTY_MAX = 2;
    private static final double REPEAT_MIN = 0.01;
    private static final double REPEAT_MAX = 100;

    /// vLLM's way to say that top-k is off.
    private static final int TOP_K_OFF = -1;

    private SamplingFields() {}

    /// @param recommended where the client names none
    /// @throws autark.server.http.ApiException if a field cannot be honoured
    static Sampling read(Fields body, Sampling recommended) {
        Sampling sampling =
                recommended
                        .withTemperature(
                                body.number("temperature", 0, TEMPERATURE_MAX)
                                        .orElse(recommended.temperature()))
                        .withTopP(
                                body.number("top_p", Double.MIN_NORMAL, 1)
                                        .orElse(recommended.topP()))
                        .withTopK(
                                Math.max(
                                        0,
                                        body.integer("top_k", TOP_K_OFF, Sampling.COUNT_MAX)
                                                .orElse(recommended.topK())))
                        .withMinP(
                                body.number("min_p", 0, Math.nextDown(1.0))
                                        .orElse(recommended.minP()))
                        .withTypicalP(
                                body.number("typical_p", Double.MIN_NORMAL, 1)
                                        .orElse(recommended.typicalP()))
                        .withSeed(
                                body.longInteger("seed", Long.MIN_VALUE, Long.MAX_VALUE)
                                        .orElse(recommended.seed()));
        Sampling penalized = penalties(body, sampling);
        return body.object("logit_bias").map(bias -> biased(penalized, bias)).orElse(penalized);
    }

    private static Sampling penalties(Fields body, Sampling sampling) {
        Sampling penalized =
                sampling.withPresencePenalty(
                                body.number("presence_penalty", -PENALTY_MAX, PENALTY_MAX)
                                        .orElse(sampling.penalties().presence()))
                        .withFrequencyPenalty(
                                body.number("frequency_penalty", -PENALTY_MAX, PENALTY_MAX)
                                        .orElse(sampling.penalties().frequency()));
        OptionalDouble whole = body.number("repetition_penalty", REPEAT_MIN, REPEAT_MAX);
        OptionalDouble recent = body.number("repeat_penalty", REPEAT_MIN, REPEAT_MAX);
        OptionalInt window = body.integer("repeat_last_n", -1, Sampling.COUNT_MAX);
        if (whole.isPresent()) {
            if (recent.isPresent() || window.isPresent()) {
                throw body.invalid(
                        "repetition_penalty",
                        "found it beside repeat_penalty or repeat_last_n, expected one way to say"
                                + " it: this one looks back over everything");
            }
            return penalized
                    .withRepeatPenalty(whole.getAsDouble())
                    .withRepeatWindow(Sampling.COUNT_MAX);
        }
        if (window.isPresent()) {
            int tokens = window.getAsInt();
            penalized = penalized.withRepeatWindow(tokens < 0 ? Sampling.COUNT_MAX : tokens);
        }
        return recent.isPresent() ? penalized.withRepeatPenalty(recent.getAsDouble()) : penalized;
    }

    private static Sampling biased(Sampling sampling, Fields bias) {
        Map<Integer, Double> values = new HashMap<>();
        for (String name : bias.names()) {
            if (name.length() > 8 || !name.chars().allMatch(unit -> unit >= '0' && unit <= '9')) {
                throw bias.invalid(name, "expected the id of a token");
            }
            double value =
                    bias.number(name, -Sampling.BIAS_MAX, Sampling.BIAS_MAX)
                            .orElseThrow(() -> bias.missing(name));
            values.put(Integer.parseInt(name), value);
        }
        return sampling.withLogitBias(values);
    }
}
