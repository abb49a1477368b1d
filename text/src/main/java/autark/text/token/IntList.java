package autark.text.token;

import java.util.Arrays;

/// A list of integers that grows.
final class IntList {
    private int[] values = new int[16];
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

    int get(int index) {
        assert index < count;
        return values[index];
    }

    void sort() {
        Arrays.sort(values, 0, count);
    }

    int[] toArray() {
        return Arrays.copyOf(values, count);
    }
}
