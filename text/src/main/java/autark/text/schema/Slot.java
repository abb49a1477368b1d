package autark.text.schema;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The place of a value that is written next or now, and what it may be.
final class Slot {
    private final @Nullable Container container;
    private final Set<Pending> pending;
    private final int hash;

    private Slot(@Nullable Container container, Set<Pending> pending) {
        this.container = container;
        this.pending = Collections.unmodifiableSet(pending);
        this.hash = 31 * this.pending.hashCode() + (container == null ? 0 : container.hashCode());
    }

    static Slot root(Goal goal) {
        return new Slot(null, new LinkedHashSet<>(Set.of(new Pending(goal, Strand.Root.ROOT))));
    }

    static Slot in(Container container, List<Pending> pending) {
        return new Slot(container, new LinkedHashSet<>(pending));
    }

    /// The array or object around it.
    Optional<Container> container() {
        return Optional.ofNullable(container);
    }

    /// How many arrays and objects are around it.
    int depth() {
        return container == null ? 0 : container.depth();
    }

    boolean isEmpty() {
        return pending.isEmpty();
    }

    /// The goals, each once.
    Set<Goal> goals() {
        Set<Goal> goals = new LinkedHashSet<>();
        for (Pending one : pending) {
            goals.add(one.goal());
        }
        return goals;
    }

    /// The same place with less that the value may be.
    Slot only(Predicate<Goal> wanted) {
        Set<Pending> left = new LinkedHashSet<>();
        for (Pending one : pending) {
            if (wanted.test(one.goal())) {
                left.add(one);
            }
        }
        return left.size() == pending.size() ? this : new Slot(container, left);
    }

    /// Where one is after a value that meets these goals.
    List<Strand> after(Predicate<Goal> met) {
        Set<Strand> strands = new LinkedHashSet<>();
        for (Pending one : pending) {
            if (met.test(one.goal())) {
                strands.add(one.after());
            }
        }
        return new ArrayList<>(strands);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other
                || other instanceof Slot slot
                        && hash == slot.hash
                        && pending.equals(slot.pending)
                        && container().equals(slot.container());
    }

    @Override
    public int hashCode() {
        return hash;
    }
}
