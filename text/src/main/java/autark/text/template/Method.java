package autark.text.template;

import autark.text.template.Value.Dict;
import autark.text.template.Value.Sequence;
import autark.text.template.Value.Str;

/// A method of a value, not called yet.
record Method(Value owner, String name) implements Callable {
    @Override
    public String typeName() {
        return "method";
    }

    @Override
    public Value call(Arguments arguments, Rendering rendering) {
        if (owner instanceof Str text) {
            return TextMethods.call(text, name, arguments, rendering);
        }
        if (owner instanceof Dict dict) {
            return DictMethods.call(dict, name, arguments, rendering);
        }
        if (owner instanceof Sequence sequence) {
            return SequenceMethods.call(sequence, name, arguments, rendering);
        }
        if (owner instanceof Loop loop) {
            return loop.callMethod(name, arguments, rendering);
        }
        throw new AssertionError("a value of type " + owner.typeName() + " has no methods");
    }
}
