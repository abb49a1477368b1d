package autark.server.openai;

import autark.engine.Tools;
import autark.server.http.ApiException;
import autark.server.http.Fields;
import autark.text.template.Tool;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// Reads which tools a model may call.
final class ToolFields {
    private static final String NO_PARAMETERS = "{\"type\":\"object\",\"properties\":{}}";

    /// Where the name of a function stands.
    enum Shape {
        /// In an object `function` beside the type, as in chat completions.
        NESTED,
        /// Beside the type, as in responses.
        FLAT
    }

    private final Fields body;
    private final Shape shape;

    private ToolFields(Fields body, Shape shape) {
        this.body = body;
        this.shape = shape;
    }

    /// @throws ApiException if a field cannot be honoured
    static Tools read(Fields body, Shape shape) {
        return new ToolFields(body, shape).read();
    }

    private Tools read() {
        List<Tool> tools = new ArrayList<>();
        for (Fields entry : body.objects("tools", Tools.COUNT_MAX)) {
            tools.add(tool(entry));
        }
        boolean parallel = body.flag("parallel_tool_calls").orElse(true);
        Tools all =
                Checked.at(
                        body, "tools", () -> new Tools(tools, new Tools.Choice.Auto(), parallel));
        Optional<JsonNode> choice = body.any("tool_choice");
        return choice.isEmpty()
                ? all
                : Checked.at(body, "tool_choice", () -> chosen(all, choice.get()));
    }

    private Tool tool(Fields entry) {
        function(entry, "type");
        Fields function = within(entry);
        String name = function.requiredText("name");
        String description = function.text("description").orElse("");
        String parameters =
                function.object("parameters").isPresent()
                        ? function.any("parameters").orElseThrow().toString()
                        : NO_PARAMETERS;
        boolean strict = function.flag("strict").orElse(shape == Shape.FLAT);
        function.end();
        entry.end();
        return Checked.at(function, "name", () -> new Tool(name, description, parameters, strict));
    }

    private Tools chosen(Tools all, JsonNode choice) {
        if (choice.isString()) {
            String word =
                    body.word("tool_choice", Set.of("none", "auto", "required")).orElseThrow();
            return all.withChoice(mode(word));
        }
        Fields wanted = Fields.of(choice, body.path("tool_choice"));
        String type =
                wanted.word("type", Set.of("function", "allowed_tools"))
                        .orElseThrow(() -> wanted.missing("type"));
        Tools chosen =
                type.equals("function")
                        ? all.withChoice(new Tools.Choice.Named(within(wanted, "name")))
                        : allowed(all, wanted);
        wanted.end();
        return chosen;
    }

    /// The model is told only of the tools that it may call.
    private Tools allowed(Tools all, Fields wanted) {
        Fields list =
                shape == Shape.NESTED
                        ? wanted.object("allowed_tools")
                                .orElseThrow(() -> wanted.missing("allowed_tools"))
                        : wanted;
        String word =
                list.word("mode", Set.of("auto", "required"))
                        .orElseThrow(() -> list.missing("mode"));
        Set<String> names = new LinkedHashSet<>();
        for (Fields entry : list.objects("tools", Tools.COUNT_MAX)) {
            function(entry, "type");
            names.add(within(entry, "name"));
            entry.end();
        }
        if (list != wanted) {
            list.end();
        }
        List<Tool> kept = all.tools().stream().filter(tool -> names.remove(tool.name())).toList();
        if (!names.isEmpty()) {
            throw list.invalid("tools", "found %s, which is none of the tools".formatted(names));
        }
        return new Tools(kept, mode(word), all.parallel());
    }

    private static Tools.Choice mode(String word) {
        return switch (word) {
            case "none" -> new Tools.Choice.None();
            case "required" -> new Tools.Choice.Required();
            default -> new Tools.Choice.Auto();
        };
    }

    private static void function(Fields entry, String name) {
        String type = entry.requiredText(name);
        if (!type.equals("function")) {
            throw entry.invalid(
                            name,
                            "found \"%s\", supported are only functions, which the client runs"
                                    .formatted(type.substring(0, Math.min(40, type.length()))))
                    .withCode("unsupported_parameter");
        }
    }

    private Fields within(Fields entry) {
        return shape == Shape.NESTED
                ? entry.object("function").orElseThrow(() -> entry.missing("function"))
                : entry;
    }

    private String within(Fields entry, String name) {
        Fields function = within(entry);
        String text = function.requiredText(name);
        if (function != entry) {
            function.end();
        }
        return text;
    }
}
