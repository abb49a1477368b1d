package autark.text.template;

import autark.text.template.Value.Int;
import autark.text.template.Value.None;
import autark.text.template.Value.Sequence;
import autark.text.template.Value.Str;
import java.util.ArrayList;
import java.util.List;

/// The filters that give a text. Each takes any value and works on its text.
final class TextFilters {
    private static final int TRUNCATE_LEEWAY_CHARS = 5;

    private TextFilters() {}

    static Value apply(String name, Value value, Arguments arguments, Rendering rendering) {
        if (name.equals("join")) {
            return join(value, arguments, rendering);
        }
        Str text = value instanceof Str str ? str : new Str(PythonText.of(value, rendering));
        rendering.charge(text.weight());
        return switch (name) {
            case "trim" -> TextMethods.call(text, "strip", arguments, rendering);
            case "upper", "lower", "capitalize" ->
                    TextMethods.call(text, name, arguments, rendering);
            case "replace" -> replace(text, arguments, rendering);
            case "indent" -> indent(text, arguments, rendering);
            case "center" ->
                    TextMethods.pad(
                            text, name, arguments.bind(name, "width").count(0, 80), " ", rendering);
            case "format" -> format(text, arguments, rendering);
            case "truncate" -> truncate(text, arguments, rendering);
            default -> {
                arguments.requireNone(name);
                yield switch (name) {
                    case "string" -> text;
                    case "title" -> TextMethods.like(text, TextCase.filterTitle(text.text()));
                    case "safe" -> new Str(text.text(), true);
                    case "escape", "e" ->
                            text.markup() ? text : new Str(Html.escape(text.text()), true);
                    case "wordcount" -> new Int(wordCount(text.text()));
                    default -> throw new AssertionError("not a filter of texts: " + name);
                };
            }
        };
    }

    private static Str join(Value value, Arguments arguments, Rendering rendering) {
        Arguments.Bound bound = arguments.bind("join", "d", "attribute");
        String separator = PythonText.of(bound.or(0, Str.EMPTY), rendering);
        List<Value> items = Operators.iterate(value, rendering);
        if (bound.or(1, None.NONE) != None.NONE) {
            items = new AttributePath(bound.required(1)).ofAll(items, rendering);
        }
        TextBuilder text = new TextBuilder(rendering);
        String between = "";
        for (Value item : items) {
            rendering.charge(1);
            text.append(between);
            PythonText.print(item, text);
            between = separator;
        }
        return text.toStr();
    }

    /// The filter's result is never markup, unlike the method's.
    private static Str replace(Str text, Arguments arguments, Rendering rendering) {
        Arguments.Bound bound = arguments.bind("replace", "old", "new", "count");
        return TextMethods.replace(
                new Str(text.text()),
                PythonText.of(bound.required(0), rendering),
                PythonText.of(bound.required(1), rendering),
                bound.count(2, -1),
                rendering);
    }

    private static Str indent(Str text, Arguments arguments, Rendering rendering) {
        Arguments.Bound bound = arguments.bind("indent", "width", "first", "blank");
        String indention =
                bound.or(0, new Int(4)) instanceof Str str
                        ? str.text()
                        : new TextBuilder(rendering).repeat(" ", bound.count(0, 4)).toString();
        boolean blank = bound.truth(2, false);
        TextBuilder result = new TextBuilder(rendering);
        result.append(bound.truth(1, false) ? indention : "");
        List<String> lines = TextSplitting.lines(text.text() + "\n", false);
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (i > 0) {
                result.append('\n').append(blank || !line.isEmpty() ? indention : "");
            }
            result.append(line);
        }
        return TextMethods.like(text, result.toString());
    }

    private static Str format(Str text, Arguments arguments, Rendering rendering) {
        if (!arguments.named().isEmpty() && !arguments.positional().isEmpty()) {
            throw TemplateException.render(
                    "format takes arguments with names or without, not both");
        }
        Value values =
                arguments.named().isEmpty()
                        ? Sequence.tuple(arguments.positional())
                        : DictMethods.merged(arguments);
        return PercentFormat.format(text, values, rendering);
    }

    private static Str truncate(Str text, Arguments arguments, Rendering rendering) {
        Arguments.Bound bound = arguments.bind("truncate", "length", "killwords", "end", "leeway");
        int length = bound.count(0, 255);
        String end = bound.text(2, "...");
        int kept = length - end.codePointCount(0, end.length());
        if (kept < 0) {
            throw TemplateException.render("truncate expects a length of at least that of its end");
        }
        if (text.length() <= length + (long) bound.count(3, TRUNCATE_LEEWAY_CHARS)) {
            return text;
        }
        String head = text.text().substring(0, text.text().offsetByCodePoints(0, kept));
        int blank = bound.truth(1, false) ? -1 : head.lastIndexOf(' ');
        return rendering.text((blank < 0 ? head : head.substring(0, blank)) + end);
    }

    private static int wordCount(String text) {
        int count = 0;
        boolean inside = false;
        for (int i = 0; i < text.length(); i++) {
            char character = text.charAt(i);
            boolean part = character == '_' || Character.isLetterOrDigit(character);
            count += part && !inside ? 1 : 0;
            inside = part;
        }
        return count;
    }

    /// The texts of values.
    static List<String> texts(List<Value> values, Rendering rendering) {
        List<String> texts = new ArrayList<>(values.size());
        for (Value value : values) {
            texts.add(PythonText.of(value, rendering));
        }
        return texts;
    }
}
