package autark.server.openai;

import autark.engine.Engine;
import autark.engine.Format;
import autark.engine.Request;
import autark.engine.Stop;
import autark.engine.sample.Sampling;
import autark.server.http.ApiException;
import autark.server.http.Fields;
import autark.text.template.Message;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// What a client asks of `/v1/chat/completions`. Each field is honoured or refused by name; the
/// page docs/reference/api-openai.md lists them.
///
/// @param request the same in the engine's terms
/// @param choices how many answers
/// @param stream whether the answer is sent as it is written
/// @param streamUsage whether the last piece tells the tokens
record ChatRequest(Request request, int choices, boolean stream, boolean streamUsage) {
    private static final int MESSAGES_MAX = 4096;
    private static final int PARTS_MAX = 1024;
    private static final int STOPS_MAX = 4;
    private static final double TEMPERATURE_MAX = 2;
    private static final double PENALTY_MAX = 2;
    private static final int METADATA_MAX = 16;
    private static final String NOT_YET = "this server does not do it yet";

    /// @param body whose model has been read
    /// @param recommended the sampling where the client names none
    /// @throws ApiException if a field cannot be honoured
    static ChatRequest read(Fields body, Sampling recommended) {
        Request request =
                Request.of(messages(body))
                        .withSampling(sampling(body, recommended))
                        .withStop(stop(body))
                        .withFormat(format(body));
        int choices = body.integer("n", 1, Engine.CHOICES_MAX).orElse(1);
        boolean stream = body.flag("stream").orElse(false);
        boolean streamUsage = streamUsage(body, stream);
        accept(body);
        refuse(body);
        body.end();
        return new ChatRequest(request, choices, stream, streamUsage);
    }

    private static List<Message> messages(Fields body) {
        List<Message> messages = new ArrayList<>();
        for (Fields message : body.objects("messages", MESSAGES_MAX)) {
            String role =
                    message.word("role", Set.of("system", "developer", "user", "assistant"))
                            .orElseThrow(() -> message.missing("role"));
            String content = content(message);
            message.refuse("name", "models are not told who speaks");
            message.refuse("tool_calls", NOT_YET);
            message.refuse("refusal", NOT_YET);
            message.refuse("audio", NOT_YET);
            messages.add(
                    switch (role) {
                        case "user" -> Message.user(content);
                        case "assistant" ->
                                Message.assistant(
                                        content, message.text("reasoning_content").orElse(""));
                        default -> Message.system(content);
                    });
            message.end();
        }
        if (messages.isEmpty()) {
            throw body.missing("messages");
        }
        return messages;
    }

    /// One text, or several that follow one another.
    private static String content(Fields message) {
        JsonNode content = message.any("content").orElseThrow(() -> message.missing("content"));
        if (content.isString()) {
            return content.stringValue();
        }
        StringBuilder text = new StringBuilder();
        for (Fields part : message.objects("content", PARTS_MAX)) {
            part.word("type", Set.of("text")).orElseThrow(() -> part.missing("type"));
            text.append(part.requiredText("text"));
            part.end();
        }
        return text.toString();
    }

    private static Sampling sampling(Fields body, Sampling recommended) {
        Sampling sampling =
                recommended
                        .withTemperature(
                                body.number("temperature", 0, TEMPERATURE_MAX)
                                        .orElse(recommended.temperature()))
                        .withTopP(
                                body.number("top_p", Double.MIN_NORMAL, 1)
                                        .orElse(recommended.topP()))
                        .withTopK(
                                body.integer("top_k", 0, Sampling.COUNT_MAX)
                                        .orElse(recommended.topK()))
                        .withMinP(body.number("min_p", 0, 1).orElse(recommended.minP()))
                        .withPresencePenalty(
                                body.number("presence_penalty", -PENALTY_MAX, PENALTY_MAX)
                                        .orElse(recommended.penalties().presence()))
                        .withFrequencyPenalty(
                                body.number("frequency_penalty", -PENALTY_MAX, PENALTY_MAX)
                                        .orElse(recommended.penalties().frequency()))
                        .withSeed(
                                body.longInteger("seed", Long.MIN_VALUE, Long.MAX_VALUE)
                                        .orElse(recommended.seed()));
        return body.object("logit_bias").map(bias -> biased(sampling, bias)).orElse(sampling);
    }

