package autark.text.template;

import autark.text.template.Value.Int;
import autark.text.template.Value.None;
import autark.text.template.Value.Sequence;
import autark.text.template.Value.Str;
import java.util.ArrayList;
import java.util.List;

/// The filters that give a text. Each takes any value and works on its text.
final class TextFilters {
    private TextFilters() {}

    static Value apply(String name, Value value, Arguments arguments, Rendering rendering) {
        if (name.equals("join")) {
            return join(value, arguments, rendering);
        }
        if (name.equals("indent") && !(value instanceof Str)) {
            Operators.requireDefined(value);
            throw TemplateException.render("indent expects a text, found " + value.typeName());
        }
        Str text = value instanceof Str str ? str : new Str(PythonText.of(value, rendering));
        rendering.charge(1);
        return switch (name) {
            case "trim" -> TextMethods.call(text, "strip", arguments, rendering);
            case "upper", "lower", "capitalize" ->
                    TextMethods.call(text, name, arguments, rendering);
            case "replace" -> replace(text, arguments, rendering);
            case "indent" -> indent(text, arguments, rendering);
            case "format" -> format(text, arguments, rendering);
            default -> {
                arguments.requireNone(name);
                yield switch (name) {
                    case "string" -> text;
                    case "title" -> {
                        rendering.chargeConversion(text.text());
                        yield TextMethods.like(text, TextCase.filterTitle(text.text()));
                    }
                    case "safe" -> new Str(text.text(), true);
                    case "escape", "e" -> Html.escaped(text, rendering);
                    default -> throw TemplateException.render("there is no filter '" + name + "'");
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
        rendering.chargeConversion(text.text());
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

    /// The texts of values.
    static List<String> texts(List<Value> values, Rendering rendering) {
        List<String> texts = new ArrayList<>(values.size());
        for (Value value : values) {
            texts.add(PythonText.of(value, rendering));
        }
        return texts;
    }
}
