package autark.text.token;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;

/// Finds the special tokens inside a text. A longer token wins over a shorter one wherever they
/// stand, and of overlapping places of one token the leftmost wins: the reference takes one token
/// after the other, longest first, and cuts the text at each place.
///
/// Here one pass notes the longest token that starts at each place, and the places are then taken
/// in the reference's order. A place whose token does not fit, because a longer one lies in its
/// way, is tried again with the longest token that is a start of it. So time is proportional to the
/// text, however many tokens there are.
final class SpecialTokens {
    /// A token and how it treats the white space beside it.
    record Special(int token, String text, boolean stripsLeft, boolean stripsRight)
            implements Comparable<Special> {
        /// By code units, so that texts with a common start are neighbours.
        @Override
        public int compareTo(Special other) {
            return text.compareTo(other.text);
        }
    }

    /// A special token's place in a text, with the white space that it swallows.
    record Match(int token, int from, int to) implements Comparable<Match> {
        @Override
        public int compareTo(Match other) {
            return Integer.compare(from, other.from);
        }
    }

    private static final int NONE = -1;

    private final Special[] sorted;

    /// Indexes into `sorted`, longest in UTF-8 first.
    private final int[] longestFirst;

    /// For each in `sorted` the longest other one that it starts with, or [#NONE].
    private final int[] prefixes;

    private final BitSet firstUnits = new BitSet();

    SpecialTokens(List<Special> specials) {
        sorted = specials.toArray(new Special[0]);
        Arrays.sort(sorted);
        longestFirst = longestFirst(sorted);
        prefixes = new int[sorted.length];
        for (int i = 0; i < sorted.length; i++) {
            String text = sorted[i].text();
            prefixes[i] = longestAt(text, 0, text.length() - 1);
            firstUnits.set(text.charAt(0));
        }
    }

    private static int[] longestFirst(Special[] specials) {
        long[] order = new long[specials.length];
        for (int i = 0; i < order.length; i++) {
            long length = specials[i].text().getBytes(StandardCharsets.UTF_8).length;
            order[i] = (-length << 32) | i;
        }
        Arrays.sort(order);
        int[] indexes = new int[order.length];
        for (int i = 0; i < order.length; i++) {
            indexes[i] = (int) order[i];
        }
        return indexes;
    }

    /// The places of special tokens in a text, from left to right.
    List<Match> find(String text) {
        IntList[] places = new IntList[sorted.length];
        boolean any = false;
        for (int at = 0; at < text.length(); at++) {
            if (firstUnits.get(text.charAt(at))) {
                any |= note(longestAt(text, at, text.length()), at, places);
            }
        }
        return any ? settle(text, places) : List.of();
    }

    private static boolean note(int special, int place, IntList[] places) {
        if (special == NONE) {
            return false;
        }
        if (places[special] == null) {
            places[special] = new IntList();
        }
        places[special].add(place);
        return true;
    }

    private List<Match> settle(String text, IntList[] places) {
        List<Match> matches = new ArrayList<>();
        BitSet taken = new BitSet(text.length());
        for (int special : longestFirst) {
            if (places[special] == null) {
                continue;
            }
            int[] inOrder = places[special].toArray();
            Arrays.sort(inOrder);
            for (int from : inOrder) {
                int to = from + sorted[special].text().length();
                int nextTaken = taken.nextSetBit(from);
                if (nextTaken == NONE || nextTaken >= to) {
                    Match match = withStrippedSpace(text, taken, sorted[special], from, to);
                    taken.set(match.from(), match.to());
                    matches.add(match);
                } else if (nextTaken > from) {
                    note(prefixes[special], from, places);
                }
            }
        }
        Collections.sort(matches);
        return matches;
    }

    private static Match withStrippedSpace(
            String text, BitSet taken, Special special, int from, int to) {
        int left = from;
        int right = to;
        if (special.stripsLeft()) {
            while (left > 0 && isSpace(text.charAt(left - 1)) && !taken.get(left - 1)) {
                left--;
            }
        }
        if (special.stripsRight()) {
            while (right < text.length() && isSpace(text.charAt(right)) && !taken.get(right)) {
                right++;
            }
        }
        return new Match(special.token(), left, right);
    }

    private static boolean isSpace(char unit) {
        return unit == ' ' || (unit >= '\t' && unit <= '\r');
    }

    /// The longest special token at `text[from]` that ends by `to`, or [#NONE].
    private int longestAt(String text, int from, int to) {
        int found = NONE;
        int low = 0;
        int high = sorted.length;
        for (int depth = 0; low < high; depth++) {
            // All from low to high start with the first units of the text; the shortest come first.
            while (low < high && sorted[low].text().length() == depth) {
                found = low++;
            }
            if (from + depth >= to) {
                break;
            }
            char unit = text.charAt(from + depth);
            low = firstNotBelow(unit, depth, low, high);
            high = firstNotBelow(unit + 1, depth, low, high);
        }
        return found;
    }

    /// The first from `low` to `high` whose unit at `depth` is at least `unit`.
    private int firstNotBelow(int unit, int depth, int low, int high) {
        int from = low;
        int to = high;
        while (from < to) {
            int middle = (from + to) >>> 1;
            if (sorted[middle].text().charAt(depth) < unit) {
                from = middle + 1;
            } else {
                to = middle;
            }
        }
        return from;
    }
}
