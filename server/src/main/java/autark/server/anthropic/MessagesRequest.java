package autark.server.anthropic;

import autark.engine.Engine;
import autark.engine.Format;
import autark.engine.Request;
import autark.engine.Stop;
import autark.engine.Thinking;
import autark.engine.Tools;
import autark.engine.sample.Sampling;
import autark.server.desk.ThinkingWish;
import autark.server.http.ApiException;
import autark.server.http.Fields;
import autark.text.template.Tool;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// What a client asks of `/v1/messages`. Each field is honoured or refused by name; the page
/// docs/reference/api-anthropic.md lists them.
///
/// @param request the same in the engine's terms
/// @param stream whether the answer is sent as it is written
record MessagesRequest(Request request, boolean stream) {
    private static final int TOOLS_MAX = Tools.COUNT_MAX;

    /// Reads a request for an answer.
    ///
    /// @param body whose model has been read
    /// @param recommended the sampling where the client names none
    /// @throws ApiException if a field cannot be honoured
    static MessagesRequest read(Fields body, Engine engine, Sampling recommended) {
        int most =
                body.integer("max_tokens", 1, Integer.MAX_VALUE)
                        .orElseThrow(() -> body.missing("max_tokens"));
        Request request =
                prompt(body, engine, most)
                        .withSampling(sampling(body, recommended))
                        .withStop(
                                Stop.atEndOfTurn()
                                        .withMaxTokens(most)
                                        .withStrings(
                                                body.texts(
                                                        "stop_sequences", Stop.STRING_COUNT_MAX)));
        boolean stream = body.flag("stream").orElse(false);
        body.object("metadata")
                .ifPresent(metadata -> {
                    metadata.text("user_id");
                    metadata.end();
                });
        body.word("service_tier", Set.of("auto", "standard_only")); // there is one
        body.refuse("container", "nothing is run here; run the tools that the model calls");
        body.refuse("diagnostics", "usage.cache_read_input_tokens tells what was known");
        body.refuse("inference_geo", "the model runs on this machine");
        body.end();
        return new MessagesRequest(request, stream);
    }

    /// Reads a request to count the tokens of a prompt.
    ///
    /// @param body whose model has been read
    /// @throws ApiException if a field cannot be honoured
    static Request readPrompt(Fields body, Engine engine) {
        Request request = prompt(body, engine, Integer.MAX_VALUE);
        body.end();
        return request;
    }

    private static Request prompt(Fields body, Engine engine, int maxTokens) {
        Request request = Request.of(Turns.read(body)).withTools(tools(body));
        request = thinking(body, request, engine, maxTokens);
        Turns.cacheControl(body);
        body.expect("speed", "standard", "there is one");
        body.refuse("user_profile_id", "a key says who asks");
        body.refuse("workspace_id", "a key says who asks");
        body.refuse("mcp_servers", "the client has to call them and give their tools in tools");
        body.refuse("context_management", "the conversation is read as it is sent");
        Optional<Fields> output = body.object("output_config");
        if (output.isPresent()) {
            request = output(output.get(), request, engine);
        }
        return request;
    }

    private static Sampling sampling(Fields body, Sampling recommended) {
        return recommended
                .withTemperature(body.number("temperature", 0, 1).orElse(recommended.temperature()))
                .withTopP(body.number("top_p", Double.MIN_NORMAL, 1).orElse(recommended.topP()))
                .withTopK(body.integer("top_k", 0, Sampling.COUNT_MAX).orElse(recommended.topK()));
    }

