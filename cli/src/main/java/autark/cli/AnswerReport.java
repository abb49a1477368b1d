package autark.cli;

import autark.engine.Engine;
import autark.engine.Json;
import autark.engine.Result;
import autark.engine.Usage;
import autark.engine.sample.Dry;
import autark.engine.sample.Sampling;
import autark.engine.sample.TokenLogprob;
import autark.text.token.Tokenizer;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
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

    /// Waiting that is told: less is the engine waking up.
    private static final Duration QUEUED_TOLD = Duration.ofMillis(100);

    /// The whole answer as a JSON object.
    ///
    /// @param sha256 digest of the model file
    /// @param engine that wrote it, which tells its adapter and the texts of tokens
    ObjectNode json(String sha256, Engine engine) {
        Usage usage = result.usage();
        ObjectNode object = Json.mapper().createObjectNode();
        object.put("model", model)
                .put("sha256", sha256)
                .put("adapter", engine.adapter())
                .put("text", result.text())
                .put("thinking", result.thinking())
                .put("finishReason", result.finish().name().toLowerCase(Locale.ROOT))
                .put("seed", sampling.seed());
        put(object.putObject("sampling"));
        object.putObject("usage")
                .put("promptTokens", usage.promptTokens())
                .put("cachedTokens", usage.cachedTokens())
                .put("generatedTokens", usage.generatedTokens())
                .put("draftedTokens", usage.draftedTokens())
                .put("acceptedTokens", usage.acceptedTokens());
        object.putObject("seconds")
                .put("load", seconds(load))
                .put("queued", seconds(usage.queued()))
                .put("prefill", seconds(usage.prefill()))
                .put("decode", seconds(usage.decode()));
        object.putObject("tokensPerSecond")
                .put("prefill", usage.prefillTokensPerSecond())
                .put("decode", usage.decodeTokensPerSecond());
        if (!result.logprobs().isEmpty()) {
            ArrayNode tokens = object.putArray("logprobs");
            result.logprobs()
                    .forEach(scored -> add(scored, engine.tokenizer(), tokens.addObject()));
        }
        return object;
    }

    private static void add(TokenLogprob scored, Tokenizer tokenizer, ObjectNode object) {
        add(scored.token(), scored.logprob(), tokenizer, object);
        ArrayNode top = object.putArray("top");
        for (TokenLogprob.Ranked ranked : scored.top()) {
            add(ranked.token(), ranked.logprob(), tokenizer, top.addObject());
        }
    }

    /// Bytes that are no characters show as U+FFFD in the text; JSON has no infinity, so it is
    /// null.
    private static void add(int token, double logprob, Tokenizer tokenizer, ObjectNode object) {
        object.put("token", token)
                .put("text", new String(tokenizer.bytes(token), StandardCharsets.UTF_8))
                .put("logprob", Double.isInfinite(logprob) ? null : (Double) logprob);
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
        if (usage.queued().compareTo(QUEUED_TOLD) >= 0) {
            notes.printf(
                    Locale.ROOT, "waited   %.2f s for the first step%n", seconds(usage.queued()));
        }
        if (usage.draftedTokens() > 0) {
            notes.printf(
                    "guesses  %d tokens, %d of them right%n",
                    usage.draftedTokens(), usage.acceptedTokens());
        }
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
            case STOP, TOOL_CALLS, STOP_STRING, CANCELLED, DEADLINE -> {}
        }
        notes.flush();
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / NANOS_PER_SECOND;
    }
}
