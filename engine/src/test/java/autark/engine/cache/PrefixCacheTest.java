package autark.engine.cache;

import static org.assertj.core.api.Assertions.assertThat;

import autark.chip.KvShape;
import autark.chip.KvType;
import autark.model.KvCache;
import autark.model.KvLayout;
import autark.model.KvPool;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class PrefixCacheTest {
    private static final int PAGE = KvShape.BLOCK_TOKENS;
    private static final int PAGES = 12;
    private static final KvLayout LAYOUT =
            new KvLayout(
                    new KvShape(1, 1, KvType.F32),
                    List.of(
                            new KvLayout.Group(Integer.MAX_VALUE, List.of(0)),
                            new KvLayout.Group(40, List.of(1))));

    private final KvPool pool = new KvPool(LAYOUT, PAGES, PAGES * PAGE);
    private final PrefixCache prefixes = new PrefixCache(pool, List.of("test"), PrefixName::sha256);

    @AfterEach
    void nothingIsLost() {
        assertThat(prefixes.freeablePages()).isEqualTo(prefixes.pageCount());
        assertThat(prefixes.makeRoom(pool.unitCount(), "ann")).isTrue();
        assertThat(prefixes.pageCount()).isZero();
        pool.close();
    }

    @Test
    void whatWasReadIsFoundUpToTheTokenBeforeTheLast() {
        int[] tokens = tokens(1, 3 * PAGE);
        read("ann", tokens, 3 * PAGE);
        assertThat(known("ann", tokens)).isEqualTo(3 * PAGE - 1);
        assertThat(known("ann", Arrays.copyOf(tokens, 3 * PAGE + 5))).isEqualTo(3 * PAGE);
        int[] parts = tokens.clone();
        parts[PAGE + 7]++;
        assertThat(known("ann", parts)).isEqualTo(PAGE + 7);
    }

    @Test
    void tenantsNeverMeet() {
        int[] tokens = tokens(1, 2 * PAGE);
        read("ann", tokens, 2 * PAGE);
        assertThat(known("bob", tokens)).isZero();
        assertThat(known("", tokens)).isZero();
    }

    @Test
    void partOfAPageGivesWayToMoreOfIt() {
        int[] tokens = tokens(1, 2 * PAGE);
        read("ann", tokens, PAGE + 5);
        assertThat(prefixes.pageCount()).isEqualTo(2);
        read("ann", tokens, PAGE + 9);
        assertThat(prefixes.pageCount()).isEqualTo(2);
        assertThat(known("ann", tokens)).isEqualTo(PAGE + 9);
        read("ann", tokens, PAGE + 3);
        assertThat(known("ann", tokens)).isEqualTo(PAGE + 9);
        read("ann", tokens, 2 * PAGE);
        assertThat(prefixes.pageCount()).isEqualTo(2);
        assertThat(known("ann", tokens)).isEqualTo(2 * PAGE - 1);
    }

    @Test
    void whatIsUsedNowDoesNotGo() {
        int[] tokens = tokens(1, 3 * PAGE);
        read("ann", tokens, 3 * PAGE);
        Prefix start = prefixes.start("ann");
        KvCache cache = pool.newCache();
        Prefix at = prefixes.follow(start, tokens, 2 * PAGE + 1, cache);
        assertThat(prefixes.freeablePages()).isEqualTo(1);
        assertThat(prefixes.makeRoom(pool.unitCount(), "ann")).isFalse();
        assertThat(prefixes.pageCount()).isEqualTo(2);
        cache.close();
        prefixes.unpin(at);
        assertThat(known("ann", tokens)).isEqualTo(2 * PAGE);
    }

    @Test
    void theLeastUsedGoesFirstAndNoBeginningBeforeItsEnd() {
        int[] old = tokens(1, 2 * PAGE);
        int[] used = tokens(2, 2 * PAGE);
        read("ann", old, 2 * PAGE);
        read("ann", used, 2 * PAGE);
        // Two go: the last pages, which cost a little more, outlive the first of their kind only.
        assertThat(known("ann", old)).isEqualTo(2 * PAGE - 1);
        assertThat(known("ann", used)).isEqualTo(2 * PAGE - 1);
        makeRoomForPages(PAGES - 2, "ann");
        assertThat(known("ann", used)).isEqualTo(2 * PAGE - 1);
        assertThat(known("ann", old)).isZero();
    }

    /// Greedy dual: what went sets a floor for what comes, so that what was worth much once does
    /// not stay for ever.
    @Test
    void lateUseOutweighsAHighPriceInTheEnd() {
        int[] costly = tokens(1, 5 * PAGE);
        read("ann", costly, 5 * PAGE);
        for (int seed = 10; seed < 60; seed++) {
            makeRoomForPages(1, "ann");
            read("ann", tokens(seed, PAGE), PAGE);
        }
        assertThat(known("ann", costly)).isLessThan(4 * PAGE);
    }

    @Test
    void aFloodOfOneTenantLeavesAnotherItsShare() {
        int[] tokens = tokens(1, 4 * PAGE);
        read("bob", tokens, 4 * PAGE);
        for (int seed = 10; seed < 100; seed++) {
            makeRoomForPages(2, "ann");
            read("ann", tokens(seed, 2 * PAGE), 2 * PAGE);
        }
        assertThat(known("bob", tokens)).isEqualTo(4 * PAGE - 1);
    }

    @Test
    void whoHasMoreThanAShareMakesRoom() {
        for (int seed = 10; seed < 16; seed++) {
            read("ann", tokens(seed, 2 * PAGE), 2 * PAGE);
        }
        assertThat(pool.freeUnits()).isZero();
        int[] tokens = tokens(1, 4 * PAGE);
        makeRoomForPages(4, "bob");
        read("bob", tokens, 4 * PAGE);
        assertThat(known("bob", tokens)).isEqualTo(4 * PAGE - 1);
        assertThat(prefixes.pageCount()).isEqualTo(PAGES);
    }

    @Test
    void aTenantWithoutPagesLeavesNoTrace() {
        for (int i = 0; i < 1000; i++) {
            prefixes.unpin(prefixes.start("tenant " + i));
        }
        int[] tokens = tokens(1, 6 * PAGE);
        read("ann", tokens, 6 * PAGE);
        // With a thousand tenants the share would be none.
        makeRoomForPages(6, "bob");
        assertThat(known("ann", tokens)).isEqualTo(6 * PAGE - 1);
    }

    /// Reads a prompt as the scheduler does.
    private void read(String tenant, int[] tokens, int count) {
        Prefix at = prefixes.start(tenant);
        KvCache cache = pool.newCache();
        at = prefixes.follow(at, tokens, count, cache);
        prefixes.followPart(at, tokens, count, cache);
        int rest = count - cache.length();
        assertThat(prefixes.makeRoom(cache.unitsNeeded(rest), tenant)).isTrue();
        cache.reserve(rest);
        cache.advance(rest);
        while (at.length() + PAGE <= count) {
            int[] page = Arrays.copyOfRange(tokens, at.length(), at.length() + PAGE);
            at = prefixes.add(at, page, cache);
        }
        if (count > at.length()) {
            int[] part = Arrays.copyOfRange(tokens, at.length(), count);
            prefixes.addPart(at, part, cache.page(at.length() / PAGE));
        }
        prefixes.unpin(at);
        cache.close();
    }

    /// How many tokens of a prompt are known; asking is a use.
    private int known(String tenant, int[] tokens) {
        KvCache cache = pool.newCache();
        Prefix at = prefixes.follow(prefixes.start(tenant), tokens, tokens.length, cache);
        prefixes.followPart(at, tokens, tokens.length, cache);
        int length = cache.length();
        prefixes.unpin(at);
        cache.close();
        return length;
    }

    private void makeRoomForPages(int count, String tenant) {
        Prefix start = prefixes.start(tenant);
        assertThat(prefixes.makeRoom(count * LAYOUT.layerCount(), tenant)).isTrue();
        prefixes.unpin(start);
    }

    private static int[] tokens(long seed, int count) {
        return new SplittableRandom(seed).ints(count, 0, 1000).toArray();
    }
}
