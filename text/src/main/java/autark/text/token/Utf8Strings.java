package autark.text.token;

import java.nio.charset.StandardCharsets;
import java.util.List;

/// An immutable list of byte strings, laid end to end in one array. A vocabulary has some hundred
/// thousand entries; as separate objects they would be most of the time that loading takes.
public final class Utf8Strings {
    final byte[] bytes;

    /// Entry `i` is `bytes[offsets[i]]` to `bytes[offsets[i + 1]]`, the end excluded.
    final int[] offsets;

    private Utf8Strings(byte[] bytes, int[] offsets) {
        this.bytes = bytes;
        this.offsets = offsets;
    }

    public static Utf8Strings of(List<String> strings) {
        byte[][] encoded = new byte[strings.size()][];
        int[] offsets = new int[strings.size() + 1];
        for (int i = 0; i < encoded.length; i++) {
            encoded[i] = strings.get(i).getBytes(StandardCharsets.UTF_8);
            offsets[i + 1] = Math.addExact(offsets[i], encoded[i].length);
        }
        byte[] bytes = new byte[offsets[encoded.length]];
        for (int i = 0; i < encoded.length; i++) {
            System.arraycopy(encoded[i], 0, bytes, offsets[i], encoded[i].length);
        }
        return new Utf8Strings(bytes, offsets);
    }

    /// The entries `bytes[offsets[i]]` to `bytes[offsets[i + 1]]`. The arrays are taken over, not
    /// copied: the caller must not write to them any more.
    ///
    /// @param offsets one more than there are entries, never descending, within `bytes`
    public static Utf8Strings wrap(byte[] bytes, int[] offsets) {
        if (offsets.length == 0 || offsets[0] < 0 || offsets[offsets.length - 1] > bytes.length) {
            throw new IllegalArgumentException(
                    "the offsets of a string list must lie within its %d bytes"
                            .formatted(bytes.length));
        }
        for (int i = 1; i < offsets.length; i++) {
            if (offsets[i] < offsets[i - 1]) {
                throw new IllegalArgumentException(
                        "string %d ends before it starts".formatted(i - 1));
            }
        }
        return new Utf8Strings(bytes, offsets);
    }

    public static Utf8Strings empty() {
        return new Utf8Strings(new byte[0], new int[1]);
    }

    public int size() {
        return offsets.length - 1;
    }

    /// Entry `index` as text; ill-formed UTF-8 shows as U+FFFD.
    public String text(int index) {
        return new String(bytes, offsets[index], length(index), StandardCharsets.UTF_8);
    }

    int length(int index) {
        return offsets[index + 1] - offsets[index];
    }
}
