package autark.text.template;

import autark.text.template.Value.Int;
import autark.text.template.Value.Sequence;
import java.util.ArrayList;
import java.util.List;

/// A function that every template knows.
enum Function implements Callable {
    RANGE("range"),
    DICT("dict"),
    NAMESPACE("namespace"),
    RAISE_EXCEPTION("raise_exception"),
    STRFTIME_NOW("strftime_now");

    private static final int STEPS_PER_TIME_FIELD = 10;

    private final String name;

    Function(String name) {
        this.name = name;
    }

    /// The function of that name, or an undefined value.
    static Value named(String name) {
        for (Function function : values()) {
            if (function.name.equals(name)) {
                return function;
            }
        }
        return new Undefined("'" + name + "' is undefined");
    }

    @Override
    public String typeName() {
        return "function";
    }

    @Override
    public Value call(Arguments arguments, Rendering rendering) {
        return switch (this) {
            case RANGE -> range(arguments, rendering);
            case DICT -> DictMethods.merged(arguments);
            case NAMESPACE -> namespace(arguments);
            case RAISE_EXCEPTION -> {
                TextBuilder message = new TextBuilder(rendering);
                PythonText.print(arguments.bind(name, "message").required(0), message);
                throw new TemplateException(
                        TemplateException.Kind.RAISED, rendering.line(), message.toString());
            }
            case STRFTIME_NOW -> {
                String format = arguments.bind(name, "format").text(0);
                rendering.charge((long) format.length() * STEPS_PER_TIME_FIELD);
                yield rendering.text(TimeFormat.format(format, rendering.now()));
            }
        };
    }

    private static Sequence range(Arguments arguments, Rendering rendering) {
        Arguments.Bound bound = arguments.bind("range", "start", "stop", "step");
        int first = bound.count(0, 0);
        int start = bound.has(1) ? first : 0;
        int stop = bound.has(1) ? bound.count(1, 0) : first;
        int step = bound.count(2, 1);
        if (step == 0) {
            throw TemplateException.render("range expects a 'step' other than 0");
        }
        long distance = step > 0 ? (long) stop - start : (long) start - stop;
        long count = Math.max(0, Math.ceilDiv(distance, Math.abs((long) step)));
        if (count > Limits.MAX_RANGE_ITEMS) {
            throw Limits.exceeded(
                    "a range may have " + Limits.MAX_RANGE_ITEMS + " items, found " + count);
        }
        rendering.reserveItems(count);
        List<Value> items = new ArrayList<>((int) count);
        for (long i = 0; i < count; i++) {
            items.add(new Int(start + i * step));
        }
        return Sequence.of(Sequence.Kind.RANGE, items);
    }

    private static Namespace namespace(Arguments arguments) {
        Namespace namespace = new Namespace();
        for (Dict.Entry entry : DictMethods.merged(arguments).entries().values()) {
            namespace.attributes().put(entryName(entry.key()), entry.value());
        }
        return namespace;
    }

    private static String entryName(Value key) {
        if (key instanceof Str name) {
            return name.text();
        }
        throw TemplateException.render(
                "namespace expects names of attributes, found " + key.typeName());
    }
}
