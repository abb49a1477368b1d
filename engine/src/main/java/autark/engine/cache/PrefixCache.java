package autark.engine.cache;

import autark.chip.KvShape;
import autark.model.KvCache;
import autark.model.KvPage;
import autark.model.KvPool;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Beginnings that were read before, with their keys and values, so that a request that begins
/// alike reads only what is new: the next turn of a conversation, a system prompt, a document.
///
/// A page is found by a name that is a hash of all before it ([PrefixName]), and what is found is
/// compared token by token, so that not even a collision could give a foreign page. Behind the last
/// whole page the best match of part of a page counts, too; its sequence copies it before it writes
/// to it. Tenants never meet: the tenant is part of the name, each has a tree of its own, and pages
/// of one make room for another only as far as the former has more than its share.
///
/// The memory is that of the pool: a page stays while the pool has room. What goes first is decided
/// by greedy dual (Young, On-line caching as cache size varies, 1991): a page is worth what it
/// costs to compute it again, later positions more since they attend to all before, plus the worth
/// at which the cache last let something go when the page was used. Only leaves go, so a beginning
/// never loses its front. L1 makes all of this invisible: a page read from here has the bits that
/// would have been computed.
///
/// For the thread of the scheduler alone.
public final class PrefixCache {
    /// Children of a beginning that are searched for part of a page.
    private static final int PART_SEARCH_MAX = 16;

    /// Position from which on attention costs as much as all else.
    private static final double DOUBLE_COST_TOKENS = 8192;

    private final KvPool pool;
    private final List<String> source;
    private final PrefixName.Hash hash;
    private final Map<PrefixName, Prefix> byName = new HashMap<>();
    private final Map<String, Prefix> roots = new HashMap<>();
    private double floor;
    private long clock;
    private long evictedPages;
    private int usedPages;

    /// @param source what keys and values depend on beside the tokens; each entry is a field
    public PrefixCache(KvPool pool, List<String> source, PrefixName.Hash hash) {
        this.pool = pool;
        this.source = List.copyOf(source);
        this.hash = hash;
    }

    /// The empty beginning of a tenant, pinned.
    public Prefix start(String tenant) {
        Prefix root = roots.computeIfAbsent(tenant, this::newRoot);
        root.pins++;
        root.users++;
        return root;
    }

    /// The same beginning, pinned once more.
    public Prefix pinned(Prefix prefix) {
        pin(prefix);
        use(prefix, 1);
        return prefix;
    }

    /// Counts sequences in, or out, along the way to a beginning.
    private void use(Prefix prefix, int change) {
        Prefix at = prefix;
        while (at.parent != null) {
            boolean before = at.users > 0;
            at.users += change;
            usedPages += (at.users > 0 ? 1 : 0) - (before ? 1 : 0);
            at = at.parent;
        }
        at.users += change;
    }

    private Prefix newRoot(String tenant) {
        return Prefix.root(PrefixName.root(hash, source, tenant), new TenantShare(tenant));
    }

    /// Appends to `cache` the whole pages that are known of `tokens`, but never the last token,
    /// which has to be read for its logits. The pin moves to the beginning that is returned, the
    /// longest one.
    ///
    /// @param count how many tokens count
    public Prefix follow(Prefix from, int[] tokens, int count, KvCache cache) {
        Prefix at = from;
        boolean more = at.length() == cache.length();
        while (more) {
            Optional<Prefix> next = child(at, tokens, count);
            if (next.isPresent()) {
                Prefix child = next.get();
                cache.append(child.page().orElseThrow(), child.tokens.length);
                at = step(at, child);
            }
            more = next.isPresent();
        }
        return at;
    }

    private Optional<Prefix> child(Prefix at, int[] tokens, int count) {
        int end = at.length() + KvShape.BLOCK_TOKENS;
        if (end >= count) {
            return Optional.empty();
        }
        int[] page = Arrays.copyOfRange(tokens, at.length(), end);
        return known(at, at.name.with(hash, page), page);
    }

