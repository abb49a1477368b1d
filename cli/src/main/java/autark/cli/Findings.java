package autark.cli;

import autark.engine.Json;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What `doctor` finds, in the order of finding: lines for people, and a JSON object whose numbers
/// are numbers.
final class Findings {
    private static final String ROW = "%-12s %s%n";

    private final Map<String, String> lines = new LinkedHashMap<>();
    private final ObjectNode json = Json.mapper().createObjectNode();
    private final ArrayNode problems = Json.mapper().createArrayNode();

    /// Something that is a text in both.
    void tell(String name, String text) {
        lines.put(name, text);
        json.put(name, text);
    }

    /// A line for people alone; programs are told by what follows.
    void show(String name, String text) {
        lines.put(name, text);
    }

    void text(String name, String value) {
        json.put(name, value);
    }

    void truth(String name, boolean value) {
        json.put(name, value);
    }

    void number(String name, long value) {
        json.put(name, value);
    }

    void number(String name, double value) {
        json.put(name, value);
    }

    void list(String name, List<String> values) {
        values.forEach(json.putArray(name)::add);
    }

    /// Something that is wrong.
    void problem(String text) {
        problems.add(text);
    }

    boolean isWell() {
        return problems.isEmpty();
    }

    void printText(PrintWriter out) {
        lines.forEach((name, text) -> out.printf(ROW, name, text));
        problems.forEach(problem -> out.printf(ROW, "problem", problem.asString()));
        out.printf(ROW, "result", isWell() ? "all is well" : "something is wrong");
    }

    void printJson(PrintWriter out) {
        json.set("problems", problems);
        out.println(json.toPrettyString());
    }
}
