package autark.text.grammar;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// The texts of a [Regex] in UTF-8. Between characters a place is a state of the automaton; within
/// one it also knows which code points the bytes so far leave. Where all of these lead to the same
/// state, which one it is does not matter, and the place forgets it: so a free text has a few
/// places and not one for each start of a character.
record RegexLanguage(Regex regex) implements Language<RegexLanguage.Place> {
    /// Marks that the code point does not matter.
    private static final int ANY = -1;

    /// Where a reader stands.
    ///
    /// @param state the automaton's state before the character, or after it if the code point does
    ///   not matter
    /// @param first the lowest code point that the bytes so far leave, or [#ANY]
    /// @param more bytes of the character that are still to come
    record Place(int state, int first, int more) {}

    @Override
    public Place start() {
        if (regex.isEmpty()) {
            throw new GrammarException("no text matches the pattern");
        }
        return new Place(regex.start(), ANY, 0);
    }

    @Override
    public Optional<Place> next(Place place, byte value) {
        int unsigned = value & 0xFF;
        if (place.more() == 0) {
            return firstByte(place.state(), unsigned);
        }
        if ((unsigned & 0xC0) != 0x80) {
            return Optional.empty();
        }
        int more = place.more() - 1;
        if (place.first() == ANY) {
            return Optional.of(new Place(place.state(), ANY, more));
        }
        int shift = 6 * more;
        int base = place.first() & -(1 << (shift + 6));
        int first = base | (unsigned & 0x3F) << shift;
        int last = first | (1 << shift) - 1;
        return within(place.state(), Math.max(first, place.first()), last, more);
    }

    private Optional<Place> firstByte(int state, int unsigned) {
        if (unsigned < 0x80) {
            return within(state, unsigned, unsigned, 0);
        }
        if (unsigned < 0xC2 || unsigned > 0xF4) {
            return Optional.empty();
        }
        if (unsigned < 0xE0) {
            int first = (unsigned & 0x1F) << 6;
            return within(state, first, first | 0x3F, 1);
        }
        if (unsigned < 0xF0) {
            int first = (unsigned & 0x0F) << 12;
            return within(state, Math.max(first, 0x800), first | 0xFFF, 2);
        }
        int first = (unsigned & 0x07) << 18;
        return within(state, Math.max(first, 0x10000), first | 0x3FFFF, 3);
    }

    /// The place where some code point from `first` to `last` is read, and `more` bytes of it come.
    private Optional<Place> within(int state, int first, int last, int more) {
        int end = Math.min(last, CodePoints.MAX);
        if (first > end) {
            return Optional.empty();
        }
        if (regex.lastAlike(state, first) >= end && fills(first, last, more)) {
            int next = regex.next(state, first);
            return regex.live(next) ? Optional.of(new Place(next, ANY, more)) : Optional.empty();
        }
        return nearest(state, first, end) == ANY
                ? Optional.empty()
                : Optional.of(new Place(state, first, more));
    }

    /// Whether each way to go on with continuation bytes stays between `first` and `last`.
    private static boolean fills(int first, int last, int more) {
        return (first & (1 << 6 * more) - 1) == 0 && last <= CodePoints.MAX;
    }

    /// The code point from `first` to `last` that is the nearest to the end of a text, or [#ANY] if
    /// none leads to one.
    private int nearest(int state, int first, int last) {
        int best = ANY;
        int bestDistance = Integer.MAX_VALUE;
        for (int codePoint = first; codePoint <= last; ) {
            int next = regex.next(state, codePoint);
            if (regex.live(next) && regex.distance(next) < bestDistance) {
                best = codePoint;
                bestDistance = regex.distance(next);
            }
            codePoint = regex.lastAlike(state, codePoint) + 1;
        }
        return best;
    }

    @Override
    public boolean complete(Place place) {
        return place.more() == 0 && regex.accepting(place.state());
    }

    @Override
    public byte[] completion(Place place) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int state = place.state();
        if (place.more() > 0 && place.first() == ANY) {
            for (int i = 0; i < place.more(); i++) {
                bytes.write(0x80);
            }
        } else if (place.more() > 0) {
            int last = place.first() | (1 << 6 * place.more()) - 1;
            int codePoint = nearest(state, place.first(), Math.min(last, CodePoints.MAX));
            state = regex.next(state, codePoint);
            for (int i = place.more() - 1; i >= 0; i--) {
                bytes.write(0x80 | codePoint >> 6 * i & 0x3F);
            }
        }
        bytes.writeBytes(regex.completion(state).getBytes(StandardCharsets.UTF_8));
        return bytes.toByteArray();
    }
}