    private Optional<Prefix> known(Prefix parent, PrefixName name, int[] page) {
        Prefix found = byName.get(name);
        return Optional.ofNullable(found)
                .filter(prefix -> parent.equals(prefix.parent))
                .filter(prefix -> Arrays.equals(prefix.tokens, page));
    }

    /// Appends to `cache`, which ends where `at` does, the longest part of a page that is known.
    public void followPart(Prefix at, int[] tokens, int count, KvCache cache) {
        int most = Math.min(count - 1, at.length() + KvShape.BLOCK_TOKENS);
        int best = 0;
        Prefix source = at;
        int last = at.children.size() - 1;
        for (int i = last; i >= 0 && i > last - PART_SEARCH_MAX; i--) {
            Prefix child = at.children.get(i);
            int common = mismatch(child.tokens, tokens, at.length(), Math.max(at.length(), most));
            if (common > best) {
                best = common;
                source = child;
            }
        }
        if (best > 0) {
            cache.append(source.page().orElseThrow(), best);
            touch(source);
        }
    }

    private static int mismatch(int[] page, int[] tokens, int start, int end) {
        int index = Arrays.mismatch(page, 0, page.length, tokens, start, end);
        return index < 0 ? Math.min(page.length, end - start) : index;
    }

    /// A leaf's place among the evictable depends on its last use.
    private void touch(Prefix prefix) {
        boolean listed = prefix.tenant.evictable.remove(prefix);
        prefix.worth = worth(prefix);
        prefix.lastUse = ++clock;
        if (listed) {
            prefix.tenant.evictable.add(prefix);
        }
    }

    private double worth(Prefix prefix) {
        return floor + 1 + prefix.length() / DOUBLE_COST_TOKENS;
    }

    private Prefix step(Prefix from, Prefix child) {
        pin(child);
        usedPages += child.users == 0 ? 1 : 0;
        child.users++;
        from.pins--;
        return child;
    }

    private void pin(Prefix prefix) {
        prefix.tenant.evictable.remove(prefix);
        prefix.pins++;
        prefix.worth = worth(prefix);
        prefix.lastUse = ++clock;
    }

    /// Ends the hold that [#start], [#follow] or [#add] gave.
    public void unpin(Prefix prefix) {
        prefix.pins--;
        use(prefix, -1);
        if (prefix.evictable()) {
            prefix.tenant.evictable.add(prefix);
        }
        dropRoot(prefix);
    }

    /// A tenant who has nothing here leaves no trace.
    private void dropRoot(Prefix prefix) {
        if (prefix.parent == null && prefix.pins == 0 && prefix.children.isEmpty()) {
            roots.remove(prefix.tenant.name);
        }
    }

    /// The pages behind a beginning that `store` has, one after the other: those of `tokens` but
    /// for the last one, which has to be read for its logits.
    ///
    /// @param count how many tokens count
    public List<PageStore.Page> stored(Prefix from, int[] tokens, int count, PageStore store) {
        List<PageStore.Page> pages = new ArrayList<>();
        PrefixName name = from.name;
        int end = from.length() + KvShape.BLOCK_TOKENS;
        boolean found = true;
        while (found && end < count) {
            int[] page = Arrays.copyOfRange(tokens, end - KvShape.BLOCK_TOKENS, end);
            name = name.with(hash, page);
            found = store.has(from.tenant.name, name);
            if (found) {
                pages.add(new PageStore.Page(from.tenant.name, name, page));
            }
            end += KvShape.BLOCK_TOKENS;
        }
        return pages;
    }

    /// Remembers a whole page behind `parent` that `sequence` has read; the pin moves to it. If the
    /// page is known, the sequence goes on with the known one, whose bits are the same: nobody
    /// holds the memory of a page twice.
    public Prefix add(Prefix parent, int[] tokens, KvCache sequence) {
        int index = parent.length() / KvShape.BLOCK_TOKENS;
        Prefix prefix = add(parent, tokens, sequence.page(index));
        prefix.page().ifPresent(page -> sequence.share(index, page));
        return prefix;
    }

