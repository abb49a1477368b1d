package autark.chip;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Runs the items of one loop on several threads.
///
/// A step of a model is a chain of loops over row tiles, each only microseconds long, so handing
/// them over must cost less than they do. The caller publishes a [Loop], wakes the workers and
/// takes items itself; every thread takes the next item from a shared counter, so a worker whose
/// core was given to another process costs its share and no more. The caller returns once each item
/// is finished, not once each worker has answered. Workers spin briefly between loops and then
/// park, so an idle pool burns no processor.
///
/// Which thread computes an item never changes a result: items write disjoint memory.
///
/// One caller at a time: calls of [#run] from several threads queue on the pool's lock.
public final class WorkerPool implements AutoCloseable {
    /// One loop body; `index` runs from 0 to below the count given to [#run].
    @FunctionalInterface
    public interface Body {
        void run(int index);
    }

    public static final int THREAD_COUNT_MAX = 1024;

    private static final int SPIN_COUNT = 2_000;

    private static final class Loop {
        final Body body;
        final int count;
        final Thread caller;
        final AtomicInteger next = new AtomicInteger();
        final AtomicInteger finished = new AtomicInteger();
        final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

        Loop(Body body, int count, Thread caller) {
            this.body = body;
            this.count = count;
            this.caller = caller;
        }

        void work() {
            for (int index = next.getAndIncrement();
                    index < count;
                    index = next.getAndIncrement()) {
                try {
                    body.run(index);
                } catch (Throwable e) {
                    failure.compareAndSet(null, e);
                }
                if (finished.incrementAndGet() == count) {
                    LockSupport.unpark(caller);
                }
            }
        }

        boolean taken() {
            return next.get() >= count;
        }
    }

    private final Thread[] workers;
    private final Object callLock = new Object();
    private volatile @Nullable Loop current;
    private volatile boolean closed;

    private WorkerPool(int threadCount) {
        workers = new Thread[threadCount - 1];
        for (int i = 0; i < workers.length; i++) {
            workers[i] =
                    Thread.ofPlatform().daemon().name("autark-worker-" + i).unstarted(this::serve);
        }
    }

    /// Starts a pool of `threadCount` threads, the caller of [#run] counted in.
    public static WorkerPool start(int threadCount) {
        if (threadCount < 1 || threadCount > THREAD_COUNT_MAX) {
            throw new IllegalArgumentException(
                    "found %d threads, expected 1 to %d".formatted(threadCount, THREAD_COUNT_MAX));
        }
        WorkerPool pool = new WorkerPool(threadCount);
        for (Thread worker : pool.workers) {
            worker.start();
        }
        return pool;
    }

    public int threadCount() {
        return workers.length + 1;
    }

    /// Runs `body` for each index from 0 to below `count` and returns when all are finished. An
    /// exception of the body reaches the caller after the other items have run.
    public void run(int count, Body body) {
        if (closed) {
            throw new IllegalStateException("the worker pool is closed");
        }
        if (count <= 1 || workers.length == 0) {
            for (int index = 0; index < count; index++) {
                body.run(index);
            }
            return;
        }
        synchronized (callLock) {
            Loop loop = new Loop(body, count, Thread.currentThread());
            current = loop;
            for (int i = 0; i < Math.min(workers.length, count - 1); i++) {
                LockSupport.unpark(workers[i]);
            }
            loop.work();
            await(loop);
            current = null;
            rethrow(loop.failure.get());
        }
    }

    private static void await(Loop loop) {
        for (int spin = 0; loop.finished.get() < loop.count; spin++) {
            if (spin < SPIN_COUNT) {
                Thread.onSpinWait();
            } else {
                LockSupport.park(loop);
            }
        }
    }

    private static void rethrow(@Nullable Throwable failure) {
        switch (failure) {
            case null -> {}
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            case Throwable e -> throw new IllegalStateException("a worker failed", e);
        }
    }

    private void serve() {
        int idleSpins = 0;
        while (!closed) {
            Loop loop = current;
            if (loop != null && !loop.taken()) {
                loop.work();
                idleSpins = 0;
            } else if (idleSpins < SPIN_COUNT) {
                idleSpins++;
                Thread.onSpinWait();
            } else {
                LockSupport.park(this);
                idleSpins = 0;
            }
        }
    }

    /// Ends the workers. A second call does nothing.
    @Override
    public void close() {
        closed = true;
        for (Thread worker : workers) {
            LockSupport.unpark(worker);
        }
    }
}
