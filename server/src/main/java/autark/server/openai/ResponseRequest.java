package autark.server.openai;

import autark.engine.Engine;
import autark.engine.Format;
import autark.engine.Prompt;
import autark.engine.Request;
import autark.engine.Scoring;
import autark.engine.Stop;
import autark.engine.sample.Logprobs;
import autark.engine.sample.Sampling;
import autark.server.desk.Seat;
import autark.server.http.ApiException;
import autark.server.http.Fields;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// What a client asks of `/v1/responses`.
///
/// @param request the same in the engine's terms
/// @param input the items of the input, complete
/// @param told what the response says of the request
/// @param opaqueThinking whether thinking comes in a form that clients pass on, too
record ResponseRequest(
        Request request,
        ArrayNode input,
        ObjectNode told,
        boolean stream,
        boolean background,
        boolean store,
        boolean opaqueThinking) {
    private static final int ITEMS_MAX = 4096;
    private static final int INCLUDES_MAX = 16;
    private static final String LOGPROBS = "message.output_text.logprobs";
    private static final String OPAQUE = "reasoning.encrypted_content";
    private static final Map<String, String> REFUSED =
            Map.of(
                    "context_management", "shorten the input yourself",
                    "conversation", "use previous_response_id",
                    "max_tool_calls", "functions are called by the client, which may stop",
                    "prompt", "prompts are not kept here; send instructions and input",
                    "prompt_cache_options", "what is known of a prompt is kept anyway",
                    "prompt_cache_retention", "what is known of a prompt is kept anyway");

    /// @param body whose model has been read
    /// @throws ApiException if a field cannot be honoured
    static ResponseRequest read(Fields body, Seat seat, String tenant, StoredResponses stored) {
        Engine engine = seat.engine();
        ObjectNode told = JsonNodeFactory.instance.objectNode();
        ResponseItems items = new ResponseItems(stored.names());
        Optional<String> instructions = body.text("instructions");
        instructions.ifPresent(items::instruct);
        put(told, "instructions", instructions);
        Optional<String> previous = body.text("previous_response_id");
        put(told, "previous_response_id", previous);
        previous.ifPresent(id -> history(items, stored.chain(tenant, body, id)));
        ArrayNode input = input(body, items);
        Set<String> include = include(body);
        ThinkingFields thinking = thinking(body, engine, told);
        Sampling sampling = SamplingFields.read(body, seat.sampling());
        told.put("temperature", sampling.temperature());
        told.put("top_p", sampling.topP());
        Prompt prompt = new Prompt.Messages(items.messages(), thinking.variables());
        Stop stop = StopFields.read(body, List.of("max_output_tokens"));
        put(told, "max_output_tokens", body.any("max_output_tokens"));
        Request request =
                Request.of(prompt)
                        .withSampling(sampling)
                        .withStop(stop)
                        .withFormat(format(body, told))
                        .withThinking(thinking.thinking())
                        .withScoring(scoring(body, include, told))
                        .withTools(ToolFields.read(body, ToolFields.Shape.FLAT));
        tell(body, told);
        boolean stream = body.flag("stream").orElse(false);
        boolean background = body.flag("background").orElse(false);
        boolean store = body.flag("store").orElse(true);
        if (background && (stream || !store)) {
            throw body.invalid(
                    "background", "found it with stream or without store: ask for it with GET");
        }
        told.put("background", background);
        told.put("store", store);
        CommonFields.streamOptions(body, stream).ifPresent(Fields::end);
        REFUSED.forEach(body::refuse);
        body.end();
        return new ResponseRequest(
                request, input, told, stream, background, store, include.contains(OPAQUE));
    }

    private static void history(ResponseItems items, List<StoredResponses.Stored> chain) {
        for (StoredResponses.Stored earlier : chain) {
            for (JsonNode item : earlier.input()) {
                items.add((ObjectNode) item, "previous_response_id");
            }
            for (JsonNode item : earlier.response().required("output")) {
                items.add((ObjectNode) item, "previous_response_id");
            }
        }
    }

    private static ArrayNode input(Fields body, ResponseItems items) {
        JsonNode input = body.any("input").orElseThrow(() -> body.missing("input"));
        ArrayNode complete = JsonNodeFactory.instance.arrayNode();
        if (input.isString()) {
            ObjectNode item = complete.addObject();
            item.put("role", "user");
            item.put("content", input.stringValue());
            items.add(item, "input");
            return complete;
        }
        List<JsonNode> given = body.array("input", ITEMS_MAX);
        for (JsonNode item : given) {
            String path = "input[%d]".formatted(complete.size());
            Fields.of(item, path);
            ObjectNode copy = (ObjectNode) item.deepCopy();
            complete.add(copy);
            items.add(copy, path);
        }
        if (complete.isEmpty()) {
            throw body.invalid("input", "found no item, expected at least one");
        }
        return complete;
    }

    private static Set<String> include(Fields body) {
        Set<String> include = new HashSet<>(body.texts("include", INCLUDES_MAX));
        for (String name : include) {
            if (!name.equals(LOGPROBS) && !name.equals(OPAQUE)) {
                throw body.invalid(
                                "include",
                                "found another one, supported are %s and %s"
                                        .formatted(LOGPROBS, OPAQUE))
                        .withCode("unsupported_parameter");
            }
        }
        return include;
    }

    private static Scoring scoring(Fields body, Set<String> include, ObjectNode told) {
        int top = body.integer("top_logprobs", 0, Logprobs.TOP_MAX).orElse(0);
        boolean answer = include.contains(LOGPROBS);
        if (top > 0 && !answer) {
            throw body.invalid(
                    "top_logprobs", "found it without %s in include".formatted(LOGPROBS));
        }
        told.put("top_logprobs", top);
        return new Scoring(answer, false, top);
    }

    private static Format format(Fields body, ObjectNode told) {
        Optional<Fields> text = body.object("text");
        ObjectNode echo = told.putObject("text");
        echo.putObject("format").put("type", "text");
        echo.put("verbosity", "medium");
        if (text.isEmpty()) {
            return new Format.Free();
        }
        text.get().expect("verbosity", "medium", "ask for it in the instructions");
        text.get().any("format").ifPresent(format -> echo.set("format", format));
        Format format = FormatFields.flat(text.get());
        text.get().end();
        return format;
    }

    /// What a response says of its request although it changes nothing.
    private static void tell(Fields body, ObjectNode told) {
        CommonFields.accept(body);
        body.expect("truncation", "disabled", "an input that is too long is refused");
        told.put("truncation", "disabled");
        told.put("service_tier", "default");
        put(told, "user", body.any("user"));
        put(told, "safety_identifier", body.any("safety_identifier"));
        put(told, "prompt_cache_key", body.any("prompt_cache_key"));
        told.set("metadata", body.any("metadata").orElseGet(JsonNodeFactory.instance::objectNode));
        told.set("tools", body.any("tools").orElseGet(JsonNodeFactory.instance::arrayNode));
        told.set(
                "tool_choice",
                body.any("tool_choice").orElse(JsonNodeFactory.instance.stringNode("auto")));
        told.put("parallel_tool_calls", body.flag("parallel_tool_calls").orElse(true));
        told.putNull("max_tool_calls");
    }

    private static void put(ObjectNode told, String name, Optional<?> value) {
        switch (value.orElse(null)) {
            case null -> told.putNull(name);
            case JsonNode node -> told.set(name, node);
            case Object text -> told.put(name, text.toString());
        }
    }

    /// How long the model shall think.
    private static ThinkingFields thinking(Fields body, Engine engine, ObjectNode told) {
        Fields fields =
                body.object("reasoning")
                        .orElseGet(() ->
                                Fields.of(JsonNodeFactory.instance.objectNode(), "reasoning"));
        ObjectNode echo = told.putObject("reasoning");
        put(echo, "effort", fields.text("effort"));
        put(echo, "summary", fields.text("summary"));
        ThinkingFields wish = ThinkingFields.read(body, fields, "effort", engine);
        fields.expect("summary", "auto", "thinking is told as it is");
        fields.refuse("generate_summary", "use summary");
        fields.end();
        return wish;
    }
}