    /// Without the field a model does not think: what counts is `max_tokens` of answer.
    private static Request thinking(Fields body, Request request, Engine engine, int maxTokens) {
        Optional<Fields> field = body.object("thinking");
        if (field.isEmpty()) {
            return new ThinkingWish.Off().of(request, engine, "thinking");
        }
        Fields thinking = field.get();
        String type =
                thinking.word("type", Set.of("enabled", "disabled", "adaptive"))
                        .orElseThrow(() -> thinking.missing("type"));
        ThinkingWish wish =
                switch (type) {
                    case "enabled" -> {
                        int budget =
                                thinking.integer("budget_tokens", 1, Integer.MAX_VALUE)
                                        .orElseThrow(() -> thinking.missing("budget_tokens"));
                        if (budget >= maxTokens) {
                            throw thinking.invalid(
                                    "budget_tokens",
                                    "found %d, expected less than max_tokens, %d"
                                            .formatted(budget, maxTokens));
                        }
                        yield new ThinkingWish.On(budget);
                    }
                    case "adaptive" ->
                            ThinkingWish.isKnownBy(engine)
                                    ? new ThinkingWish.On(Thinking.UNLIMITED)
                                    : new ThinkingWish.Off();
                    default -> new ThinkingWish.Off();
                };
        if (!type.equals("disabled")) {
            thinking.expect("display", "summarized", "thinking is told whole");
        }
        thinking.end();
        return wish.of(request, engine, "thinking.type");
    }

    private static Request output(Fields output, Request asked, Engine engine) {
        Request request = asked;
        Optional<String> effort = output.word("effort", ThinkingWish.EFFORTS.keySet());
        if (effort.isPresent() && !effort.get().equals("high")) { // which says nothing
            request =
                    new ThinkingWish.Effort(effort.get())
                            .of(request, engine, output.path("effort"));
        }
        output.refuse("task_budget", "max_tokens bounds the answer");
        Optional<Fields> format = output.object("format");
        if (format.isPresent()) {
            Fields wanted = format.get();
            if (wanted.word("type", Set.of("json_schema")).isEmpty()) {
                throw wanted.missing("type");
            }
            JsonNode schema = wanted.any("schema").orElseThrow(() -> wanted.missing("schema"));
            wanted.end();
            request = request.withFormat(new Format.JsonSchema(schema.toString()));
        }
        output.end();
        return request;
    }

    private static Tools tools(Fields body) {
        List<Tool> tools = new ArrayList<>();
        for (Fields tool : body.objects("tools", TOOLS_MAX)) {
            tools.add(tool(tool));
        }
        Optional<Fields> wanted = body.object("tool_choice");
        if (wanted.isEmpty()) {
            return new Tools(tools, new Tools.Choice.Auto(), true);
        }
        Fields choice = wanted.get();
        String type =
                choice.word("type", Set.of("auto", "any", "tool", "none"))
                        .orElseThrow(() -> choice.missing("type"));
        Tools.Choice meant =
                switch (type) {
                    case "any" -> new Tools.Choice.Required();
                    case "tool" -> new Tools.Choice.Named(choice.requiredText("name"));
                    case "none" -> new Tools.Choice.None();
                    default -> new Tools.Choice.Auto();
                };
        boolean parallel =
                type.equals("none") || !choice.flag("disable_parallel_tool_use").orElse(false);
        choice.end();
        return new Tools(tools, meant, parallel);
    }

    private static Tool tool(Fields tool) {
        String type = tool.text("type").orElse("custom");
        if (!type.equals("custom")) {
            throw tool.invalid(
                    "type",
                    "found \"%s\", supported is only custom: nothing is run here"
                            .formatted(type.substring(0, Math.min(80, type.length()))));
        }
        String name = tool.requiredText("name");
        JsonNode schema = tool.any("input_schema").orElseThrow(() -> tool.missing("input_schema"));
        tool.flag("eager_input_streaming"); // always
        tool.expect("defer_loading", "false", "the model is told of all tools");
        tool.expect("allowed_callers", "[\"direct\"]", "only the model calls tools");
        tool.refuse("input_examples", "write them into the description");
        Turns.cacheControl(tool);
        try {
            Tool read =
                    new Tool(
                            name,
                            tool.text("description").orElse(""),
                            schema.toString(),
                            tool.flag("strict").orElse(false));
            tool.end();
            return read;
        } catch (IllegalArgumentException e) {
            throw ApiException.field(tool.path("name"), String.valueOf(e.getMessage()));
        }
    }
}
