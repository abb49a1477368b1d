package autark.text.template;

import autark.text.template.Value.Dict;
import autark.text.template.Value.Sequence;
import autark.text.template.Value.Str;
import java.util.List;

/// Python's `"%s has %d" % (name, count)`.
final class PercentFormat {
    private static final String CONVERSIONS = "sradiuoxXeEfFgGc";

    private final Str format;
    private final Value values;
    private final List<Value> positional;
    private final boolean mayBeLeft;
    private final Rendering rendering;
    private final TextBuilder out;
    private int position;
    private int used;

    private PercentFormat(Str format, Value values, Rendering rendering) {
        this.format = format;
        this.values = values;
        this.rendering = rendering;
        out = new TextBuilder(rendering);
        boolean tuple =
                values instanceof Sequence sequence && sequence.kind() == Sequence.Kind.TUPLE;
        positional = tuple ? ((Sequence) values).items() : List.of(values);
        // Python lets a container that is no tuple be left over.
        mayBeLeft = !tuple && !(values instanceof Str) && Tests.isSequence(values);
    }

    static Str format(Str format, Value values, Rendering rendering) {
        PercentFormat run = new PercentFormat(format, values, rendering);
        run.writeAll();
        return TextMethods.like(format, run.out.toString());
    }

    private void writeAll() {
        String text = format.text();
        boolean named = false;
        for (int at = text.indexOf('%'); at >= 0; at = text.indexOf('%', position)) {
            out.append(text, position, at);
            position = at + 1;
            named |= text.startsWith("(", position);
            write();
        }
        out.append(text, position, text.length());
        if (used < positional.size() && !named && !mayBeLeft) {
            throw TemplateException.render(
                    "the format takes " + used + " values, found " + positional.size());
        }
    }

    /// Writes the conversion after a percent sign.
    private void write() {
        rendering.charge(1);
        if (current() == '%') {
            position++;
            out.append('%');
            return;
        }
        Value named = current() == '(' ? named() : null;
        FormatSpec flags = flags();
        int width = number();
        int precision = FormatSpec.NO_PRECISION;
        if (current() == '.') {
            position++;
            precision = number();
        }
        char type = current();
        if (CONVERSIONS.indexOf(type) < 0) {
            throw TemplateException.render("a format has no conversion '%" + type + "'");
        }
        position++;
        Value value = named == null ? next() : named;
        FormatSpec spec =
                new FormatSpec(
                        flags.fill(),
                        flags.align(),
                        flags.sign(),
                        flags.alternate(),
                        width,
                        (char) 0,
                        precision,
                        type);
        convert(value, spec);
    }

    private void convert(Value value, FormatSpec spec) {
        char type = spec.type();
        if (type == 's') {
            boolean escapes = format.markup() && !(value instanceof Str str && str.markup());
            String text = PythonText.of(value, rendering);
            spec.text(escapes ? Html.escape(text, rendering) : text, out);
        } else if (type == 'r' || type == 'a') {
            TextBuilder text = new TextBuilder(rendering);
            PythonText.represent(value, text);
            spec.text(text.toString(), out);
        } else if (type == 'c' && value instanceof Str str && str.length() == 1) {
            spec.text(str.text(), out);
        } else {
            spec.write(value, out);
        }
    }

    private char current() {
        if (position >= format.text().length()) {
            throw TemplateException.render("the format ends inside of a conversion");
        }
        return format.text().charAt(position);
    }

    private Value named() {
        int end = format.text().indexOf(')', position);
        if (end < 0 || !(values instanceof Dict dict)) {
            throw TemplateException.render(
                    "a format with names expects a dict, found " + values.typeName());
        }
        String name = format.text().substring(position + 1, end);
        position = end + 1;
        Dict.Entry entry = dict.entries().get(name);
        if (entry == null) {
            throw TemplateException.render("the format expects the key '" + name + "'");
        }
        return entry.value();
    }

    private Value next() {
        if (used >= positional.size()) {
            throw TemplateException.render(
                    "the format takes more than the " + positional.size() + " values given");
        }
        return positional.get(used++);
    }

    private FormatSpec flags() {
        boolean left = false;
        boolean zero = false;
        boolean alternate = false;
        char sign = '-';
        while ("-+ #0".indexOf(current()) >= 0) {
            switch (current()) {
                case '-' -> left = true;
                case '0' -> zero = true;
                case '#' -> alternate = true;
                case '+' -> sign = '+';
                default -> sign = sign == '+' ? '+' : ' ';
            }
            position++;
        }
        char align = left ? '<' : zero ? '=' : '>';
        char fill = zero && !left ? '0' : ' ';
        return new FormatSpec(fill, align, sign, alternate, 0, (char) 0, 0, 's');
    }

    /// Reads digits; no digits are 0.
    private int number() {
        long number = 0;
        while (current() >= '0' && current() <= '9') {
            number = Math.min(number * 10 + current() - '0', Integer.MAX_VALUE);
            position++;
        }
        return (int) number;
    }
}
