package autark.chip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WorkerPoolTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void eachIndexRunsOnceBeforeTheCallReturns(int threads) {
        try (WorkerPool pool = WorkerPool.start(threads)) {
            assertThat(pool.threadCount()).isEqualTo(threads);
            for (int loop = 0; loop < 3000; loop++) {
                int count = loop % 41;
                AtomicIntegerArray runs = new AtomicIntegerArray(count);
                pool.run(count, runs::incrementAndGet);
                for (int index = 0; index < count; index++) {
                    assertThat(runs.get(index)).as("loop %d index %d", loop, index).isEqualTo(1);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void aFailureReachesTheCallerAfterTheOtherItemsAndThePoolLivesOn(int threads) {
        try (WorkerPool pool = WorkerPool.start(threads)) {
            AtomicInteger runs = new AtomicInteger();
            assertThatThrownBy(() ->
                            pool.run(
                                    100,
                                    index -> {
                                        runs.incrementAndGet();
                                        if (index == 17) {
                                            throw new IllegalStateException("item 17");
                                        }
                                    }))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("item 17");
            assertThat(runs).hasValue(100);
            runs.set(0);
            pool.run(10, index -> runs.incrementAndGet());
            assertThat(runs).hasValue(10);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void rangesMakeUpTheLoopAndAreNotTooLong(int threads) {
        try (WorkerPool pool = WorkerPool.start(threads)) {
            for (int count : new int[] {0, 1, 2, 7, 100, 1000}) {
                AtomicIntegerArray runs = new AtomicIntegerArray(count);
                AtomicInteger longest = new AtomicInteger();
                pool.runRanges(
                        count,
                        6,
                        (first, end) -> {
                            longest.accumulateAndGet(end - first, Math::max);
                            for (int index = first; index < end; index++) {
                                runs.incrementAndGet(index);
                            }
                        });
                for (int index = 0; index < count; index++) {
                    assertThat(runs.get(index)).as("%d of %d", index, count).isEqualTo(1);
                }
                assertThat(longest.get()).isBetween(Math.min(count, 1), 6);
            }
        }
    }

    @Test
    void rangesThatFailLeaveTheOthersTheirTurn() {
        for (int threads : new int[] {1, 2}) {
            AtomicInteger done = new AtomicInteger();
            try (WorkerPool pool = WorkerPool.start(threads)) {
                assertThatThrownBy(() ->
                                pool.runRanges(
                                        10,
                                        2,
                                        (first, end) -> {
                                            done.addAndGet(end - first);
                                            if (first == 0) {
                                                throw new IllegalStateException("first");
                                            }
                                        }))
                        .hasMessage("first");
            }
            assertThat(done).hasValue(10);
        }
    }

    @Test
    void callersOfSeveralThreadsTakeTurns() throws InterruptedException {
        AtomicInteger runs = new AtomicInteger();
        try (WorkerPool pool = WorkerPool.start(2)) {
            List<Thread> callers = new ArrayList<>();
            for (int caller = 0; caller < 4; caller++) {
                callers.add(
                        Thread.ofPlatform()
                                .start(() -> {
                                    for (int loop = 0; loop < 200; loop++) {
                                        pool.run(7, index -> runs.incrementAndGet());
                                    }
                                }));
            }
            for (Thread caller : callers) {
                caller.join();
            }
        }
        assertThat(runs).hasValue(4 * 200 * 7);
    }

    @Test
    void aClosedPoolAndAWrongThreadCountAreRefused() {
        WorkerPool pool = WorkerPool.start(2);
        pool.close();
        assertThatThrownBy(() -> pool.run(3, index -> {}))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
        assertThatThrownBy(() -> WorkerPool.start(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("found 0 threads, expected 1 to 1024");
    }
}
