package autark.text.schema;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// Makes schemas by chance, and values that have to do with them: few names, few numbers, few
/// strings, so that keywords meet.
final class RandomSchemas {
    private static final String[] NAMES = {"a", "b", "c"};
    private static final String[] STRINGS = {"", "a", "ab", "b", "abc"};
    private static final String[] NUMBERS = {"0", "1", "2", "3", "-1", "1.5", "1.0", "10"};
    private static final String[] TYPES = {
        "null", "boolean", "integer", "number", "string", "array", "object"
    };

    private final SplittableRandom random;

    RandomSchemas(SplittableRandom random) {
        this.random = random;
    }

    private String pick(String... from) {
        return from[random.nextInt(from.length)];
    }

    private static String quoted(String text) {
        return "\"" + text + "\"";
    }

    String schema(int depth) {
        if (random.nextInt(8) == 0) {
            return pick("true", "true", "false");
        }
        List<String> keywords = new ArrayList<>();
        for (int left = 1 + random.nextInt(3); left > 0; left--) {
            String keyword = depth > 0 && random.nextInt(3) > 0 ? combined(depth - 1) : plain();
            String name = keyword.substring(0, keyword.indexOf(':'));
            if (keywords.stream().noneMatch(k -> k.startsWith(name + ":"))) {
                keywords.add(keyword);
            }
        }
        return "{" + String.join(",", keywords) + "}";
    }

    private String plain() {
        return switch (random.nextInt(16)) {
            case 0, 1 -> "\"type\":" + quoted(pick(TYPES));
            case 2 ->
                    "\"type\":["
                            + quoted(pick("null", "boolean", "integer"))
                            + ","
                            + quoted(pick("string", "array", "object"))
                            + "]";
            case 3 -> "\"const\":" + value(1);
            case 4 -> "\"enum\":[" + value(1) + "," + quoted("zz" + random.nextInt(3)) + "]";
            case 5 -> "\"minimum\":" + pick(NUMBERS);
            case 6 -> "\"exclusiveMaximum\":" + pick(NUMBERS);
            case 7 -> "\"multipleOf\":" + pick("1", "2", "0.5", "3");
            case 8 -> "\"minLength\":" + random.nextInt(3);
            case 9 -> "\"maxLength\":" + random.nextInt(3);
            case 10 -> "\"pattern\":" + quoted(pick("^a", "b$", "^a*$", "ab"));
            case 11 -> "\"minItems\":" + random.nextInt(3);
            case 12 -> "\"maxItems\":" + random.nextInt(3);
            case 13 -> "\"required\":[" + quoted(pick(NAMES)) + "]";
            case 14 -> "\"minProperties\":" + random.nextInt(3);
            default -> "\"maxProperties\":" + random.nextInt(3);
        };
    }

    private String combined(int depth) {
        return switch (random.nextInt(20)) {
            case 0 -> "\"allOf\":[" + schema(depth) + "," + schema(depth) + "]";
            case 1, 2 -> "\"anyOf\":[" + schema(depth) + "," + schema(depth) + "]";
            case 3, 4 -> "\"oneOf\":[" + schema(depth) + "," + schema(depth) + "]";
            case 5, 6 -> "\"not\":" + schema(depth);
            case 7, 8 ->
                    "\"if\":"
                            + schema(depth)
                            + ",\"then\":"
                            + schema(depth)
                            + ",\"else\":"
                            + schema(depth);
            case 9, 10 ->
                    "\"properties\":{"
                            + quoted("a")
                            + ":"
                            + schema(depth)
                            + ","
                            + quoted("b")
                            + ":"
                            + schema(depth)
                            + "}";
            case 11 ->
                    "\"patternProperties\":{"
                            + quoted(pick("a", "^b", "c$"))
                            + ":"
                            + schema(depth)
                            + "}";
            case 12 -> "\"additionalProperties\":" + schema(depth);
            case 13 -> "\"prefixItems\":[" + schema(depth) + "," + schema(depth) + "]";
            case 14 -> "\"items\":" + schema(depth);
            case 15 ->
                    "\"contains\":"
                            + schema(depth)
                            + ",\"minContains\":"
                            + random.nextInt(3)
                            + (random.nextBoolean() ? ",\"maxContains\":" + random.nextInt(3) : "");
            case 16 -> "\"dependentSchemas\":{" + quoted(pick(NAMES)) + ":" + schema(depth) + "}";
            case 17 ->
                    "\"dependentRequired\":{"
                            + quoted(pick(NAMES))
                            + ":["
                            + quoted(pick(NAMES))
                            + "]}";
            case 18 -> "\"unevaluatedProperties\":" + schema(depth);
            default -> "\"unevaluatedItems\":" + schema(depth);
        };
    }

    String value(int depth) {
        int kind = random.nextInt(depth > 0 ? 12 : 8);
        if (kind < 2) {
            return pick("null", "true", "false");
        }
        if (kind < 5) {
            return pick(NUMBERS);
        }
        if (kind < 8) {
            return quoted(pick(STRINGS));
        }
        List<String> parts = new ArrayList<>();
        if (kind < 10) {
            for (int left = random.nextInt(4); left > 0; left--) {
                parts.add(value(depth - 1));
            }
            return "[" + String.join(",", parts) + "]";
        }
        List<String> names = new ArrayList<>(List.of(NAMES));
        for (int left = random.nextInt(4); left > 0; left--) {
            String name = names.remove(random.nextInt(names.size()));
            parts.add(quoted(name) + ":" + value(depth - 1));
        }
        return "{" + String.join(",", parts) + "}";
    }
}
