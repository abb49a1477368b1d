package autark.text.schema;

import autark.text.grammar.GrammarException;
import autark.text.grammar.Language;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// A JSON Schema, draft 2020-12 or draft 7, as the language of the texts that are valid.
///
/// Each keyword is enforced, or is one that decides nothing about instances by the specification
/// (`title`, `default`, `format`, ...), or is refused by name and place. What is valid and can be
/// written within the limits of [#language] can be written in any order of members.
public final class JsonSchema {
    private final String source;
    private final Draft draft;
    private final JsonLanguage language;

    private JsonSchema(String source, Draft draft, JsonLanguage language) {
        this.source = source;
        this.draft = draft;
        this.language = language;
    }

    /// Compiles a schema.
    ///
    /// @throws GrammarException if it is malformed, asks for something that is not enforced, or is
    ///   too large
    public static JsonSchema parse(String json) {
        Schemas schemas = SchemaReader.read(JsonReader.schema(json));
        Goals goals = new Goals(schemas);
        Goal root = goals.of(schemas.root(), Scope.EMPTY);
        compile(root);
        root.fits(Limits.DEPTH);
        goals.freeze();
        return new JsonSchema(json, schemas.root().draft(), new JsonLanguage(goals, root));
    }

    /// Works out all goals that an answer may come to, so that whatever is refused is refused now.
    private static void compile(Goal root) {
        Set<Goal> met = new HashSet<>();
        ArrayDeque<Goal> queue = new ArrayDeque<>();
        met.add(root);
        queue.add(root);
        while (!queue.isEmpty()) {
            Goal goal = queue.remove();
            if (goal.isSurelyEmpty()) {
                continue;
            }
            for (ArrayShape shape : goal.arrays()) {
                add(shape.goals(), met, queue);
            }
            for (ObjectShape shape : goal.objects()) {
                add(shape.goals(), met, queue);
            }
        }
    }

    private static void add(List<Goal> goals, Set<Goal> met, ArrayDeque<Goal> queue) {
        for (Goal goal : goals) {
            if (met.add(goal)) {
                queue.add(goal);
            }
        }
    }

    /// Any JSON value.
    public static JsonSchema anyJson() {
        return parse("true");
    }

    /// Any JSON object.
    public static JsonSchema anyObject() {
        return parse("{\"type\":\"object\"}");
    }

    /// The text of the schema.
    public String source() {
        return source;
    }

    /// The version of JSON Schema that it is read by.
    public Draft draft() {
        return draft;
    }

    /// The texts that are valid: one JSON value without white space around it. Between tokens one
    /// blank or a new line with indentation may stand, a number has at most 32 digits before the
    /// point and 20 after it, and arrays and objects nest at most 64 deep.
    public Language<?> language() {
        return language;
    }
}
