package autark.text.token;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

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
    record Special(int token, String text, boolean stripsLeft, boolean stripsRight) {}

    /// A special token's place in a text, with the white space that it swallows.
    record Match(int token, int from, int to) {}

    private static final int NONE = -1;

    /// By code units, so that those with a common start are neighbours.
    private final Special[] sorted;

    /// Indexes into `sorted`, longest in UTF-8 first.
    private final int[] longestFirst;

    /// For each in `sorted` the longest other one that it starts with, or [#NONE].
    private final int[] prefixes;

    private final BitSet firstUnits = new BitSet();

    SpecialTokens(List<Special> specials) {
        sorted =
                specials.stream()
                        .sorted(Comparator.comparing(Special::text))
                        .toArray(Special[]::new);
        longestFirst =
                IntStream.range(0, sorted.length)
                        .boxed()
                        .sorted(
                                Comparator.<Integer>comparingInt(i -> -utf8Length(sorted[i]))
                                        .thenComparingInt(i -> sorted[i].token()))
                        .mapToInt(Integer::intValue)
                        .toArray();
        prefixes = new int[sorted.length];
        for (int i = 0; i < sorted.length; i++) {
            String text = sorted[i].text();
            prefixes[i] = longestAt(text, 0, text.length() - 1);
            firstUnits.set(text.charAt(0));
        }
    }

    private static int utf8Length(Special special) {
        return special.text().getBytes(StandardCharsets.UTF_8).length;
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
        matches.sort(Comparator.comparingInt(Match::from));
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
