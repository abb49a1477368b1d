package autark.server.openai;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/// Runs batches: of each tenant one after the other, of different tenants beside one another, so
/// that none waits for another's.
final class BatchRunner implements AutoCloseable {
    private static final Logger LOGGER = System.getLogger(BatchRunner.class.getName());

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Queue<BatchJob>> waiting = new HashMap<>();
    private final Map<String, BatchJob> jobs = new HashMap<>();
    private final Set<Thread> threads = new HashSet<>();
    private boolean closed;

    /// Takes a job on.
    void submit(BatchJob job) {
        lock.lock();
        try {
            if (closed) {
                return; // the next server finds it
            }
            jobs.put(job.open().id(), job);
            String tenant = job.open().caller().tenant();
            Queue<BatchJob> queue = waiting.get(tenant);
            if (queue == null) {
                queue = new ArrayDeque<>();
                waiting.put(tenant, queue);
                threads.add(Thread.ofVirtual().start(() -> runAll(tenant)));
            }
            queue.add(job);
        } finally {
            lock.unlock();
        }
    }

    /// The job of a batch that has not ended.
    Optional<BatchJob> find(String id) {
        lock.lock();
        try {
            return Optional.ofNullable(jobs.get(id));
        } finally {
            lock.unlock();
        }
    }

    private void runAll(String tenant) {
        Optional<BatchJob> job = next(tenant);
        while (job.isPresent()) {
            run(job.get());
            job = next(tenant);
        }
    }

    private void run(BatchJob job) {
        try {
            job.run();
        } catch (RuntimeException e) {
            LOGGER.log(Level.ERROR, "batch " + job.open().id() + " was given up", e);
        } finally {
            forget(job);
        }
    }

    private Optional<BatchJob> next(String tenant) {
        lock.lock();
        try {
            Queue<BatchJob> queue = waiting.getOrDefault(tenant, new ArrayDeque<>());
            if (closed || queue.isEmpty()) {
                waiting.remove(tenant);
                threads.remove(Thread.currentThread());
                return Optional.empty();
            }
            return Optional.ofNullable(queue.poll());
        } finally {
            lock.unlock();
        }
    }

    private void forget(BatchJob job) {
        lock.lock();
        try {
            jobs.remove(job.open().id());
        } finally {
            lock.unlock();
        }
    }

    /// Breaks off what runs, and waits until it has; the next server goes on with it.
    @Override
    public void close() {
        List<Thread> running;
        lock.lock();
        try {
            closed = true;
            jobs.values().forEach(BatchJob::stop);
            running = new ArrayList<>(threads);
        } finally {
            lock.unlock();
        }
        for (Thread thread : running) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
