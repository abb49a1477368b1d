package autark.model.file;

import autark.text.token.Utf8Strings;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SequencedMap;
import java.util.Set;

/// The key-value pairs of a model file: architecture, sizes, vocabulary, template.
///
/// Opening a file only checks and locates the values. Strings and arrays are decoded from the
/// mapped file by each call that asks for them, so keep the result, and ask before the [Gguf] is
/// closed. Numbers of any width are accepted where an integer is asked for, if the value fits.
///
/// Every getter throws a [ModelFormatException] that names the key, what was found and what was
/// expected if the key is missing (unless a fallback is given), has another type, or is out of
/// range.
public final class Metadata {
    /// Elements of an array that [#text] shows.
    private static final int SHOWN_ELEMENTS = 4;

    /// Where a value lies.
    ///
    /// @param count number of elements, 1 unless the value is an array
    /// @param offset that of a string's length or of an array's first element
    /// @param endOffset that of the first byte behind the value
    /// @param bits a number or bool itself
    record Entry(
            ValueType type,
            ValueType elementType,
            long count,
            long offset,
            long endOffset,
            long bits) {
        String typeText() {
            return type == ValueType.ARRAY
                    ? "an array of %d %s".formatted(count, elementType)
                    : type.toString();
        }
    }

    private final ModelPart file;
    private final SequencedMap<String, Entry> entries;

    Metadata(ModelPart file, SequencedMap<String, Entry> entries) {
        this.file = file;
        this.entries = Collections.unmodifiableSequencedMap(entries);
    }

    /// All keys in the order of the file.
    public Set<String> keys() {
        return entries.sequencedKeySet();
    }

    public boolean has(String key) {
        return entries.containsKey(key);
    }

    /// Whether the key is there and holds an array.
    public boolean isArray(String key) {
        Entry entry = entries.get(key);
        return entry != null && entry.type() == ValueType.ARRAY;
    }

    ValueType type(String key) {
        return entry(key, "a value").type();
    }

    public String string(String key) {
        Entry entry = entry(key, "a string");
        if (entry.type() != ValueType.STRING) {
            throw unexpected(key, "a string");
        }
        return cursor(entry).string(GgufHeader.STRING_BYTES_MAX, key);
    }

    public Optional<String> optionalString(String key) {
        return has(key) ? Optional.of(string(key)) : Optional.empty();
    }

    public int intValue(String key) {
        long value = longValue(key);
        if (value != (int) value) {
            throw unexpected(key, "an integer below 2^31");
        }
        return (int) value;
    }

    public int intValue(String key, int fallback) {
        return has(key) ? intValue(key) : fallback;
    }

    public OptionalInt optionalInt(String key) {
        return has(key) ? OptionalInt.of(intValue(key)) : OptionalInt.empty();
    }

    public long longValue(String key) {
        Entry entry = entry(key, "an integer");
        if (!entry.type().isInteger()) {
            throw unexpected(key, "an integer");
        }
        if (entry.type() == ValueType.UINT64 && entry.bits() < 0) {
            throw unexpected(key, "an integer below 2^63");
        }
        return entry.bits();
    }

    /// A finite number; a 64-bit one is rounded.
    public float floatValue(String key) {
        Entry entry = entry(key, "a float");
        float value =
                switch (entry.type()) {
                    case FLOAT32 -> Float.intBitsToFloat((int) entry.bits());
                    case FLOAT64 -> (float) Double.longBitsToDouble(entry.bits());
                    case UINT8, INT8, UINT16, INT16, UINT32, INT32 ->
                            throw unexpected(key, "a float");
                    case UINT64, INT64, BOOL, STRING, ARRAY -> throw unexpected(key, "a float");
                };
        if (!Float.isFinite(value)) {
            throw unexpected(key, "a finite float");
        }
        return value;
    }

    public float floatValue(String key, float fallback) {
        return has(key) ? floatValue(key) : fallback;
    }

    public boolean bool(String key) {
        Entry entry = entry(key, "a bool");
        if (entry.type() != ValueType.BOOL) {
            throw unexpected(key, "a bool");
        }
        return entry.bits() != 0;
    }

    public boolean bool(String key, boolean fallback) {
        return has(key) ? bool(key) : fallback;
    }

    /// An array of strings, each valid UTF-8.
    public List<String> strings(String key) {
        Entry entry = stringArray(key);
        HeaderCursor cursor = cursor(entry);
        String[] strings = new String[(int) entry.count()];
        for (int i = 0; i < strings.length; i++) {
            strings[i] = cursor.string(GgufHeader.STRING_BYTES_MAX, key);
        }
        return Collections.unmodifiableList(Arrays.asList(strings));
    }

    /// An array of strings as bytes, which need not be valid UTF-8. It is made without an object a
    /// string, since a vocabulary is most of what a start reads.
    public Utf8Strings utf8Strings(String key) {
        Entry entry = stringArray(key);
        int count = (int) entry.count();
        long byteCount = entry.endOffset() - entry.offset() - (long) Long.BYTES * count;
        byte[] bytes = new byte[(int) byteCount];
        int[] offsets = new int[count + 1];
        HeaderCursor cursor = cursor(entry);
        for (int i = 0; i < count; i++) {
            offsets[i + 1] = offsets[i] + cursor.stringBytes(bytes, offsets[i], key);
        }
        return Utf8Strings.wrap(bytes, offsets);
    }

