package autark.cli;

import autark.engine.Json;
import autark.engine.Result;
import autark.engine.Usage;
import autark.engine.sample.Dry;
import autark.engine.sample.Sampling;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What is told about an answer beside its text.
///
/// @param model the model as the user named it
/// @param load time that opening the model took
record AnswerReport(String model, Sampling sampling, Duration load, Result result) {
    private static final double NANOS_PER_SECOND = 1e9;

    /// The whole answer as one JSON object.
    ///
    /// @param sha256 digest of the model file
    String json(String sha256) {
        Usage usage = result.usage();
        ObjectNode object = Json.mapper().createObjectNode();
        object.put("model", model)
                .put("sha256", sha256)
                .put("text", result.text())
                .put("thinking", result.thinking())
                .put("finishReason", result.finish().name().toLowerCase(Locale.ROOT))
                .put("seed", sampling.seed());
        put(object.putObject("sampling"));
        object.putObject("usage")
                .put("promptTokens", usage.promptTokens())
                .put("cachedTokens", usage.cachedTokens())
                .put("generatedTokens", usage.generatedTokens());
        object.putObject("seconds")
                .put("load", seconds(load))
                .put("prefill", seconds(usage.prefill()))
                .put("decode", seconds(usage.decode()));
        object.putObject("tokensPerSecond")
                .put("prefill", usage.prefillTokensPerSecond())
                .put("decode", usage.decodeTokensPerSecond());
        return object.toPrettyString();
    }

    private void put(ObjectNode object) {
        object.put("temperature", sampling.temperature())
                .put("topK", sampling.topK())
                .put("topP", sampling.topP())
                .put("minP", sampling.minP())
                .put("typicalP", sampling.typicalP())
                .put("topNSigma", sampling.topNSigma())
                .put("repeatPenalty", sampling.penalties().repeat())
                .put("repeatWindow", sampling.penalties().window())
                .put("presencePenalty", sampling.penalties().presence())
                .put("frequencyPenalty", sampling.penalties().frequency());
        object.putObject("xtc")
                .put("probability", sampling.xtc().probability())
                .put("threshold", sampling.xtc().threshold());
        Dry dry = sampling.dry();
        ArrayNode breakers =
                object.putObject("dry")
                        .put("multiplier", dry.multiplier())
                        .put("base", dry.base())
                        .put("allowedLength", dry.allowedLength())
                        .put("window", dry.window())
                        .putArray("breakers");
        for (int token : dry.breakers().toArray()) {
            breakers.add(token);
        }
        object.putObject("mirostat")
                .put("version", sampling.mirostat().version())
                .put("tau", sampling.mirostat().tau())
                .put("eta", sampling.mirostat().eta());
        ObjectNode bias = object.putObject("logitBias");
        sampling.logitBias().forEach((token, value) -> bias.put(token.toString(), value));
    }

    /// Seed, times and rates, a line each.
    void printNumbers(PrintWriter notes) {
        Usage usage = result.usage();
        notes.printf("model    %s, loaded in %.2f s%n", model, seconds(load));
        notes.printf("seed     %d%n", sampling.seed());
        notes.printf(
                Locale.ROOT,
                "prompt   %d tokens, %d of them known, %.2f s, %.1f tokens/s%n",
                usage.promptTokens(),
                usage.cachedTokens(),
                seconds(usage.prefill()),
                usage.prefillTokensPerSecond());
        notes.printf(
                Locale.ROOT,
                "answer   %d tokens, %.2f s, %.1f tokens/s%n",
                usage.generatedTokens(),
                seconds(usage.decode()),
                usage.decodeTokensPerSecond());
        notes.flush();
    }

    /// Says so if the answer was cut off by a limit.
    void printCutOff(PrintWriter notes) {
        switch (result.finish()) {
            case LENGTH ->
                    notes.printf(
                            "autark: the answer was cut off after %d tokens (--max-tokens)%n",
                            result.usage().generatedTokens());
            case CONTEXT_FULL ->
                    notes.printf(
                            "autark: the answer was cut off: the context of %d tokens is full%n",
                            result.usage().promptTokens() + result.usage().generatedTokens());
            case STOP, STOP_STRING, CANCELLED -> {}
        }
        notes.flush();
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / NANOS_PER_SECOND;
    }
}
