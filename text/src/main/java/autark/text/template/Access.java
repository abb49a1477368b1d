package autark.text.template;

import autark.text.template.Value.Dict;
import autark.text.template.Value.Int;
import autark.text.template.Value.Namespace;
import autark.text.template.Value.None;
import autark.text.template.Value.Sequence;
import autark.text.template.Value.Str;
import autark.text.template.Value.Undefined;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Parts of a value: `.name` looks for a method first, then for an element; `[key]` the other way
/// round. What is not there is undefined.
final class Access {
    private Access() {}

    /// `value.name`
    static Value attribute(Value value, String name) {
        Operators.requireDefined(value);
        Value own = own(value, name);
        if (own != null) {
            return own;
        }
        if (value instanceof Dict dict) {
            Dict.Entry entry = dict.entries().get(name);
            if (entry != null) {
                return entry.value();
            }
        }
        return absent(value, name);
    }

    /// `value[key]`
    static Value element(Value value, Value key, Rendering rendering) {
        Operators.requireDefined(value);
        if (value instanceof Str str) {
            // Characters outside of the basic plane are found by counting.
            rendering.chargeScan(str.text());
        }
        if (value instanceof Dict dict) {
            Dict.Entry entry = Operators.isKey(key) ? dict.entries().get(Operators.key(key)) : null;
            if (entry != null) {
                return entry.value();
            }
        } else if (Numbers.whole(key) instanceof Int(long index)) {
            return indexed(value, index);
        }
        if (key instanceof Str name) {
            Value own = own(value, name.text());
            return own == null ? absent(value, name.text()) : own;
        }
        return new Undefined(
                describe(value) + " has no element for a key of type " + key.typeName());
    }

    /// What the value offers by itself: a method or an attribute of a namespace or loop.
    private static @Nullable Value own(Value value, String name) {
        if (value instanceof Namespace namespace) {
            return namespace.attributes().get(name);
        }
        if (value instanceof Loop loop) {
            return loop.attribute(name);
        }
        boolean method =
                (value instanceof Str && TextMethods.NAMES.contains(name))
                        || (value instanceof Dict && DictMethods.NAMES.contains(name))
                        || (value instanceof Sequence sequence
                                && SequenceMethods.has(sequence.kind(), name));
        if (method) {
            return new Method(value, name);
        }
        if ((value instanceof Dict && DictMethods.CHANGING.contains(name))
                || (value instanceof Sequence && SequenceMethods.CHANGING.contains(name))) {
            return new Undefined(
                    "'"
                            + name
                            + "' would change a "
                            + value.typeName()
                            + "; templates cannot change values, only build new ones");
        }
        return null;
    }

    private static Value indexed(Value value, long index) {
        if (value instanceof Sequence sequence && sequence.kind().indexed()) {
            int size = sequence.items().size();
            long at = index < 0 ? index + size : index;
            if (at >= 0 && at < size) {
                return sequence.items().get((int) at);
            }
        }
        if (value instanceof Str str) {
            String text = str.text();
            int size = str.length();
            long at = index < 0 ? index + size : index;
            if (at >= 0 && at < size) {
                int offset = text.offsetByCodePoints(0, (int) at);
                return new Str(Character.toString(text.codePointAt(offset)), str.markup());
            }
        }
        return new Undefined(describe(value) + " has no element " + index);
    }

    private static Undefined absent(Value value, String name) {
        return new Undefined("'" + describe(value) + "' has no attribute '" + name + "'");
    }

    private static String describe(Value value) {
        return value == None.NONE ? "None" : value.typeName() + " object";
    }

    /// `value[start:stop:step]`
    static Value slice(Value value, Value start, Value stop, Value step, Rendering rendering) {
        Operators.requireDefined(value);
        int size;
        if (value instanceof Str str) {
            size = str.length();
        } else if (value instanceof Sequence sequence && sequence.kind().indexed()) {
            size = sequence.items().size();
        } else {
            throw TemplateException.render(
                    "a value of type " + value.typeName() + " has no slices");
        }
        long stride = Math.clamp(bound(step, 1), -Integer.MAX_VALUE, Integer.MAX_VALUE);
        if (stride == 0) {
            throw TemplateException.render("a slice expects a step other than 0");
        }
        long first = clamp(bound(start, stride > 0 ? 0 : size - 1L), size, stride);
        long end = stop == None.NONE && stride < 0 ? -1 : clamp(bound(stop, size), size, stride);
        if (value instanceof Str str) {
            rendering.chargeScan(str.text());
            if (stride != 1) {
                rendering.chargeConversion(str.text());
            }
            return slice(str, first, end, stride);
        }
        rendering.reserveItems(size);
        return slice((Sequence) value, first, end, stride);
    }

    private static long bound(Value value, long fallback) {
        if (value == None.NONE) {
            return fallback;
        }
        if (Numbers.whole(value) instanceof Int(long number)) {
            return number;
        }
        Operators.requireDefined(value);
        throw TemplateException.render("a slice expects whole numbers, found " + value.typeName());
    }

    /// A bound counted from the start, within the positions that a walk in that direction visits.
    private static long clamp(long bound, int size, long stride) {
        long fromStart = bound < 0 ? bound + size : bound;
        return stride > 0 ? Math.clamp(fromStart, 0, size) : Math.clamp(fromStart, -1, size - 1);
    }

    private static Sequence slice(Sequence sequence, long first, long end, long stride) {
        List<Value> items = sequence.items();
        List<Value> taken = new ArrayList<>();
        for (long i = first; stride > 0 ? i < end : i > end; i += stride) {
            taken.add(items.get((int) i));
        }
        return Sequence.of(sequence.kind(), taken);
    }

    private static Str slice(Str str, long first, long end, long stride) {
        String text = str.text();
        if (stride == 1) {
            int from = text.offsetByCodePoints(0, (int) first);
            int to = first >= end ? from : text.offsetByCodePoints(from, (int) (end - first));
            return new Str(text.substring(from, to), str.markup());
        }
        int[] characters = text.codePoints().toArray();
        StringBuilder taken = new StringBuilder();
        for (long i = first; stride > 0 ? i < end : i > end; i += stride) {
            taken.appendCodePoint(characters[(int) i]);
        }
        return new Str(taken.toString(), str.markup());
    }
}
