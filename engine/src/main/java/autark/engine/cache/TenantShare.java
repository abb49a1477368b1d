package autark.engine.cache;

import java.util.Comparator;
import java.util.TreeSet;

/// What one tenant has in the cache.
final class TenantShare {
    private static final Comparator<Prefix> LEAST_WORTH_FIRST =
            Comparator.comparingDouble((Prefix prefix) -> prefix.worth)
                    .thenComparingLong(prefix -> prefix.lastUse)
                    .thenComparingLong(Prefix::number);

    final String name;

    /// Leaves of the tree that nobody goes on from.
    final TreeSet<Prefix> evictable = new TreeSet<>(LEAST_WORTH_FIRST);

    int pageCount;

    TenantShare(String name) {
        this.name = name;
    }
}
