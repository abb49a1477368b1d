package autark.text.schema;

import autark.text.grammar.GrammarException;
import autark.text.grammar.Regex;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Sets of strings (validation 2020-12, section 6.3).
final class StringAlgebra implements Algebra<Words> {
    private final Map<String, Words> patterns = new HashMap<>();

    @Override
    public Words all() {
        return Words.ALL;
    }

    @Override
    public Words none() {
        return Words.NONE;
    }

    @Override
    public Words and(Words a, Words b) {
        return a.and(b);
    }

    @Override
    public Words or(Words a, Words b) {
        return a.or(b);
    }

    @Override
    public Words not(Words set) {
        return set.not();
    }

    @Override
    public Words own(Node node) {
        if (!Types.allows(node, "string")) {
            return Words.NONE;
        }
        Words words = Words.ALL;
        if (node.has("minLength") || node.has("maxLength")) {
            int min = node.count("minLength").orElse(0);
            int max = node.count("maxLength").orElse(Regex.UNBOUNDED);
            if (max < min) {
                return Words.NONE;
            }
            words = length(node, min, max);
        }
        if (node.has("pattern")) {
            words = words.and(pattern(node, "pattern", node.text("pattern").orElseThrow()));
        }
        return words;
    }

    private static Words length(Node node, int min, int max) {
        try {
            return Words.of(Regex.ofLength(min, max));
        } catch (GrammarException e) {
            throw node.error(
                    min > 0 ? "minLength" : "maxLength", "is too large: " + e.getMessage());
        }
    }

    /// The strings in which a pattern is found.
    Words pattern(Node node, String keyword, String pattern) {
        Words known = patterns.get(pattern);
        if (known == null) {
            try {
                known = Words.of(Regex.searching(pattern));
            } catch (GrammarException e) {
                throw node.error(keyword, "is not supported: " + e.getMessage());
            }
            patterns.put(pattern, known);
        }
        return known;
    }

    @Override
    public Words among(List<Json> values) {
        List<String> texts = new ArrayList<>();
        for (Json value : values) {
            if (value instanceof Json.Text(String text)) {
                texts.add(text);
            }
        }
        return Words.among(texts);
    }
}
