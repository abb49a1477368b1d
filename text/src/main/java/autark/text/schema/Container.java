package autark.text.schema;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// An array or object that is being written, and what of it matters to all its alternatives: the
/// keys, or where equal items are forbidden the items.
final class Container {
    private final Slot slot;
    private final boolean array;
    private final Set<String> keys;
    private final Set<Json> items;
    private final boolean distinct;
    private final int itemStart;
    private final int hash;

    private Container(
            Slot slot,
            boolean array,
            Set<String> keys,
            Set<Json> items,
            boolean distinct,
            int itemStart) {
        this.slot = slot;
        this.array = array;
        this.keys = Collections.unmodifiableSet(keys);
        this.items = Collections.unmodifiableSet(items);
        this.distinct = distinct;
        this.itemStart = itemStart;
        this.hash = Objects.hash(slot, array, keys, items, distinct, itemStart);
    }

    static Container object(Slot slot) {
        return new Container(slot, false, Set.of(), Set.of(), false, 0);
    }

    /// @param distinct whether items have to be remembered
    /// @param recorded how much text is remembered when the array begins
    static Container array(Slot slot, boolean distinct, int recorded) {
        return new Container(slot, true, Set.of(), Set.of(), distinct, recorded);
    }

    Container withKey(String key) {
        Set<String> more = new LinkedHashSet<>(keys);
        more.add(key);
        return new Container(slot, array, more, items, distinct, itemStart);
    }

    Container withItem(Json item, int nextItemStart) {
        Set<Json> more = new LinkedHashSet<>(items);
        more.add(item);
        return new Container(slot, array, keys, more, distinct, nextItemStart);
    }

    /// Where the array or object itself stands.
    Slot slot() {
        return slot;
    }

    boolean isArray() {
        return array;
    }

    Set<String> keys() {
        return keys;
    }

    Set<Json> items() {
        return items;
    }

    /// Whether its items have to be remembered.
    boolean isDistinct() {
        return distinct;
    }

    /// Where in the remembered text the item begins.
    int itemStart() {
        return itemStart;
    }

    /// Whether text has to be remembered inside, for this array or one around it.
    boolean isRecording() {
        return distinct || slot.container().map(Container::isRecording).orElse(false);
    }

    /// How many arrays and objects are open inside, this among them.
    int depth() {
        return slot.depth() + 1;
    }

    /// How deep the values inside may be.
    int levels() {
        return Limits.DEPTH - depth();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other
                || other instanceof Container container
                        && hash == container.hash
                        && array == container.array
                        && distinct == container.distinct
                        && itemStart == container.itemStart
                        && keys.equals(container.keys)
                        && items.equals(container.items)
                        && slot.equals(container.slot);
    }

    @Override
    public int hashCode() {
        return hash;
    }
}
