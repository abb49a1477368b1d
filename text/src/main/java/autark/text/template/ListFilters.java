package autark.text.template;

import autark.text.template.Value.Generator;
import autark.text.template.Value.Int;
import autark.text.template.Value.None;
import autark.text.template.Value.Sequence;
import autark.text.template.Value.Str;
import autark.text.template.Value.Undefined;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// The filters that walk through the items of a value.
final class ListFilters {
    private ListFilters() {}

    static Value apply(String name, Value value, Arguments arguments, Rendering rendering) {
        return switch (name) {
            case "list" -> {
                arguments.requireNone(name);
                yield rendering.list(Operators.iterate(value, rendering));
            }
            case "first", "last" -> end(name, value, arguments, rendering);
            case "reverse" -> reverse(value, arguments, rendering);
            case "sort" -> sort(value, arguments, rendering);
            case "unique" -> unique(value, arguments, rendering);
            case "map" -> new Generator(map(value, arguments, rendering));
            case "select", "reject", "selectattr", "rejectattr" ->
                    new Generator(select(name, value, arguments, rendering));
            case "min", "max" -> extreme(name, value, arguments, rendering);
            case "sum" -> sum(value, arguments, rendering);
            default -> TextFilters.apply(name, value, arguments, rendering);
        };
    }

    private static Value end(String name, Value value, Arguments arguments, Rendering rendering) {
        arguments.requireNone(name);
        boolean first = name.equals("first");
        if (value instanceof Generator generator) {
            if (!first) {
                throw TemplateException.render("last expects a list; make the generator one");
            }
            return generator.isEmpty() ? nothing(name) : generator.next();
        }
        if (value instanceof Str str && str.truth()) {
            return Access.element(str, new Int(first ? 0 : -1), rendering);
        }
        List<Value> items = Operators.iterate(value, rendering);
        if (items.isEmpty()) {
            return nothing(name);
        }
        return first ? items.getFirst() : items.getLast();
    }

    private static Undefined nothing(String name) {
        return new Undefined("there is no " + name + " item, the sequence is empty");
    }

    private static Value reverse(Value value, Arguments arguments, Rendering rendering) {
        arguments.requireNone("reverse");
        if (value instanceof Str str) {
            rendering.chargeScan(str.text());
            return TextMethods.like(str, new StringBuilder(str.text()).reverse().toString());
        }
        List<Value> items = new ArrayList<>(Operators.iterate(value, rendering));
        rendering.reserveItems(items.size());
        Collections.reverse(items);
        return value instanceof Generator ? Sequence.list(items) : new Generator(items);
    }

    private static Sequence sort(Value value, Arguments arguments, Rendering rendering) {
        Arguments.Bound bound = arguments.bind("sort", "reverse", "case_sensitive", "attribute");
        List<AttributePath> paths = new ArrayList<>();
        if (bound.or(2, None.NONE) instanceof Str names) {
            for (String name : names.text().split(",", -1)) {
                paths.add(new AttributePath(new Str(name)));
            }
        } else {
            paths.add(new AttributePath(bound.or(2, None.NONE)));
        }
        Sorting sorting = new Sorting(paths, bound.truth(1, false), bound.truth(0, false));
        return Sequence.list(sorting.sorted(Operators.iterate(value, rendering), rendering));
    }

    private static Generator unique(Value value, Arguments arguments, Rendering rendering) {
        Arguments.Bound bound = arguments.bind("unique", "case_sensitive", "attribute");
        AttributePath path = new AttributePath(bound.or(1, None.NONE));
        Sorting sorting = new Sorting(List.of(path), bound.truth(0, false), false);
        Set<Object> seen = new HashSet<>();
        List<Value> kept = new ArrayList<>();
        for (Value item : Operators.iterate(value, rendering)) {
            Value key = sorting.folded(path.of(item, rendering), rendering);
            rendering.charge(key.weight());
            if (seen.add(Operators.key(key))) {
                kept.add(item);
            }
        }
        return new Generator(kept);
    }

    private static List<Value> map(Value value, Arguments arguments, Rendering rendering) {
        // Jinja looks at the value's truth first: what is false is empty, whatever it is.
        List<Value> items = value.truth() ? Operators.iterate(value, rendering) : List.of();
        if (!arguments.positional().isEmpty()) {
            if (!(arguments.positional().getFirst() instanceof Str filter)) {
                throw TemplateException.render("map expects the name of a filter");
            }
            return Filters.applyAll(filter.text(), items, arguments.withoutFirst(), rendering);
        }
        Arguments.Bound bound = arguments.bind("map", "attribute", "default");
        List<Value> found = new AttributePath(bound.required(0)).ofAll(items, rendering);
        Value fallback = bound.or(1, None.NONE);
        for (int i = 0; fallback != None.NONE && i < found.size(); i++) {
            if (found.get(i) instanceof Undefined) {
                found.set(i, fallback);
            }
        }
        return found;
    }

    private static List<Value> select(
            String name, Value value, Arguments arguments, Rendering rendering) {
        boolean wanted = name.startsWith("select");
        Arguments rest = arguments;
        AttributePath path = new AttributePath(None.NONE);
        if (name.endsWith("attr")) {
            if (rest.positional().isEmpty()) {
                throw TemplateException.render(name + " expects the name of an attribute");
            }
            path = new AttributePath(rest.positional().getFirst());
            rest = rest.withoutFirst();
        }
        List<Value> kept = new ArrayList<>();
        List<Value> items = value.truth() ? Operators.iterate(value, rendering) : List.of();
        for (Value item : items) {
            rendering.charge(1);
            if (passes(path.of(item, rendering), rest, rendering) == wanted) {
                kept.add(item);
            }
        }
        return kept;
    }

    private static boolean passes(Value value, Arguments test, Rendering rendering) {
        if (test.positional().isEmpty()) {
            return value.truth();
        }
        String name = PythonText.of(test.positional().getFirst(), rendering);
        return Tests.passes(name, value, test.withoutFirst(), rendering);
    }

    private static Value extreme(
            String name, Value value, Arguments arguments, Rendering rendering) {
        Arguments.Bound bound = arguments.bind(name, "case_sensitive", "attribute");
        AttributePath path = new AttributePath(bound.or(1, None.NONE));
        Sorting sorting = new Sorting(List.of(path), bound.truth(0, false), name.equals("max"));
        List<Value> sorted = sorting.sorted(Operators.iterate(value, rendering), rendering);
        return sorted.isEmpty() ? nothing(name) : sorted.getFirst();
    }

    private static Value sum(Value value, Arguments arguments, Rendering rendering) {
        Arguments.Bound bound = arguments.bind("sum", "attribute", "start");
        AttributePath path = new AttributePath(bound.or(0, None.NONE));
        Value sum = bound.or(1, new Int(0));
        for (Value item : Operators.iterate(value, rendering)) {
            rendering.charge(1);
            sum =
                    Operators.arithmetic(
                            Operators.Arithmetic.ADD, sum, path.of(item, rendering), rendering);
        }
        return sum;
    }
}
