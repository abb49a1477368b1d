package autark.text.template;

import autark.text.template.Value.Int;
import autark.text.template.Value.Str;

/// Python's `"{} has {count:,}".format(name, count=3)`.
final class BraceFormat {
    private final Str format;
    private final Arguments arguments;
    private final Rendering rendering;
    private final TextBuilder out;
    private int automatic;

    private BraceFormat(Str format, Arguments arguments, Rendering rendering) {
        this.format = format;
        this.arguments = arguments;
        this.rendering = rendering;
        out = new TextBuilder(rendering);
    }

    static Str format(Str format, Arguments arguments, Rendering rendering) {
        BraceFormat run = new BraceFormat(format, arguments, rendering);
        run.writeAll();
        return TextMethods.like(format, run.out.toString());
    }

    private void writeAll() {
        String text = format.text();
        int position = 0;
        while (position < text.length()) {
            char character = text.charAt(position);
            boolean doubled = text.startsWith(String.valueOf(character), position + 1);
            if (character != '{' && character != '}') {
                int end = nextBrace(text, position);
                out.append(text, position, end);
                position = end;
            } else if (doubled) {
                out.append(character);
                position += 2;
            } else if (character == '}') {
                throw TemplateException.render("the format has a single '}'; write '}}'");
            } else {
                int end = text.indexOf('}', position);
                if (end < 0) {
                    throw TemplateException.render("the format has a '{' without '}'");
                }
                field(text.substring(position + 1, end));
                position = end + 1;
            }
        }
    }

    private static int nextBrace(String text, int start) {
        int position = start;
        while (position < text.length()
                && text.charAt(position) != '{'
                && text.charAt(position) != '}') {
            position++;
        }
        return position;
    }

    /// Writes `name.attribute[key]!conversion:spec`.
    private void field(String field) {
        rendering.charge(1);
        int colon = field.indexOf(':');
        String head = colon < 0 ? field : field.substring(0, colon);
        String spec = colon < 0 ? "" : field.substring(colon + 1);
        int mark = head.indexOf('!');
        String conversion = mark < 0 ? "" : head.substring(mark + 1);
        Value value = value(mark < 0 ? head : head.substring(0, mark));
        if (conversion.equals("r") || conversion.equals("a")) {
            TextBuilder text = new TextBuilder(rendering);
            PythonText.represent(value, text);
            value = text.toStr();
        } else if (conversion.equals("s")) {
            value = new Str(PythonText.of(value, rendering));
        } else if (!conversion.isEmpty()) {
            throw TemplateException.render("a format has no conversion '!" + conversion + "'");
        }
        boolean escapes = format.markup() && !(value instanceof Str str && str.markup());
        if (escapes) {
            value = new Str(Html.escape(PythonText.of(value, rendering), rendering));
        }
        if (spec.isEmpty()) {
            PythonText.print(value, out);
        } else {
            FormatSpec parsed = spec(spec);
            requireSuited(parsed, value);
            parsed.write(value, out);
        }
    }

    /// Refuses what `%` allows and this format does not.
    private static void requireSuited(FormatSpec spec, Value value) {
        boolean precise = spec.precision() != FormatSpec.NO_PRECISION;
        boolean suited =
                value instanceof Str
                        ? spec.sign() == '-'
                        : value instanceof Value.Real
                                ? spec.type() != 'd'
                                : !precise || !spec.isInteger();
        if (!suited) {
            throw TemplateException.render(
                    "the format specification does not suit a value of type " + value.typeName());
        }
    }

    private Value value(String path) {
        int end = 0;
        while (end < path.length() && path.charAt(end) != '.' && path.charAt(end) != '[') {
            end++;
        }
        Value value = argument(path.substring(0, end));
        while (end < path.length()) {
            boolean element = path.charAt(end) == '[';
            int start = end + 1;
            end = start;
            while (end < path.length() && ".[]".indexOf(path.charAt(end)) < 0) {
                end++;
            }
            String part = path.substring(start, end);
            value =
                    element
                            ? Access.element(value, key(part), rendering)
                            : Access.attribute(value, part);
            Operators.requireDefined(value);
            end += element && path.startsWith("]", end) ? 1 : 0;
        }
        return value;
    }

    private static Value key(String text) {
        return isNumber(text) ? new Int(Integer.parseInt(text)) : new Str(text);
    }

    private static boolean isNumber(String text) {
        return text.length() <= 9 && TextCase.is("isdigit", text);
    }

    private Value argument(String name) {
        if (name.isEmpty() || isNumber(name)) {
            int index = name.isEmpty() ? automatic++ : Integer.parseInt(name);
            if (index >= arguments.positional().size()) {
                throw TemplateException.render(
                        "the format takes the value "
                                + index
                                + ", found "
                                + arguments.positional().size()
                                + " values");
            }
            return arguments.positional().get(index);
        }
        Value value = arguments.named().get(name);
        if (value == null) {
            throw TemplateException.render("the format expects the value '" + name + "'");
        }
        return value;
    }

    /// Reads `[[fill]align][sign][#][0][width][grouping][.precision][type]`.
    private static FormatSpec spec(String text) {
        SpecReader reader = new SpecReader(text);
        char fill = ' ';
        char align = 0;
        if (text.length() > 1 && "<>=^".indexOf(text.charAt(1)) >= 0) {
            fill = reader.any();
        }
        if (reader.at("<>=^")) {
            align = reader.any();
        }
        char sign = reader.at("+- ") ? reader.any() : '-';
        boolean alternate = reader.at("#") && reader.any() == '#';
        if (reader.at("0") && align == 0) {
            fill = '0';
            align = '=';
        }
        int width = reader.number();
        char grouping = reader.at(",_") ? reader.any() : 0;
        int precision = FormatSpec.NO_PRECISION;
        if (reader.at(".")) {
            reader.any();
            precision = reader.number();
        }
        char type = reader.at("bcdeEfFgGnosxX%") ? reader.any() : 0;
        if (!reader.atEnd()) {
            throw TemplateException.render("the format specification '" + text + "' is not valid");
        }
        return new FormatSpec(fill, align, sign, alternate, width, grouping, precision, type);
    }

    /// Reads a specification from left to right.
    private static final class SpecReader {
        private final String text;
        private int position;

        SpecReader(String text) {
            this.text = text;
        }

        boolean atEnd() {
            return position == text.length();
        }

        boolean at(String characters) {
            return !atEnd() && characters.indexOf(text.charAt(position)) >= 0;
        }

        char any() {
            return text.charAt(position++);
        }

        int number() {
            long number = 0;
            while (at("0123456789")) {
                number = Math.min(number * 10 + any() - '0', Integer.MAX_VALUE);
            }
            return (int) number;
        }
    }
}
