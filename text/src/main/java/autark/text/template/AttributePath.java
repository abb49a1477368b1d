package autark.text.template;

import autark.text.template.Value.Int;
import autark.text.template.Value.None;
import autark.text.template.Value.Str;
import java.util.ArrayList;
import java.util.List;

/// The path of an attribute as filters take it: `function.arguments.0`. Each part is looked up as
/// in `value[part]`.
record AttributePath(List<Value> parts) {
    private static final int MAX_CHARS = 200;

    /// @param path a text with dots between the parts, a number, or none for the value itself
    AttributePath(Value path) {
        this(split(path));
    }

    private static List<Value> split(Value path) {
        if (!(path instanceof Str str)) {
            return path == None.NONE ? List.of() : List.of(path);
        }
        if (str.text().length() > MAX_CHARS) {
            throw Limits.exceeded(
                    "the path of an attribute may have "
                            + MAX_CHARS
                            + " characters, found "
                            + str.text().length());
        }
        List<Value> parts = new ArrayList<>();
        for (String part : str.text().split("\\.", -1)) {
            boolean digits = part.length() <= 9 && TextCase.is("isdigit", part);
            parts.add(digits ? new Int(Integer.parseInt(part)) : new Str(part));
        }
        return parts;
    }

    Value of(Value value, Rendering rendering) {
        rendering.charge(1 + parts.size());
        Value found = value;
        for (Value part : parts) {
            found = Access.element(found, part, rendering);
        }
        return found;
    }

    List<Value> ofAll(List<Value> values, Rendering rendering) {
        List<Value> found = new ArrayList<>(values.size());
        for (Value value : values) {
            found.add(of(value, rendering));
        }
        return found;
    }
}
