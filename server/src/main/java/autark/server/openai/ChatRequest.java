package autark.server.openai;

import autark.engine.Engine;
import autark.engine.Prompt;
import autark.engine.Request;
import autark.engine.Scoring;
import autark.engine.sample.Logprobs;
import autark.server.desk.Seat;
import autark.server.http.Fields;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/// What a client asks of `/v1/chat/completions`. Each field is honoured or refused by name; the
/// page docs/reference/api-openai.md lists them.
///
/// @param request the same in the engine's terms
/// @param choices how many answers
/// @param stream whether the answer is sent as it is written
/// @param streamUsage whether the last piece tells the tokens
record ChatRequest(Request request, int choices, boolean stream, boolean streamUsage) {
    private static final Map<String, String> REFUSED =
            Map.of(
                    "audio", "there is no speech",
                    "function_call", "use tool_choice",
                    "functions", "use tools",
                    "moderation", "nothing is moderated",
                    "prediction", "repeated text is guessed anyway",
                    "prompt_cache_options", "what is known of a prompt is kept anyway",
                    "prompt_cache_retention", "what is known of a prompt is kept anyway",
                    "web_search_options", "nothing leaves this machine");

    /// @param body whose model has been read
    /// @throws autark.server.http.ApiException if a field cannot be honoured
    static ChatRequest read(Fields body, Seat seat) {
        Engine engine = seat.engine();
        ThinkingFields thinking = ThinkingFields.read(body, engine);
        Prompt prompt = new Prompt.Messages(ChatMessages.read(body), thinking.variables());
        Request request =
                Request.of(prompt)
                        .withSampling(SamplingFields.read(body, seat.sampling()))
                        .withStop(
                                StopFields.read(
                                        body, List.of("max_completion_tokens", "max_tokens")))
                        .withFormat(FormatFields.read(body))
                        .withThinking(thinking.thinking())
                        .withScoring(scoring(body))
                        .withTools(ToolFields.read(body, ToolFields.Shape.NESTED));
        int choices = body.integer("n", 1, Engine.CHOICES_MAX).orElse(1);
        boolean stream = body.flag("stream").orElse(false);
        boolean streamUsage = CommonFields.streamUsage(body, stream);
        CommonFields.accept(body);
        body.expect("store", "false", "chat completions are not kept; /v1/responses are");
        body.expect("verbosity", "medium", "ask for it in a message");
        for (String modality : body.texts("modalities", 2)) {
            if (!modality.equals("text")) {
                throw body.invalid("modalities", "found another one, supported is only text")
                        .withCode("unsupported_parameter");
            }
        }
        REFUSED.forEach(body::refuse);
        body.end();
        return new ChatRequest(request, choices, stream, streamUsage);
    }

    private static Scoring scoring(Fields body) {
        boolean answer = body.flag("logprobs").orElse(false);
        OptionalInt top = body.integer("top_logprobs", 0, Logprobs.TOP_MAX);
        if (top.isPresent() && !answer) {
            throw body.invalid("top_logprobs", "found it without logprobs, expected both");
        }
        return new Scoring(answer, false, top.orElse(0));
    }
}
