package autark.checks.deploy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The part of Helm's template language that our chart keeps to. All else is refused, and so is a
/// value that is not there.
final class ChartTemplate {
    private static final Pattern ACTION =
            Pattern.compile("(\\s*\\{\\{-|\\{\\{)\\s*(.*?)\\s*}}", Pattern.DOTALL);
    private static final Pattern WORD = Pattern.compile("\"[^\"]*\"|\\S+");

    private final Map<String, Object> root;
    private final Set<String> used = new TreeSet<>();

    /// @param root `Values`, `Release` and `Chart`
    ChartTemplate(Map<String, Object> root) {
        this.root = root;
    }

    private sealed interface Node {
        record Text(String text) implements Node {}

        record Output(String expression) implements Node {}

        record Block(String kind, String condition, List<Node> nodes, List<Node> otherwise)
                implements Node {}
    }

    /// The paths of the values that were looked at.
    Set<String> used() {
        return used;
    }

    String render(String template) {
        Deque<Node> tokens = new ArrayDeque<>();
        Matcher action = ACTION.matcher(template);
        int end = 0;
        while (action.find()) {
            tokens.add(new Node.Text(template.substring(end, action.start())));
            boolean trims = action.group(1).endsWith("-");
            if (!trims) {
                tokens.add(new Node.Text(action.group(1).replace("{{", "")));
            }
            tokens.add(new Node.Output(action.group(2)));
            end = action.end();
        }
        tokens.add(new Node.Text(template.substring(end)));
        List<Node> nodes = nodes(tokens);
        if (!tokens.isEmpty()) {
            throw new IllegalArgumentException("found an end without a begin");
        }
        StringBuilder out = new StringBuilder();
        render(nodes, root, out);
        return out.toString();
    }

    /// What is before the `else` or `end` that belongs to nobody here; it is left.
    private static List<Node> nodes(Deque<Node> tokens) {
        List<Node> nodes = new ArrayList<>();
        while (!tokens.isEmpty()) {
            Node token = tokens.remove();
            if (!(token instanceof Node.Output(String expression))) {
                nodes.add(token);
                continue;
            }
            String kind = expression.split(" ", 2)[0];
            switch (kind) {
                case "end", "else" -> {
                    tokens.push(token);
                    return nodes;
                }
                case "if", "with", "range" -> nodes.add(block(kind, expression, tokens));
                default -> nodes.add(token);
            }
        }
        return nodes;
    }

    private static Node block(String kind, String expression, Deque<Node> tokens) {
        List<Node> nodes = nodes(tokens);
        List<Node> otherwise = List.of();
        Node last = tokens.remove();
        if (last.equals(new Node.Output("else"))) {
            otherwise = nodes(tokens);
            last = tokens.remove();
        }
        if (!last.equals(new Node.Output("end"))) {
            throw new IllegalArgumentException("found no end of: " + expression);
        }
        return new Node.Block(kind, expression.substring(kind.length()).strip(), nodes, otherwise);
    }

    private void render(List<Node> nodes, Object dot, StringBuilder out) {
        for (Node node : nodes) {
            switch (node) {
                case Node.Text(String text) -> out.append(text);
                case Node.Output(String expression) -> out.append(text(value(expression, dot)));
                case Node.Block block -> render(block, dot, out);
            }
        }
    }

    private void render(Node.Block block, Object dot, StringBuilder out) {
        Object value = value(block.condition(), dot);
        if (!isTrue(value)) {
            render(block.otherwise(), dot, out);
            return;
        }
        switch (block.kind()) {
            case "if" -> render(block.nodes(), dot, out);
            case "with" -> render(block.nodes(), value, out);
            default -> {
                for (Object element : (List<?>) value) {
                    render(block.nodes(), element, out);
                }
            }
        }
    }

    private static boolean isTrue(Object value) {
        return switch (value) {
            case Map<?, ?> map -> !map.isEmpty();
            case List<?> list -> !list.isEmpty();
            default -> !Set.of("", "false", "0").contains(text(value));
        };
    }

    private static String text(Object value) {
        return value instanceof Yaml.Scalar scalar ? scalar.text() : value.toString();
    }

    private Object value(String pipeline, Object dot) {
        Object value = "";
        boolean first = true;
        for (String call : pipeline.split("\\|", -1)) {
            List<String> words = new ArrayList<>();
            WORD.matcher(call).results().forEach(word -> words.add(word.group()));
            value = first ? first(words, dot) : apply(words, value, dot);
            first = false;
        }
        return value;
    }

    private Object first(List<String> words, Object dot) {
        Object last = argument(words.getLast(), dot);
        return switch (words.getFirst()) {
            case "toYaml" -> Yaml.write(last);
            case "not" -> isTrue(last) ? "false" : "true";
            case String _ when words.size() == 1 -> last;
            default -> throw new IllegalArgumentException("found no such function: " + words);
        };
    }

    private Object apply(List<String> words, Object value, Object dot) {
        return switch (words.getFirst()) {
            case "quote" -> "\"" + text(value) + "\"";
            case "default" -> isTrue(value) ? value : argument(words.get(1), dot);
            case "replace" ->
                    text(value)
                            .replace(
                                    text(argument(words.get(1), dot)),
                                    text(argument(words.get(2), dot)));
            case "lower" -> text(value).toLowerCase(Locale.ROOT);
            case "trunc" ->
                    text(value)
                            .substring(
                                    0,
                                    Math.min(text(value).length(), Integer.parseInt(words.get(1))));
            case "trimSuffix" ->
                    text(value).endsWith(text(argument(words.get(1), dot)))
                            ? text(value).substring(0, text(value).length() - 1)
                            : value;
            case "nindent" ->
                    "\n" + text(value).indent(Integer.parseInt(words.get(1))).stripTrailing();
            default -> throw new IllegalArgumentException("found no such function: " + words);
        };
    }

    private Object argument(String word, Object dot) {
        if (word.startsWith("\"")) {
            return word.substring(1, word.length() - 1);
        }
        String path = word.startsWith("$") ? word.substring(1) : word;
        if (path.equals(".")) {
            return dot;
        }
        Object value = root;
        used.add(path.substring(1));
        for (String name : path.substring(1).split("\\.", -1)) {
            Object inner = value instanceof Map<?, ?> map ? map.get(name) : null;
            if (inner == null) {
                throw new IllegalArgumentException("found no value " + word);
            }
            value = inner;
        }
        return value;
    }
}