    /// An array of integers of any width, or of bools as 0 and 1.
    public int[] ints(String key) {
        Entry entry = array(key, "an array of integers");
        ValueType elementType = entry.elementType();
        if (!elementType.isInteger() && elementType != ValueType.BOOL) {
            throw unexpected(key, "an array of integers");
        }
        HeaderCursor cursor = cursor(entry);
        int[] ints = new int[(int) entry.count()];
        for (int i = 0; i < ints.length; i++) {
            long at = cursor.offset();
            long bits = cursor.bits(elementType, key);
            if (bits != (int) bits) {
                throw cursor.error(
                        at,
                        "found %s in %s, expected integers below 2^31"
                                .formatted(number(elementType, bits), key));
            }
            ints[i] = (int) bits;
        }
        return ints;
    }

    /// An array of floats, none of them NaN.
    public float[] floats(String key) {
        Entry entry = array(key, "an array of floats");
        ValueType elementType = entry.elementType();
        if (!elementType.isFloat()) {
            throw unexpected(key, "an array of floats");
        }
        HeaderCursor cursor = cursor(entry);
        float[] floats = new float[(int) entry.count()];
        for (int i = 0; i < floats.length; i++) {
            long at = cursor.offset();
            long bits = cursor.bits(elementType, key);
            floats[i] =
                    elementType == ValueType.FLOAT32
                            ? Float.intBitsToFloat((int) bits)
                            : (float) Double.longBitsToDouble(bits);
            if (Float.isNaN(floats[i])) {
                throw cursor.error(at, "found NaN in " + key + ", expected numbers");
            }
        }
        return floats;
    }

    /// The value for people: on one line, long ones shortened, control characters escaped.
    public String text(String key) {
        Entry entry = entry(key, "a value");
        return text(cursor(entry), entry);
    }

    /// The error of a key whose value the caller cannot use, for instance a head count of 0.
    ///
    /// @param expected what would have been right, for instance `1 to 1024`
    public ModelFormatException unexpected(String key, String expected) {
        Entry entry = entry(key, expected);
        String found =
                switch (entry.type()) {
                    case ARRAY -> entry.typeText();
                    case STRING -> "string " + text(key);
                    case UINT8,
                            INT8,
                            UINT16,
                            INT16,
                            UINT32,
                            INT32,
                            UINT64,
                            INT64,
                            FLOAT32,
                            FLOAT64,
                            BOOL ->
                            entry.typeText() + " " + text(key);
                };
        return cursor(entry)
                .error(
                        entry.offset(),
                        "found %s for key %s, expected %s".formatted(found, key, expected));
    }

    private Entry stringArray(String key) {
        Entry entry = array(key, "an array of strings");
        if (entry.elementType() != ValueType.STRING) {
            throw unexpected(key, "an array of strings");
        }
        return entry;
    }

    private HeaderCursor cursor(Entry entry) {
        return GgufHeader.cursorAt(file, entry.offset());
    }

    private Entry array(String key, String expected) {
        Entry entry = entry(key, expected);
        if (entry.type() != ValueType.ARRAY) {
            throw unexpected(key, expected);
        }
        return entry;
    }

    private Entry entry(String key, String expected) {
        Entry entry = entries.get(key);
        if (entry == null) {
            throw new ModelFormatException(
                    "%s: found no key %s, expected %s".formatted(file.path(), key, expected));
        }
        return entry;
    }

    private static String text(HeaderCursor cursor, Entry entry) {
        return switch (entry.type()) {
            case STRING -> cursor.shownString("a string");
            case ARRAY -> arrayText(cursor, entry);
            case UINT8, INT8, UINT16, INT16, UINT32, INT32, UINT64, INT64, FLOAT32, FLOAT64, BOOL ->
                    number(entry.type(), entry.bits());
        };
    }

    private static String arrayText(HeaderCursor cursor, Entry entry) {
        StringBuilder text = new StringBuilder("[");
        long shown = entry.elementType() == ValueType.ARRAY ? 0 : SHOWN_ELEMENTS;
        for (long i = 0; i < Math.min(entry.count(), shown); i++) {
            text.append(i == 0 ? "" : ", ");
            text.append(
                    entry.elementType() == ValueType.STRING
                            ? cursor.shownString("a string")
                            : number(
                                    entry.elementType(),
                                    cursor.bits(entry.elementType(), "a number")));
        }
        if (entry.count() > shown) {
            text.append(shown == 0 ? "… " : ", … ");
            text.append("%d %s".formatted(entry.count(), entry.elementType()));
        }
        return text.append(']').toString();
    }

    private static String number(ValueType type, long bits) {
        return switch (type) {
            case UINT64 -> Long.toUnsignedString(bits);
            case FLOAT32 -> Float.toString(Float.intBitsToFloat((int) bits));
            case FLOAT64 -> Double.toString(Double.longBitsToDouble(bits));
            case BOOL -> Boolean.toString(bits != 0);
            case UINT8, INT8, UINT16, INT16, UINT32, INT32, INT64 -> Long.toString(bits);
            case STRING, ARRAY -> throw new IllegalArgumentException(type + " is not a number");
        };
    }
}
