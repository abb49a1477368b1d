package autark.engine.schedule;

import autark.engine.cache.PageStore;
import autark.engine.cache.PrefixCache;
import autark.engine.cache.PrefixName;
import autark.model.KvPool;
import java.util.List;

/// A scheduler with what it needs, for tests.
final class Machine implements AutoCloseable {
    private static final int PAGES = 20;
    private static final int RUNNING = 4;

    final KvPool pool;
    final PrefixCache prefixes;
    final Scheduler scheduler;

    Machine(SimModel model, SimClock clock) {
        pool = model.newPool(PAGES);
        prefixes = new PrefixCache(pool, List.of(), PrefixName::sha256);
        scheduler =
                new Scheduler(
                        model,
                        pool,
                        prefixes,
                        PageStore.none(),
                        Drafter.none(),
                        Limits.of(RUNNING),
                        clock);
    }

    @Override
    public void close() {
        pool.close();
    }
}
