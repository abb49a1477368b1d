package autark.text.template;

import autark.text.template.Value.Str;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/// How values are put in order. The order is stable; texts are compared without regard to case
/// unless the template says otherwise.
///
/// @param paths what to compare, the first that differs decides; an empty path is the value itself
record Sorting(List<AttributePath> paths, boolean caseSensitive, boolean descending) {
    /// A value with what it is compared by.
    private record Keyed(Value value, List<Value> keys) {}

    List<Value> sorted(List<Value> values, Rendering rendering) {
        rendering.reserveItems(values.size());
        List<Keyed> keyed = new ArrayList<>(values.size());
        for (Value value : values) {
            keyed.add(new Keyed(value, keys(value, rendering)));
        }
        Comparator<Keyed> order = (left, right) -> compare(left.keys, right.keys, rendering);
        keyed.sort(descending ? order.reversed() : order);
        List<Value> sorted = new ArrayList<>(values.size());
        for (Keyed one : keyed) {
            sorted.add(one.value);
        }
        return sorted;
    }

    private List<Value> keys(Value value, Rendering rendering) {
        List<Value> keys = new ArrayList<>(paths.size());
        for (AttributePath path : paths) {
            keys.add(folded(path.of(value, rendering), rendering));
        }
        return keys;
    }

    /// The value by which `value` is compared.
    Value folded(Value value, Rendering rendering) {
        return !caseSensitive && value instanceof Str str
                ? rendering.text(str.text().toLowerCase(Locale.ROOT))
                : value;
    }

    private static int compare(List<Value> left, List<Value> right, Rendering rendering) {
        for (int i = 0; i < left.size(); i++) {
            if (!Operators.equal(left.get(i), right.get(i), rendering)) {
                return Operators.compare(
                        Operators.Comparison.LESS, left.get(i), right.get(i), rendering);
            }
        }
        return 0;
    }
}
