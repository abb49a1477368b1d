package autark.text.schema;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// What the next item of an array may be.
final class ItemMenu {
    private ItemMenu() {}

    static Slot slot(Container container, Set<Strand.OfArray> strands) {
        List<Pending> pending = new ArrayList<>();
        for (Strand.OfArray strand : strands) {
            for (Choice choice : strand.shape().choices(strand.place())) {
                add(pending, container, strand, choice);
            }
        }
        return Slot.in(container, pending);
    }

    private static void add(
            List<Pending> pending, Container container, Strand.OfArray strand, Choice choice) {
        ArrayShape shape = strand.shape();
        int levels = container.levels();
        long counts = shape.counted(strand.counts(), choice);
        if (counts < 0 || !choice.goal().fits(levels)) {
            return;
        }
        int place = shape.after(strand.place());
        Set<Json> items = shape.isDistinct() ? container.items() : Set.of();
        if (!shape.goesOn(place, counts, items, levels)) {
            return;
        }
        Goal goal = choice.goal();
        if (shape.isDistinct()) {
            goal = shape.beside(goal, withSpoilers(shape, place, items, levels));
            if (!goal.fits(levels)) {
                return;
            }
        }
        Strand after = new Strand.OfArray(strand.owner(), shape, place, counts);
        pending.add(new Pending(goal, after));
    }

    /// The items, and the values after which a later place would have none left to be filled with.
    private static Set<Json> withSpoilers(
            ArrayShape shape, int place, Set<Json> items, int levels) {
        Set<Json> forbidden = new LinkedHashSet<>(items);
        for (Json scarce : shape.scarce(place, items, levels)) {
            Set<Json> more = new LinkedHashSet<>(items);
            more.add(scarce);
            if (!shape.goesOn(place, 0, more, levels)) {
                forbidden.add(scarce);
            }
        }
        return forbidden;
    }
}
