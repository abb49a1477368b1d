package autark.engine;

import autark.engine.schedule.Scheduler;
import autark.engine.schedule.Task;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/// The thread of a [Scheduler]: runs its steps while there is work, and between them what other
/// threads want done. Without work it sleeps.
final class EngineLoop implements AutoCloseable {
    /// How long to sleep if there are answers but all wait for their readers: a reader wakes the
    /// loop, a deadline does not.
    private static final long WAIT_MILLIS = 50;

    private final Scheduler scheduler;
    private final Thread thread;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<Runnable> mail = new ArrayDeque<>();
    private boolean woken;
    private boolean closed;
    private volatile Load load;

    EngineLoop(Scheduler scheduler) {
        this.scheduler = scheduler;
        this.load = scheduler.load();
        this.thread = Thread.ofPlatform().daemon().name("autark-engine").start(this::run);
    }

    /// Has the thread run something between two steps.
    ///
    /// @throws EngineException if the engine is closed
    void post(Runnable task) {
        lock.lock();
        try {
            if (closed) {
                throw new EngineException("the engine is closed");
            }
            mail.add(task);
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /// Has the scheduler take an answer in.
    void submit(Task task) {
        post(() -> scheduler.submit(task));
    }

    /// Has the thread run something, and waits for the result.
    <T> T call(Supplier<T> task) {
        CompletableFuture<T> result = new CompletableFuture<>();
        post(() -> {
            try {
                result.complete(task.get());
            } catch (Throwable e) {
                result.completeExceptionally(e);
            }
        });
        try {
            return result.join();
        } catch (CompletionException e) {
            switch (e.getCause()) {
                case RuntimeException cause -> throw cause;
                case Error cause -> throw cause;
                case null, default -> throw e;
            }
        }
    }

    /// Has the thread look at its answers again.
    void wake() {
        lock.lock();
        try {
            woken = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    Load load() {
        return load;
    }

    private void run() {
        boolean more = true;
        while (more) {
            try {
                more = turn();
            } catch (RuntimeException | Error e) {
                scheduler.failAll(e);
            }
        }
        readMail();
        scheduler.failAll(new EngineException("the engine is closed"));
        load = scheduler.load();
    }

    /// Does what is next. Returns whether there may be more.
    private boolean turn() {
        Optional<Runnable> next = nextMail();
        if (next.isPresent()) {
            next.get().run();
            return true;
        }
        boolean worked = scheduler.busy() && scheduler.step();
        load = scheduler.load();
        return worked ? !isClosed() : sleep();
    }

    /// What came during the last step, for whoever sent it may wait for the end of it.
    private void readMail() {
        Optional<Runnable> next = nextMail();
        while (next.isPresent()) {
            next.get().run();
            next = nextMail();
        }
    }

    private Optional<Runnable> nextMail() {
        lock.lock();
        try {
            return Optional.ofNullable(mail.poll());
        } finally {
            lock.unlock();
        }
    }

    private boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    /// Sleeps until something changes. Returns whether the loop goes on.
    private boolean sleep() {
        lock.lock();
        try {
            boolean late = false;
            while (mail.isEmpty() && !woken && !closed && !late) {
                if (scheduler.busy()) {
                    late = !changed.await(WAIT_MILLIS, TimeUnit.MILLISECONDS);
                } else {
                    changed.awaitUninterruptibly();
                }
            }
            woken = false;
            return !closed || !mail.isEmpty();
        } catch (InterruptedException e) {
            // Nobody has the thread but this loop, and it ends by [#close].
            return true;
        } finally {
            lock.unlock();
        }
    }

    /// Ends the thread; answers that have not ended fail.
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
