package autark.engine;

import autark.text.template.Tool;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// What a model may call.
///
/// @param tools the tools, none of the same name as another
/// @param choice whether it has to call one
/// @param parallel whether an answer may hold several calls, where the model's way of writing them
///   has room for more than one
///
///   Whatever the choice, a call that the model begins has the name of one of the tools and
///   arguments of its schema: other tokens are not let through. Text behind calls is not either.
public record Tools(List<Tool> tools, Choice choice, boolean parallel) {
    /// Most tools of a request.
    public static final int COUNT_MAX = 128;

    /// Whether the model has to call a tool.
    public sealed interface Choice {
        /// As the model likes.
        record Auto() implements Choice {}

        /// No call: the model is not told of the tools.
        record None() implements Choice {}

        /// At least one call, and nothing else but thinking before it.
        record Required() implements Choice {}

        /// One call of this tool, and nothing else but thinking before it. The model is told of all
        /// tools.
        record Named(String name) implements Choice {}
    }

    /// Copies, and refuses what contradicts itself.
    ///
    /// @throws EngineException if it does
    public Tools {
        tools = List.copyOf(tools);
        if (tools.size() > COUNT_MAX) {
            throw new EngineException(
                    "tools: found %d, expected at most %d".formatted(tools.size(), COUNT_MAX));
        }
        Set<String> names = new HashSet<>();
        long schemaChars = tools.stream().mapToLong(tool -> tool.parametersSchema().length()).sum();
        if (schemaChars > Tool.SCHEMA_CHARS_MAX) {
            throw new EngineException(
                    "tools: found schemas of %d characters together, expected at most %d"
                            .formatted(schemaChars, Tool.SCHEMA_CHARS_MAX));
        }
        for (Tool tool : tools) {
            if (!names.add(tool.name())) {
                throw new EngineException(
                        "tools: found two of the name '%s', expected one".formatted(tool.name()));
            }
        }
        switch (choice) {
            case Choice.Auto _, Choice.None _ -> {}
            case Choice.Required _ -> {
                if (tools.isEmpty()) {
                    throw new EngineException(
                            "tool choice: found no tool, expected one that can be called");
                }
            }
            case Choice.Named(String name) -> {
                if (!names.contains(name)) {
                    throw new EngineException(
                            "tool choice: found '%s', expected the name of a tool: %s"
                                    .formatted(name, names.stream().sorted().toList()));
                }
            }
        }
    }

    /// Nothing to call.
    public static Tools none() {
        return new Tools(List.of(), new Choice.Auto(), true);
    }

    /// Tools that the model calls as it likes, several in one answer too.
    public static Tools of(Tool... tools) {
        return new Tools(List.of(tools), new Choice.Auto(), true);
    }

    public Tools withChoice(Choice newChoice) {
        return new Tools(tools, newChoice, parallel);
    }

    /// The tool of a name that there is.
    Tool named(String name) {
        return tools.stream().filter(tool -> tool.name().equals(name)).findFirst().orElseThrow();
    }

    /// The tools that the model is told of and may call.
    List<Tool> offered() {
        return switch (choice) {
            case Choice.Auto _, Choice.Required _, Choice.Named _ -> tools;
            case Choice.None _ -> List.of();
        };
    }
}
