package autark.engine;

import java.util.List;
import java.util.Optional;

/// Looks for stop strings in a stream of text. Text that may still become one is held back.
///
/// The stop string that is complete first counts, of several the one that began first; how the
/// stream is cut into pieces changes nothing in sum.
final class StopMatcher {
    private final List<String> stops;
    private final StringBuilder held = new StringBuilder();
    private Optional<String> match = Optional.empty();

    StopMatcher(List<String> stops) {
        this.stops = stops;
    }

    /// Takes the next piece and returns what is certain to lie before any stop string.
    String next(String piece) {
        if (matched()) {
            return "";
        }
        held.append(piece);
        int matchEnd = Integer.MAX_VALUE;
        int matchStart = held.length();
        for (String stop : stops) {
            int start = held.indexOf(stop);
            int end = start + stop.length();
            if (start >= 0 && (end < matchEnd || (end == matchEnd && start < matchStart))) {
                matchEnd = end;
                matchStart = start;
                match = Optional.of(stop);
            }
        }
        return take(matched() ? matchStart : held.length() - undecidedCount());
    }

    /// Returns the text that was held back: it has ended, or no stop string goes on behind it.
    String flush() {
        return matched() ? "" : take(held.length());
    }

    /// Whether a stop string was found.
    boolean matched() {
        return match.isPresent();
    }

    /// The stop string that was found.
    Optional<String> match() {
        return match;
    }

    /// How many characters at the end may be the start of a stop string.
    private int undecidedCount() {
        int most = 0;
        for (String stop : stops) {
            int count = Math.min(stop.length() - 1, held.length());
            while (count > most && !endsWithStartOf(stop, count)) {
                count--;
            }
            most = Math.max(most, count);
        }
        return most;
    }

    private boolean endsWithStartOf(String stop, int count) {
        return held.indexOf(stop.substring(0, count), held.length() - count) >= 0;
    }

    private String take(int count) {
        String text = held.substring(0, count);
        held.delete(0, count);
        return text;
    }
}
