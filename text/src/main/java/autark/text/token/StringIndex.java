package autark.text.token;

import java.util.Arrays;

/// Finds byte strings in a [Utf8Strings] list. Open addressing with linear probing over one array:
/// a slot holds the hash of an entry and its number, so that a miss seldom touches the strings.
///
/// The strings come from a model file, which may be written to make them collide. No chance puts as
/// many in a row as [#PROBES_MAX], so a list that does is refused; this bounds the time that
/// building and finding take.
final class StringIndex {
    /// What [#find] answers if there is no such string.
    static final int ABSENT = -1;

    private static final int PROBES_MAX = 512;
    private static final int HASH_SEED = 0x811C9DC5;
    private static final int HASH_FACTOR = 0x01000193;

    private final Utf8Strings strings;

    /// `hash << 32 | entry + 1`, or 0 if the slot is free.
    private final long[] slots;

    private final int mask;
    private final int lengthMax;

    private StringIndex(Utf8Strings strings, String what, boolean distinct) {
        this.strings = strings;
        this.slots = new long[slotCount(strings.size())];
        this.mask = slots.length - 1;
        int longest = 0;
        for (int entry = 0; entry < strings.size(); entry++) {
            int length = strings.length(entry);
            checkLength(length, entry, what);
            longest = Math.max(longest, length);
            if (length > 0) {
                insert(entry, what, distinct);
            }
        }
        this.lengthMax = longest;
    }

    private static void checkLength(int length, int entry, String what) {
        if (length > Vocabulary.ENTRY_BYTES_MAX) {
            throw new TokenizerException(
                    "%s %d has %d bytes, expected at most %d"
                            .formatted(what, entry, length, Vocabulary.ENTRY_BYTES_MAX));
        }
    }

    /// An index over strings that must differ; empty ones are left out.
    ///
    /// @param what the name of an entry in messages
    /// @throws TokenizerException naming both entries if two are equal
    static StringIndex ofDistinct(Utf8Strings strings, String what) {
        return new StringIndex(strings, what, true);
    }

    /// An index over strings of which the first of equal ones counts.
    static StringIndex ofFirst(Utf8Strings strings, String what) {
        return new StringIndex(strings, what, false);
    }

    /// A quarter to half of the slots are used.
    private static int slotCount(int entries) {
        return Integer.highestOneBit(Math.max(entries, 4)) * 4;
    }

    /// How many strings the list has, those included that are not found.
    int size() {
        return strings.size();
    }

    private void insert(int entry, String what, boolean distinct) {
        int from = strings.offsets[entry];
        int to = strings.offsets[entry + 1];
        int hash = hash(strings.bytes, from, to);
        int slot = slot(hash) & mask;
        for (int probes = 0; slots[slot] != 0; probes++) {
            if (probes == PROBES_MAX) {
                throw new TokenizerException(
                        "%s %d '%s' is one of too many made to collide"
                                .formatted(what, entry, strings.text(entry)));
            }
            if ((int) (slots[slot] >>> 32) == hash) {
                int other = (int) slots[slot] - 1;
                if (Arrays.equals(
                        strings.bytes, from, to, strings.bytes, start(other), end(other))) {
                    if (distinct) {
                        throw new TokenizerException(
                                "%s %d '%s' is the same as %s %d, expected all to differ"
                                        .formatted(what, entry, strings.text(entry), what, other));
                    }
                    return;
                }
            }
            slot = (slot + 1) & mask;
        }
        slots[slot] = ((long) hash << 32) | (entry + 1);
    }

    /// The entry equal to `text[from]` to `text[to]`, the end excluded, or [#ABSENT].
    int find(byte[] text, int from, int to) {
        return to - from > lengthMax ? ABSENT : find(hash(text, from, to), text, from, to);
    }

    /// The entry that is `text[from, middle)`, a space and `text[middle, to)`, or [#ABSENT].
    int findPair(byte[] text, int from, int middle, int to) {
        int length = to - from + 1;
        if (length > lengthMax) {
            return ABSENT;
        }
        int hash = hash(step(hash(text, from, middle), ' '), text, middle, to);
        for (int slot = slot(hash) & mask; slots[slot] != 0; slot = (slot + 1) & mask) {
            int entry = (int) slots[slot] - 1;
            if ((int) (slots[slot] >>> 32) == hash && end(entry) - start(entry) == length) {
                byte[] bytes = strings.bytes;
                int space = start(entry) + middle - from;
                if (bytes[space] == ' '
                        && Arrays.equals(bytes, start(entry), space, text, from, middle)
                        && Arrays.equals(bytes, space + 1, end(entry), text, middle, to)) {
                    return entry;
                }
            }
        }
        return ABSENT;
    }

    /// The longest entry that `text[from]` to `text[to]` starts with, or [#ABSENT].
    int findLongestPrefix(byte[] text, int from, int to) {
        int found = ABSENT;
        int hash = HASH_SEED;
        int last = Math.min(to, from + Math.min(lengthMax, to - from));
        for (int end = from + 1; end <= last; end++) {
            hash = step(hash, text[end - 1]);
            int entry = find(hash, text, from, end);
            if (entry != ABSENT) {
                found = entry;
            }
        }
        return found;
    }

    private int find(int hash, byte[] text, int from, int to) {
        for (int slot = slot(hash) & mask; slots[slot] != 0; slot = (slot + 1) & mask) {
            if ((int) (slots[slot] >>> 32) == hash) {
                int entry = (int) slots[slot] - 1;
                if (Arrays.equals(strings.bytes, start(entry), end(entry), text, from, to)) {
                    return entry;
                }
            }
        }
        return ABSENT;
    }

    private int start(int entry) {
        return strings.offsets[entry];
    }

    private int end(int entry) {
        return strings.offsets[entry + 1];
    }

    /// Where a hash is looked for first, if there were as many slots as integers.
    static int slot(int hash) {
        return hash ^ (hash >>> 15);
    }

    static int hash(byte[] text, int from, int to) {
        return hash(HASH_SEED, text, from, to);
    }

    private static int hash(int seed, byte[] text, int from, int to) {
        int hash = seed;
        for (int i = from; i < to; i++) {
            hash = step(hash, text[i]);
        }
        return hash;
    }

    private static int step(int hash, int value) {
        return (hash ^ value) * HASH_FACTOR;
    }
}
