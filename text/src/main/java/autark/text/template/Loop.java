package autark.text.template;

import autark.text.template.Value.Bool;
import autark.text.template.Value.Int;
import autark.text.template.Value.Undefined;
import java.util.List;

/// The variable `loop` inside a for statement.
final class Loop implements Callable {
    private final Statement.For statement;
    private final Scope scope;
    private final List<Value> items;
    private final int depth0;
    private int index0;
    private Value lastChanged = new Undefined("nothing was compared yet");

    /// @param scope the scope around the statement
    Loop(Statement.For statement, Scope scope, List<Value> items, int depth0) {
        this.statement = statement;
        this.scope = scope;
        this.items = items;
        this.depth0 = depth0;
    }

    void moveTo(int index) {
        index0 = index;
    }

    @Override
    public String typeName() {
        return "LoopContext";
    }

    Value attribute(String name) {
        return switch (name) {
            case "index" -> new Int(index0 + 1L);
            case "index0" -> new Int(index0);
            case "first" -> Bool.of(index0 == 0);
            case "last" -> Bool.of(index0 == items.size() - 1);
            case "length" -> new Int(items.size());
            case "revindex" -> new Int((long) items.size() - index0);
            case "revindex0" -> new Int(items.size() - index0 - 1L);
            case "depth" -> new Int(depth0 + 1L);
            case "depth0" -> new Int(depth0);
            case "previtem" -> neighbour(index0 - 1, "there is no previous item");
            case "nextitem" -> neighbour(index0 + 1, "there is no next item");
            case "cycle", "changed" -> new Method(this, name);
            default -> new Undefined("'loop' has no attribute '" + name + "'");
        };
    }

    private Value neighbour(int index, String absent) {
        return index >= 0 && index < items.size() ? items.get(index) : new Undefined(absent);
    }

    /// Calls `cycle` or `changed`.
    Value callMethod(String name, Arguments arguments, Rendering rendering) {
        List<Value> values = arguments.positional();
        if (name.equals("cycle")) {
            if (values.isEmpty()) {
                throw TemplateException.render("loop.cycle expects the values to cycle through");
            }
            return values.get(index0 % values.size());
        }
        Value seen = rendering.list(values);
        boolean changed = !Operators.equal(seen, lastChanged, rendering);
        lastChanged = seen;
        return Bool.of(changed);
    }

    /// Runs the body of a recursive loop on inner items.
    @Override
    public Value call(Arguments arguments, Rendering rendering) {
        if (statement.recursion() == 0) {
            throw TemplateException.render(
                    "'loop' can be called in a loop marked 'recursive' only");
        }
        Value inner = arguments.bind("loop", "items").required(0);
        rendering.enter(statement.recursion());
        TextBuilder text = new TextBuilder(rendering);
        statement.run(Operators.iterate(inner, rendering), depth0 + 1, scope, text);
        rendering.leave(statement.recursion());
        return text.toStr();
    }
}
