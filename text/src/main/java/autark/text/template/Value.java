package autark.text.template;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A value inside a template. The set is closed: nothing of the host program can get in, and a
/// template can reach nothing but what these types offer.
///
/// Values never change, apart from a [Namespace] (the one thing that templates may assign to) and a
/// [Generator] (which is used up). So there are no cycles but through a namespace, which no
/// operation descends into. Containers know their weight, that is what it costs to walk through all
/// of them; it is limited where they are built, so that a small template cannot make a huge value
/// out of references to itself.
sealed interface Value
        permits Value.Undefined,
                Value.None,
                Value.Bool,
                Value.Int,
                Value.Real,
                Value.Str,
                Value.Sequence,
                Value.Dict,
                Value.Generator,
                Value.Namespace,
                Callable {
    /// Python's name of the type, for error messages.
    String typeName();

    /// Whether `if` takes it as true.
    boolean truth();

    /// Steps that it takes to walk through the value.
    default int weight() {
        return 1;
    }

    /// How deep containers are nested in it.
    default int depth() {
        return 0;
    }

    /// The value of a name, attribute or element that does not exist. It prints as nothing and
    /// counts as empty; any other use is an error.
    ///
    /// @param reason the message of that error
    record Undefined(String reason) implements Value {
        @Override
        public String typeName() {
            return "Undefined";
        }

        @Override
        public boolean truth() {
            return false;
        }
    }

    /// Python's None, JSON's null.
    enum None implements Value {
        NONE;

        @Override
        public String typeName() {
            return "NoneType";
        }

        @Override
        public boolean truth() {
            return false;
        }
    }

    /// True or false.
    enum Bool implements Value {
        FALSE,
        TRUE;

        static Bool of(boolean value) {
            return value ? TRUE : FALSE;
        }

        @Override
        public String typeName() {
            return "bool";
        }

        @Override
        public boolean truth() {
            return this == TRUE;
        }
    }

    /// A whole number.
    record Int(long value) implements Value {
        @Override
        public String typeName() {
            return "int";
        }

        @Override
        public boolean truth() {
            return value != 0;
        }
    }

    /// A floating-point number.
    record Real(double value) implements Value {
        @Override
        public String typeName() {
            return "float";
        }

        @Override
        public boolean truth() {
            return value != 0;
        }
    }

    /// A text.
    ///
    /// @param markup whether the filter `safe` or `escape` made it: adding another text to it then
    ///   escapes that text for HTML, which templates run into unknowingly but rely on
    record Str(String text, boolean markup) implements Value {
        static final Str EMPTY = new Str("");

        Str(String text) {
            this(text, false);
        }

        @Override
        public String typeName() {
            return markup ? "Markup" : "str";
        }

        @Override
        public boolean truth() {
            return !text.isEmpty();
        }

        @Override
        public int weight() {
            return 1 + text.length() / Limits.COPIED_CHARS_PER_STEP;
        }

        /// Length in characters, not in UTF-16 units.
        int length() {
            return text.codePointCount(0, text.length());
        }
    }

    /// Several values in order: a list, a tuple, or a view that Python makes of a dict or a range.
    record Sequence(Kind kind, List<Value> items, int weight, int depth) implements Value {
        /// What Python calls it, and what it can do.
        enum Kind {
            LIST("list"),
            TUPLE("tuple"),
            RANGE("range"),
            KEYS("dict_keys"),
            VALUES("dict_values"),
            ITEMS("dict_items");

            private final String typeName;

            Kind(String typeName) {
                this.typeName = typeName;
            }

            /// Whether elements can be taken by their index.
            boolean indexed() {
                return this == LIST || this == TUPLE || this == RANGE;
            }
        }

        static Sequence list(List<Value> items) {
            return of(Kind.LIST, items);
        }

        static Sequence tuple(List<Value> items) {
            return of(Kind.TUPLE, items);
        }

        /// A sequence that takes over `items`, which must not change any more.
        static Sequence of(Kind kind, List<Value> items) {
            long weight = 1;
            int depth = 0;
            for (Value item : items) {
                weight += item.weight();
                depth = Math.max(depth, item.depth());
            }
            return new Sequence(kind, items, Limits.weight(weight), Limits.depth(depth + 1));
        }

        @Override
        public String typeName() {
            return kind.typeName;
        }

        @Override
        public boolean truth() {
            return !items.isEmpty();
        }
    }

    /// A dict, in the order of insertion.
    ///
    /// @param entries by the key's [Keys#of]
    record Dict(Map<Object, Entry> entries, int weight, int depth) implements Value {
        /// A key as it was first written, and its value.
        record Entry(Value key, Value value) {}

        /// A dict that takes over `entries`, which must not change any more.
        static Dict of(Map<Object, Entry> entries) {
            long weight = 1;
            int depth = 0;
            for (Entry entry : entries.values()) {
                weight += entry.key.weight() + entry.value.weight();
                depth = Math.max(depth, Math.max(entry.key.depth(), entry.value.depth()));
            }
            return new Dict(entries, Limits.weight(weight), Limits.depth(depth + 1));
        }

        @Override
        public String typeName() {
            return "dict";
        }

        @Override
        public boolean truth() {
            return !entries.isEmpty();
        }

        List<Value> keys() {
            List<Value> keys = new ArrayList<>(entries.size());
            for (Entry entry : entries.values()) {
                keys.add(entry.key);
            }
            return keys;
        }

        List<Value> values() {
            List<Value> values = new ArrayList<>(entries.size());
            for (Entry entry : entries.values()) {
                values.add(entry.value);
            }
            return values;
        }

        /// Tuples of key and value.
        List<Value> items() {
            List<Value> items = new ArrayList<>(entries.size());
            for (Entry entry : entries.values()) {
                items.add(Sequence.tuple(List.of(entry.key, entry.value)));
            }
            return items;
        }
    }

    /// What the filters `map`, `select` and their like give: values that can be walked through
    /// once. It has no length, no index, no JSON.
    final class Generator implements Value {
        private List<Value> rest;

        Generator(List<Value> items) {
            rest = items;
        }

        /// Takes all that is left.
        List<Value> drain() {
            List<Value> taken = rest;
            rest = List.of();
            return taken;
        }

        /// Takes the first of what is left; the caller has seen that there is one.
        Value next() {
            Value first = rest.getFirst();
            rest = rest.subList(1, rest.size());
            return first;
        }

        boolean isEmpty() {
            return rest.isEmpty();
        }

        @Override
        public String typeName() {
            return "generator";
        }

        @Override
        public boolean truth() {
            return true;
        }
    }

    /// What `namespace()` makes: the one value whose attributes a template can set.
    final class Namespace implements Value {
        private final Map<String, Value> attributes = new LinkedHashMap<>();

        Map<String, Value> attributes() {
            return attributes;
        }

        @Override
        public String typeName() {
            return "Namespace";
        }

        @Override
        public boolean truth() {
            return true;
        }
    }
}
