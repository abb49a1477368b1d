package autark.chip;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// Runs the items of one loop on several threads.
///
/// A step of a model is a chain of loops over row tiles, each only microseconds long, so handing
/// them over must cost less than they do. The caller publishes a [Loop], wakes the workers that
/// sleep and takes items itself; every thread takes the next item from a shared counter, so a
/// worker whose core was given to another process costs its share and no more. A thread counts what
/// it has finished by itself and reports it once. The caller returns once each item is finished,
/// not once each worker has answered. Workers spin briefly between loops and then park, so an idle
/// pool burns no processor.
///
/// Which thread computes an item never changes a result: items write disjoint memory.
///
/// One caller at a time: loops of several threads queue on the pool's lock. A loop of one item, or
/// in a pool of one thread, runs at once on its caller.
public final class WorkerPool implements AutoCloseable {
    /// One loop body; `index` runs from 0 to below the count given to [#run].
    @FunctionalInterface
    public interface Body {
        void run(int index);
    }

    /// The body of a loop over ranges: all indices from `first` to below `end`.
    @FunctionalInterface
    public interface RangeBody {
        void run(int first, int end);
    }

    public static final int THREAD_COUNT_MAX = 1024;

    /// A range is what is left over so many times the number of threads.
    private static final int RANGES_PER_THREAD = 2;

    private static final int SPIN_COUNT = 2_000;

    private static final class Loop {
        final RangeBody body;
        final int count;
        final int rangeMax;
        final int shares;
        final Sleeper caller;
        final AtomicInteger next = new AtomicInteger();
        final AtomicInteger finished = new AtomicInteger();
        final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

        Loop(RangeBody body, int count, int rangeMax, int threadCount, Sleeper caller) {
            this.body = body;
            this.count = count;
            this.rangeMax = rangeMax;
            this.shares = RANGES_PER_THREAD * threadCount;
            this.caller = caller;
        }

        void work() {
            int done = 0;
            for (int first = next.get(); first < count; first = next.get()) {
                int end = first + Math.clamp((count - first) / shares, 1, rangeMax);
                if (next.compareAndSet(first, end)) {
                    try {
                        body.run(first, end);
                    } catch (Throwable e) {
                        failure.compareAndSet(null, e);
                    }
                    done += end - first;
                }
            }
            if (done > 0 && finished.addAndGet(done) == count) {
                caller.wake();
            }
        }

        boolean taken() {
            return next.get() >= count;
        }

        boolean finished() {
            return finished.get() == count;
        }
    }

    /// A thread that waits: first spinning, then parked. Who makes the condition true calls [#wake]
    /// afterwards; both sides write before they read, so that no call is lost.
    private static final class Sleeper {
        private final Thread thread;
        private volatile boolean parked;

        Sleeper(Thread thread) {
            this.thread = thread;
        }

        void await(BooleanSupplier condition) {
            for (int spin = 0; spin < SPIN_COUNT; spin++) {
                if (condition.getAsBoolean()) {
                    return;
                }
                Thread.onSpinWait();
            }
            parked = true;
            while (!condition.getAsBoolean()) {
                LockSupport.park(this);
            }
            parked = false;
        }

        void wake() {
            if (parked) {
                LockSupport.unpark(thread);
            }
        }
    }

    private final Sleeper[] workers;
    private final Object callLock = new Object();
    private volatile @Nullable Loop current;
    private volatile boolean closed;

    private WorkerPool(int threadCount) {
        workers = new Sleeper[threadCount - 1];
        for (int i = 0; i < workers.length; i++) {
            int index = i;
            workers[i] =
                    new Sleeper(
                            Thread.ofPlatform()
                                    .daemon()
                                    .name("autark-worker-" + i)
                                    .unstarted(() -> serve(index)));
        }
    }

    /// Starts a pool of `threadCount` threads, the caller of [#run] counted in.
    public static WorkerPool start(int threadCount) {
        if (threadCount < 1 || threadCount > THREAD_COUNT_MAX) {
            throw new IllegalArgumentException(
                    "found %d threads, expected 1 to %d".formatted(threadCount, THREAD_COUNT_MAX));
        }
        WorkerPool pool = new WorkerPool(threadCount);
        for (Sleeper worker : pool.workers) {
            worker.thread.start();
        }
        return pool;
    }

    public int threadCount() {
        return workers.length + 1;
    }

    /// Runs `body` for each index from 0 to below `count` and returns when all are finished. An
    /// exception of the body reaches the caller after the other items have run.
    public void run(int count, Body body) {
        runRanges(count, Math.max(1, count), (first, end) -> runEach(first, end, body));
    }

    private static void runEach(int first, int end, Body body) {
        Throwable failure = null;
        for (int index = first; index < end; index++) {
            try {
                body.run(index);
            } catch (Throwable e) {
                failure = failure == null ? e : failure;
            }
        }
        rethrow(failure);
    }

    /// Runs `body` for ranges of indices that make up 0 to below `count`, each of at most
    /// `rangeMax` of them, and returns when all are finished. An exception of the body reaches the
    /// caller after the other ranges have run.
    public void runRanges(int count, int rangeMax, RangeBody body) {
        if (closed) {
            throw new IllegalStateException("the worker pool is closed");
        }
        if (count <= 1 || workers.length == 0) {
            runAlone(count, rangeMax, body);
            return;
        }
        synchronized (callLock) {
            Sleeper caller = new Sleeper(Thread.currentThread());
            Loop loop = new Loop(body, count, rangeMax, threadCount(), caller);
            current = loop;
            for (int i = 0; i < Math.min(workers.length, count - 1); i++) {
                workers[i].wake();
            }
            loop.work();
            caller.await(loop::finished);
            current = null;
            rethrow(loop.failure.get());
        }
    }

    private static void runAlone(int count, int rangeMax, RangeBody body) {
        Throwable failure = null;
        for (int first = 0; first < count; first += rangeMax) {
            try {
                body.run(first, Math.min(count, first + rangeMax));
            } catch (Throwable e) {
                failure = failure == null ? e : failure;
            }
        }
        rethrow(failure);
    }

    private static void rethrow(@Nullable Throwable failure) {
        switch (failure) {
            case null -> {}
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            case Throwable e -> throw new IllegalStateException("a worker failed", e);
        }
    }

    private void serve(int index) {
        while (!closed) {
            Loop loop = current;
            if (loop != null) {
                loop.work();
            }
            workers[index].await(this::hasWork);
        }
    }

    private boolean hasWork() {
        Loop loop = current;
        return closed || loop != null && !loop.taken();
    }

    /// Ends the workers. A second call does nothing.
    @Override
    public void close() {
        closed = true;
        for (Sleeper worker : workers) {
            worker.wake();
        }
    }
}
