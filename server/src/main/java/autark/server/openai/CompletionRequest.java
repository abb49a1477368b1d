package autark.server.openai;

import autark.engine.Engine;
import autark.engine.Prompt;
import autark.engine.Request;
import autark.engine.Scoring;
import autark.engine.Stop;
import autark.engine.sample.Logprobs;
import autark.server.desk.Seat;
import autark.server.http.ApiException;
import autark.server.http.Fields;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import tools.jackson.databind.JsonNode;

/// What a client asks of `/v1/completions`.
///
/// @param prompts at least one
/// @param request the rest in the engine's terms, with the first of the prompts
/// @param choices how many answers to each prompt
/// @param echo whether a prompt stands before its answers
/// @param stream whether the answer is sent as it is written
/// @param streamUsage whether the last piece tells the tokens
record CompletionRequest(
        List<Prompt> prompts,
        Request request,
        int choices,
        boolean echo,
        boolean stream,
        boolean streamUsage) {
    /// What OpenAI writes if nothing is said.
    private static final int TOKENS = 16;

    private static final int PROMPTS_MAX = 32;

    /// Answers to one request; more could never be taken on together.
    private static final int ANSWERS_MAX = 32;

    private static final int PROMPT_TOKENS_MAX = 1 << 24;

    CompletionRequest {
        prompts = List.copyOf(prompts);
    }

    /// @param body whose model has been read
    /// @throws ApiException if a field cannot be honoured
    static CompletionRequest read(Fields body, Seat seat) {
        List<Prompt> prompts = prompts(body);
        boolean echo = body.flag("echo").orElse(false);
        OptionalInt top = body.integer("logprobs", 0, Logprobs.TOP_MAX);
        Stop stop = StopFields.read(body, List.of("max_tokens"));
        Request request =
                Request.of(prompts.getFirst())
                        .withSampling(SamplingFields.read(body, seat.sampling()))
                        .withStop(body.has("max_tokens") ? stop : stop.withMaxTokens(TOKENS))
                        .withFormat(FormatFields.read(body))
                        .withScoring(
                                new Scoring(
                                        top.isPresent(), top.isPresent() && echo, top.orElse(0)));
        int choices = body.integer("n", 1, Engine.CHOICES_MAX).orElse(1);
        if (choices * prompts.size() > ANSWERS_MAX) {
            throw body.invalid(
                    "n",
                    "found %d answers to each of %d prompts, expected at most %d together"
                            .formatted(choices, prompts.size(), ANSWERS_MAX));
        }
        body.expect("best_of", choices, "each answer that is written is given back");
        body.refuse("suffix", "models are not asked to fill in what is between");
        boolean stream = body.flag("stream").orElse(false);
        if (stream && request.scoring().prompt()) {
            throw body.invalid(
                    "echo", "found it beside stream and logprobs, expected two of the three");
        }
        boolean streamUsage = CommonFields.streamUsage(body, stream);
        CommonFields.accept(body);
        body.end();
        return new CompletionRequest(prompts, request, choices, echo, stream, streamUsage);
    }

    /// A text, tokens, or several of either.
    private static List<Prompt> prompts(Fields body) {
        JsonNode prompt = body.any("prompt").orElseThrow(() -> body.missing("prompt"));
        if (prompt.isString()) {
            return List.of(new Prompt.Text(prompt.stringValue()));
        }
        List<JsonNode> entries = body.array("prompt", PROMPT_TOKENS_MAX);
        if (!entries.isEmpty() && entries.getFirst().isIntegralNumber()) {
            return List.of(tokens(body, entries));
        }
        if (entries.isEmpty() || entries.size() > PROMPTS_MAX) {
            throw body.invalid(
                    "prompt",
                    "found %d prompts, expected 1 to %d".formatted(entries.size(), PROMPTS_MAX));
        }
        List<Prompt> prompts = new ArrayList<>();
        for (JsonNode entry : entries) {
            prompts.add(
                    entry.isString()
                            ? new Prompt.Text(entry.stringValue())
                            : tokens(
                                    body,
                                    entry.isArray() ? entry.valueStream().toList() : List.of()));
        }
        return prompts;
    }

    private static Prompt tokens(Fields body, List<JsonNode> entries) {
        List<Integer> ids = new ArrayList<>();
        for (JsonNode entry : entries) {
            if (!entry.isInt()) {
                throw body.invalid(
                        "prompt", "expected a text, ids of tokens, or several of either");
            }
            ids.add(entry.intValue());
        }
        if (ids.isEmpty()) {
            throw body.invalid("prompt", "expected a text, ids of tokens, or several of either");
        }
        return new Prompt.Tokens(ids);
    }
}
