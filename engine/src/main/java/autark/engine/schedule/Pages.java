package autark.engine.schedule;

import autark.chip.KvShape;
import autark.engine.cache.PageStore;
import autark.engine.cache.Prefix;
import autark.engine.cache.PrefixCache;
import autark.model.KvCache;
import autark.model.KvPage;
import autark.model.KvPool;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import jdk.jfr.FlightRecorder;

/// The keys and values of running answers: pages that are remembered, in memory or on disk, are
/// taken over, those that are computed are remembered, and all are given back.
final class Pages {
    private final KvPool pool;
    private final PrefixCache prefixes;
    private final PageStore store;

    Pages(KvPool pool, PrefixCache prefixes, PageStore store) {
        this.pool = pool;
        this.prefixes = prefixes;
        this.store = store;
    }

    /// Pages that nobody uses, or that can be made free.
    int free() {
        return freeNow() + prefixes.freeablePages();
    }

    /// Pages that nobody uses.
    int freeNow() {
        return pool.freeUnits() / pool.layout().layerCount();
    }

    int count() {
        return pool.unitCount() / pool.layout().layerCount();
    }

    int remembered() {
        return prefixes.pageCount();
    }

    /// Gives an answer keys and values of its own, those of its beginning that are remembered
    /// first.
    void open(Task task) {
        task.cache = pool.newCache();
        task.prefix = prefixes.start(task.terms.tenant());
        if (!task.scoring()) {
            adopt(task);
            int remembered = task.length();
            load(task);
            if (FlightRecorder.isInitialized()) {
                report(task, remembered);
            }
        }
    }

    private void report(Task task, int rememberedTokens) {
        PrefixEvent event = new PrefixEvent();
        if (event.shouldCommit()) {
            Loading loading = task.loading;
            event.tokens = task.tokens.size();
            event.rememberedTokens = rememberedTokens;
            event.diskTokens = loading == null ? 0 : KvShape.BLOCK_TOKENS * loading.pages().size();
            event.rememberedPages = prefixes.pageCount();
            event.evictedPages = prefixes.evictedPages();
            event.commit();
        }
    }

    /// Gives an answer the keys and values of another one to the same prompt.
    void share(Task task, Task leader) {
        task.cache = Objects.requireNonNull(leader.cache).fork();
        task.prefix = prefixes.pinned(Objects.requireNonNull(leader.prefix));
    }

    /// Has pages read that are on disk.
    private void load(Task task) {
        Prefix prefix = Objects.requireNonNull(task.prefix);
        List<PageStore.Page> names =
                prefixes.stored(prefix, task.tokens.backing(), task.tokens.size(), store);
        int units = names.size() * pool.layout().layerCount();
        if (names.isEmpty() || !prefixes.makeRoom(units, task.terms.tenant())) {
            return;
        }
        Loading loading = new Loading(task, names, new ArrayList<>());
        List<PageStore.Wanted> wanted = new ArrayList<>();
        try {
            for (PageStore.Page name : names) {
                KvPage page = pool.newPage();
                loading.pages().add(page);
                wanted.add(new PageStore.Wanted(name, page.contents()));
            }
        } catch (RuntimeException | OutOfMemoryError e) {
            loading.pages().forEach(KvPage::release);
            return; // the answer reads its prompt itself
        }
        task.loading = loading;
        store.read(wanted, count -> loaded(loading, count));
    }

    /// Takes in what was read: the first `count` pages.
    private void loaded(Loading loading, int count) {
        Task task = loading.task();
        KvCache cache = task.cache;
        boolean wanted = cache != null && loading.equals(task.loading);
        for (int i = 0; i < loading.pages().size(); i++) {
            KvPage page = loading.pages().get(i);
            if (wanted && i < count) {
                Objects.requireNonNull(cache).append(page, KvShape.BLOCK_TOKENS);
                task.prefix =
                        prefixes.add(
                                Objects.requireNonNull(task.prefix),
                                loading.names().get(i).tokens(),
                                cache);
            }
            page.release();
        }
        if (wanted) {
            task.loading = null;
            Objects.requireNonNull(cache).releaseHidden();
            countCached(task);
        }
    }

    /// Appends the pages that are remembered, also those that others have read since the last step.
    void adopt(Task task) {
        KvCache cache = Objects.requireNonNull(task.cache);
        Prefix prefix = Objects.requireNonNull(task.prefix);
        task.prefix = prefixes.follow(prefix, task.tokens.backing(), task.tokens.size(), cache);
        countCached(task);
        cache.releaseHidden();
    }

    /// Appends part of a page where no whole one is remembered.
    void adoptPart(Task task) {
        KvCache cache = Objects.requireNonNull(task.cache);
        Prefix prefix = Objects.requireNonNull(task.prefix);
        if (cache.length() == prefix.length()) {
            prefixes.followPart(prefix, task.tokens.backing(), task.tokens.size(), cache);
            countCached(task);
        }
    }

    /// Tokens that are found again after a preemption count once.
    private static void countCached(Task task) {
        int fresh = task.reach(task.length());
        task.cachedTokens += task.drewNothing() ? fresh : 0;
    }

    /// Makes room for tokens of an answer where remembered pages can go for it. Returns whether
    /// there is room.
    boolean makeRoom(Task task, int tokenCount) {
        int needed = Objects.requireNonNull(task.cache).unitsNeeded(tokenCount);
        return prefixes.makeRoom(needed, task.terms.tenant());
    }

    /// Whether there is room for tokens of an answer that nobody has to give up.
    boolean hasRoom(Task task, int tokenCount) {
        return Objects.requireNonNull(task.cache).unitsNeeded(tokenCount) <= pool.freeUnits();
    }

    /// Takes in what a step has computed: guesses that were wrong are forgotten, whole pages
    /// remembered.
    void settle(Task task) {
        KvCache cache = Objects.requireNonNull(task.cache);
        cache.truncate(Math.min(cache.length(), task.tokens.size() - 1));
        task.reach(cache.length());
        remember(task, cache);
        cache.releaseHidden();
    }

    private void remember(Task task, KvCache cache) {
        Prefix prefix = Objects.requireNonNull(task.prefix);
        int end = prefix.length() + KvShape.BLOCK_TOKENS;
        while (end <= cache.length()) {
            int[] tokens = task.tokens.slice(prefix.length(), end);
            prefix = prefixes.add(prefix, tokens, cache);
            store.offer(
                    new PageStore.Page(task.terms.tenant(), prefix.name(), tokens),
                    prefix.page().orElseThrow().contents());
            end += KvShape.BLOCK_TOKENS;
        }
        task.prefix = prefix;
    }

    /// Takes an answer's keys and values away. What was computed stays remembered while there is
    /// room.
    void giveUp(Task task) {
        KvCache cache = task.cache;
        Prefix prefix = task.prefix;
        if (cache != null && prefix != null) {
            int rest = cache.length() - prefix.length();
            if (rest > 0 && task.failure == null) {
                int[] tokens = task.tokens.slice(prefix.length(), cache.length());
                prefixes.addPart(
                        prefix, tokens, cache.page(prefix.length() / KvShape.BLOCK_TOKENS));
            }
            prefixes.unpin(prefix);
            cache.close();
        }
        task.cache = null;
        task.prefix = null;
        task.loading = null;
    }
}
