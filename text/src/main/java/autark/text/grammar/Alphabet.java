package autark.text.grammar;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The code points in classes that an automaton does not tell apart. Class 0 is the surrogates,
/// which no text has. Immutable.
final class Alphabet {
    static final int SURROGATES = 0;

    private static final int ASCII = 128;

    /// First code point of each range, from 0 on, and the class of the range.
    final int[] firsts;

    final int[] classes;
    final int classCount;
    private final int[] asciiClasses = new int[ASCII];

    private Alphabet(int[] firsts, int[] classes, int classCount) {
        this.firsts = firsts;
        this.classes = classes;
        this.classCount = classCount;
        for (int codePoint = 0; codePoint < ASCII; codePoint++) {
            asciiClasses[codePoint] = classes[range(codePoint)];
        }
    }

    /// The coarsest classes of which each of the sets is a union.
    static Alphabet of(List<CodePoints> sets) {
        int[] firsts = firsts(sets);
        int[] classes = new int[firsts.length];
        Arrays.fill(classes, 1);
        classes[Arrays.binarySearch(firsts, CodePoints.SURROGATE_MIN)] = SURROGATES;
        int classCount = 2;
        for (CodePoints set : sets) {
            classCount = split(firsts, classes, classCount, set);
        }
        return ofClasses(firsts, classes);
    }

    /// Merges neighbours of one class, and numbers classes in the order they come.
    private static Alphabet ofClasses(int[] firsts, int[] classes) {
        int max = 0;
        for (int value : classes) {
            max = Math.max(max, value);
        }
        int[] numbers = new int[max + 1];
        int classCount = 1;
        int length = 0;
        int[] mergedFirsts = new int[firsts.length];
        int[] mergedClasses = new int[firsts.length];
        for (int i = 0; i < firsts.length; i++) {
            if (classes[i] != SURROGATES && numbers[classes[i]] == 0) {
                numbers[classes[i]] = classCount++;
            }
            int number = numbers[classes[i]];
            if (length == 0 || mergedClasses[length - 1] != number) {
                mergedFirsts[length] = firsts[i];
                mergedClasses[length++] = number;
            }
        }
        return new Alphabet(
                Arrays.copyOf(mergedFirsts, length),
                Arrays.copyOf(mergedClasses, length),
                classCount);
    }

    /// The classes that tell apart whatever either alphabet does.
    static Alphabet joined(Alphabet a, Alphabet b) {
        int[] firsts = new int[a.firsts.length + b.firsts.length];
        int[] classes = new int[firsts.length];
        Map<Long, Integer> numbers = new HashMap<>();
        numbers.put(0L, SURROGATES);
        int length = 0;
        int i = 0;
        int j = 0;
        while (i < a.firsts.length || j < b.firsts.length) {
            int nextA = i < a.firsts.length ? a.firsts[i] : Integer.MAX_VALUE;
            int nextB = j < b.firsts.length ? b.firsts[j] : Integer.MAX_VALUE;
            firsts[length] = Math.min(nextA, nextB);
            i += nextA <= nextB ? 1 : 0;
            j += nextB <= nextA ? 1 : 0;
            long pair = ((long) a.classes[i - 1] << 32) | b.classes[j - 1];
            Integer number = numbers.putIfAbsent(pair, numbers.size());
            classes[length++] = number == null ? numbers.size() - 1 : number;
        }
        return ofClasses(Arrays.copyOf(firsts, length), Arrays.copyOf(classes, length));
    }

    private static int[] firsts(List<CodePoints> sets) {
        int count = 3;
        for (CodePoints set : sets) {
            count += 2 * set.rangeCount();
        }
        int[] all = new int[count];
        all[1] = CodePoints.SURROGATE_MIN;
        all[2] = CodePoints.SURROGATE_MAX + 1;
        int length = 3;
        for (CodePoints set : sets) {
            for (int range = 0; range < set.rangeCount(); range++) {
                all[length++] = set.first(range);
                all[length++] = set.last(range) + 1;
            }
        }
        Arrays.sort(all);
        int kept = 1;
        for (int i = 1; i < length; i++) {
            if (all[i] != all[kept - 1] && all[i] <= CodePoints.MAX) {
                all[kept++] = all[i];
            }
        }
        return Arrays.copyOf(all, kept);
    }

    /// Gives the ranges in `set` classes of their own.
    private static int split(int[] firsts, int[] classes, int classCount, CodePoints set) {
        int[] renamed = new int[classCount];
        int count = classCount;
        for (int range = 0; range < set.rangeCount(); range++) {
            int at = Arrays.binarySearch(firsts, set.first(range));
            for (; at < firsts.length && firsts[at] <= set.last(range); at++) {
                int old = classes[at];
                if (renamed[old] == 0) {
                    renamed[old] = count++;
                }
                classes[at] = renamed[old];
            }
        }
        return compacted(classes, count);
    }

    private static int compacted(int[] classes, int count) {
        int[] numbers = new int[count];
        int next = 1;
        for (int i = 0; i < classes.length; i++) {
            if (classes[i] != SURROGATES && numbers[classes[i]] == 0) {
                numbers[classes[i]] = next++;
            }
            classes[i] = numbers[classes[i]];
        }
        return next;
    }

    /// The classes of which a set is the union.
    int[] classesOf(CodePoints set) {
        boolean[] members = new boolean[classCount];
        int count = 0;
        for (int i = 0; i < set.rangeCount(); i++) {
            for (int at = range(set.first(i)); at < firsts.length; at++) {
                if (firsts[at] > set.last(i)) {
                    break;
                }
                count += members[classes[at]] ? 0 : 1;
                members[classes[at]] = true;
            }
        }
        int[] list = new int[count];
        int length = 0;
        for (int value = 0; value < classCount; value++) {
            if (members[value]) {
                list[length++] = value;
            }
        }
        return list;
    }

    /// The class of a code point.
    int classOf(int codePoint) {
        return codePoint < ASCII ? asciiClasses[codePoint] : classes[range(codePoint)];
    }

    /// The last code point of the range that `codePoint` lies in.
    int lastOfRange(int codePoint) {
        int range = range(codePoint);
        return range + 1 < firsts.length ? firsts[range + 1] - 1 : CodePoints.MAX;
    }

    private int range(int codePoint) {
        int found = Arrays.binarySearch(firsts, codePoint);
        return found >= 0 ? found : -found - 2;
    }

    /// By class the code point that reads best, for completions.
    int[] samples() {
        int[] samples = new int[classCount];
        Arrays.fill(samples, -1);
        for (int range = 0; range < firsts.length; range++) {
            int last = range + 1 < firsts.length ? firsts[range + 1] - 1 : CodePoints.MAX;
            int sample = sample(firsts[range], last);
            int old = samples[classes[range]];
            if (old < 0 || nicer(sample, old)) {
                samples[classes[range]] = sample;
            }
        }
        return samples;
    }

    /// The code point of a range that reads best: a letter or digit, else what is visible.
    static int sample(int first, int last) {
        for (int liked : new int[] {'a', 'A', '0', ' '}) {
            if (first <= liked && liked <= last) {
                return liked;
            }
        }
        return first < ' ' && last >= '!' ? '!' : first;
    }

    /// Whether a code point reads better than another one.
    static boolean nicer(int codePoint, int other) {
        return ugliness(codePoint) < ugliness(other);
    }

    private static int ugliness(int codePoint) {
        return switch (codePoint) {
            case 'a' -> 0;
            case 'A' -> 1;
            case '0' -> 2;
            case ' ' -> 3;
            default -> codePoint < ' ' ? CodePoints.MAX + codePoint : codePoint;
        };
    }
}
