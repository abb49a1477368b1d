package autark.text.token;

import java.util.Arrays;

/// A list of integers that grows.
final class IntList {
    private int[] values = new int[64];
    private int count;

    void add(int value) {
        if (count == values.length) {
            values = Arrays.copyOf(values, count * 2);
        }
        values[count++] = value;
    }

    int count() {
        return count;
    }

    void truncate(int newCount) {
        assert newCount <= count;
        count = newCount;
    }

    int[] toArray() {
        return Arrays.copyOf(values, count);
    }
}