    /// Remembers a whole page behind `parent`; the pin moves to it. The cache takes over the hold
    /// on the page.
    private Prefix add(Prefix parent, int[] tokens, KvPage page) {
        PrefixName name = parent.name.with(hash, tokens);
        Optional<Prefix> known = known(parent, name, tokens);
        if (known.isPresent()) {
            page.release();
            return step(parent, known.get());
        }
        dropParts(parent, tokens);
        Prefix added = insert(name, parent, tokens, page);
        // Of two that collide the older one is not found any more; it goes when its turn comes.
        byName.put(name, added);
        return step(parent, added);
    }

    /// Remembers part of a page behind `parent`, which stays pinned. The cache takes over the hold
    /// on the page.
    public void addPart(Prefix parent, int[] tokens, KvPage page) {
        boolean known =
                parent.children.stream()
                        .anyMatch(child ->
                                mismatch(child.tokens, tokens, 0, tokens.length) == tokens.length);
        if (known || tokens.length == 0) {
            page.release();
            return;
        }
        dropParts(parent, tokens);
        Prefix part = insert(parent.name.with(hash, tokens), parent, tokens, page);
        part.tenant.evictable.add(part);
    }

    private Prefix insert(PrefixName name, Prefix parent, int[] tokens, KvPage page) {
        parent.tenant.evictable.remove(parent);
        Prefix added = new Prefix(name, parent, tokens, page, ++clock);
        added.worth = worth(added);
        added.lastUse = clock;
        parent.children.add(added);
        parent.tenant.pageCount++;
        return added;
    }

    /// Parts of pages that `tokens` make superfluous.
    private void dropParts(Prefix parent, int[] tokens) {
        for (Prefix child : List.copyOf(parent.children)) {
            boolean part = child.tokens.length < tokens.length;
            if (part && mismatch(child.tokens, tokens, 0, tokens.length) == child.tokens.length) {
                remove(child);
            }
        }
    }

    /// Lets pages go until the pool has so many free blocks of one layer.
    ///
    /// @param tenant who wants them
    /// @return whether it has
    public boolean makeRoom(int units, String tenant) {
        while (pool.freeUnits() < units) {
            Optional<Prefix> victim = victim(tenant);
            if (victim.isEmpty()) {
                return false;
            }
            floor = Math.max(floor, victim.get().worth);
            evictedPages++;
            remove(victim.get());
        }
        return true;
    }

    /// The least worth of who wants room if that one has a share or more, else of who has most.
    private Optional<Prefix> victim(String tenant) {
        Prefix root = roots.get(tenant);
        if (root != null && !root.tenant.evictable.isEmpty()) {
            boolean shareReached = (long) root.tenant.pageCount * roots.size() >= pageCount();
            if (shareReached) {
                return Optional.of(root.tenant.evictable.first());
            }
        }
        return roots.values().stream()
                .map(other -> other.tenant)
                .filter(share -> !share.evictable.isEmpty())
                .max(Comparator.comparingInt((TenantShare share) -> share.pageCount))
                .map(share -> share.evictable.first());
    }

    private void remove(Prefix prefix) {
        prefix.tenant.evictable.remove(prefix);
        prefix.tenant.pageCount--;
        byName.remove(prefix.name, prefix);
        Prefix parent = prefix.parent;
        if (parent != null) {
            parent.children.remove(prefix);
            if (parent.evictable()) {
                parent.tenant.evictable.add(parent);
            }
            dropRoot(parent);
        }
        prefix.page().ifPresent(KvPage::release);
    }

    /// Pages that are remembered.
    public int pageCount() {
        return roots.values().stream().mapToInt(root -> root.tenant.pageCount).sum();
    }

    /// Pages that made room for others, so far.
    public long evictedPages() {
        return evictedPages;
    }

    /// Pages that could make room for others: all that no running sequence goes on from.
    public int freeablePages() {
        return pageCount() - usedPages;
    }
}
