package autark.text.grammar;

import java.util.Arrays;

/// A set of Unicode scalar values: code points without surrogates, which no UTF-8 text has.
/// Immutable.
final class CodePoints {
    static final int MAX = Character.MAX_CODE_POINT;
    static final int SURROGATE_MIN = Character.MIN_SURROGATE;
    static final int SURROGATE_MAX = Character.MAX_SURROGATE;

    static final CodePoints NONE = new CodePoints(new int[0]);
    static final CodePoints ALL = of(0, MAX);

    /// First and last of each range, in order, with gaps between the ranges.
    private final int[] ranges;

    private CodePoints(int[] ranges) {
        this.ranges = ranges;
    }

    static CodePoints of(int first, int last) {
        return new Builder().add(first, last).build();
    }

    static CodePoints of(int codePoint) {
        return of(codePoint, codePoint);
    }

    int rangeCount() {
        return ranges.length / 2;
    }

    int first(int range) {
        return ranges[2 * range];
    }

    int last(int range) {
        return ranges[2 * range + 1];
    }

    boolean isEmpty() {
        return ranges.length == 0;
    }

    CodePoints complement() {
        Builder builder = new Builder();
        int next = 0;
        for (int i = 0; i < ranges.length; i += 2) {
            if (ranges[i] > next) {
                builder.add(next, ranges[i] - 1);
            }
            next = ranges[i + 1] + 1;
        }
        if (next <= MAX) {
            builder.add(next, MAX);
        }
        return builder.build();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CodePoints that && Arrays.equals(ranges, that.ranges);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(ranges);
    }

    /// Collects ranges in any order.
    static final class Builder {
        private long[] ranges = new long[8];
        private int count;

        Builder add(int first, int last) {
            if (first < SURROGATE_MIN && last > SURROGATE_MAX) {
                add(first, SURROGATE_MIN - 1);
                return add(SURROGATE_MAX + 1, last);
            }
            boolean startsInside = first >= SURROGATE_MIN && first <= SURROGATE_MAX;
            boolean endsInside = last >= SURROGATE_MIN && last <= SURROGATE_MAX;
            int from = startsInside ? SURROGATE_MAX + 1 : first;
            int to = endsInside ? SURROGATE_MIN - 1 : last;
            if (from <= to) {
                if (count == ranges.length) {
                    ranges = Arrays.copyOf(ranges, count * 2);
                }
                ranges[count++] = ((long) from << 32) | to;
            }
            return this;
        }

        Builder addAll(CodePoints set) {
            for (int range = 0; range < set.rangeCount(); range++) {
                add(set.first(range), set.last(range));
            }
            return this;
        }

        CodePoints build() {
            Arrays.sort(ranges, 0, count);
            int[] merged = new int[2 * count];
            int length = 0;
            for (int i = 0; i < count; i++) {
                int first = (int) (ranges[i] >> 32);
                int last = (int) ranges[i];
                if (length > 0 && first <= merged[length - 1] + 1) {
                    merged[length - 1] = Math.max(merged[length - 1], last);
                } else {
                    merged[length++] = first;
                    merged[length++] = last;
                }
            }
            return new CodePoints(Arrays.copyOf(merged, length));
        }
    }
}