    private static Sampling biased(Sampling sampling, Fields bias) {
        Map<Integer, Double> values = new HashMap<>();
        for (String name : bias.names()) {
            if (!name.matches("\\d{1,9}")) {
                throw bias.invalid(name, "expected the id of a token");
            }
            double value =
                    bias.number(name, -Sampling.BIAS_MAX, Sampling.BIAS_MAX)
                            .orElseThrow(() -> bias.missing(name));
            values.put(Integer.parseInt(name), value);
        }
        return sampling.withLogitBias(values);
    }

    private static Stop stop(Fields body) {
        OptionalInt tokens = body.integer("max_completion_tokens", 1, Integer.MAX_VALUE);
        OptionalInt older = body.integer("max_tokens", 1, Integer.MAX_VALUE);
        if (tokens.isPresent() && older.isPresent()) {
            throw body.invalid(
                    "max_tokens", "found it beside max_completion_tokens, expected one of them");
        }
        int most = tokens.orElse(older.orElse(Stop.UNLIMITED));
        return Stop.atEndOfTurn().withMaxTokens(most).withStrings(body.texts("stop", STOPS_MAX));
    }

    private static Format format(Fields body) {
        return body.object("response_format").map(ChatRequest::asked).orElse(new Format.Free());
    }

    private static Format asked(Fields wanted) {
        String type =
                wanted.word("type", Set.of("text", "json_object", "json_schema"))
                        .orElseThrow(() -> wanted.missing("type"));
        Format format =
                switch (type) {
                    case "json_object" -> new Format.JsonObject();
                    case "json_schema" -> schema(wanted);
                    default -> new Format.Free();
                };
        wanted.end();
        return format;
    }

    private static Format schema(Fields wanted) {
        Fields schema =
                wanted.object("json_schema").orElseThrow(() -> wanted.missing("json_schema"));
        schema.requiredText("name");
        schema.text("description");
        schema.flag("strict"); // always
        JsonNode source = schema.any("schema").orElseThrow(() -> schema.missing("schema"));
        schema.end();
        return new Format.JsonSchema(source.toString());
    }

    private static boolean streamUsage(Fields body, boolean stream) {
        return body.object("stream_options")
                .map(options -> {
                    if (!stream) {
                        throw body.invalid("stream_options", "found it without stream");
                    }
                    boolean usage = options.flag("include_usage").orElse(false);
                    options.flag("include_obfuscation");
                    options.end();
                    return usage;
                })
                .orElse(false);
    }

    /// What says something to somebody else, and what asks for what is done anyway.
    private static void accept(Fields body) {
        body.text("user");
        body.text("safety_identifier");
        body.text("prompt_cache_key");
        body.object("metadata")
                .ifPresent(metadata -> {
                    if (metadata.names().size() > METADATA_MAX) {
                        throw body.invalid("metadata", "expected at most 16 entries");
                    }
                });
        body.expect("store", "false", "answers are not kept");
        body.expect("service_tier", "auto", "there is one tier");
        body.expect("logprobs", "false", NOT_YET);
    }

    private static void refuse(Fields body) {
        for (String name :
                List.of(
                        "audio",
                        "function_call",
                        "functions",
                        "modalities",
                        "moderation",
                        "parallel_tool_calls",
                        "prediction",
                        "prompt_cache_options",
                        "prompt_cache_retention",
                        "reasoning_effort",
                        "tool_choice",
                        "tools",
                        "top_logprobs",
                        "verbosity",
                        "web_search_options")) {
            body.refuse(name, NOT_YET);
        }
    }
}
