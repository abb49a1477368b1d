package autark.server.openai;

import autark.server.desk.Seat;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;

/// Answers that are written while nobody waits for them. How many there can be the engine decides,
/// which refuses what is too much before it begins.
final class BackgroundRuns implements AutoCloseable {
    private static final Logger LOGGER = System.getLogger(BackgroundRuns.class.getName());

    private final Map<String, Run> running = new ConcurrentHashMap<>();

    private record Run(Seat seat, CountDownLatch ended) {
        void cancel() {
            seat.cancel();
            try {
                ended.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /// Starts one.
    ///
    /// @param seat is closed at the end
    /// @param work reads the answer to its end
    void start(String id, Seat seat, Runnable work) {
        Run run = new Run(seat, new CountDownLatch(1));
        running.put(id, run);
        Thread.ofVirtual()
                .start(() -> {
                    try (seat) {
                        work.run();
                    } catch (RuntimeException e) {
                        LOGGER.log(Level.ERROR, "a response in the background failed", e);
                    } finally {
                        running.remove(id);
                        run.ended().countDown();
                    }
                });
    }

    /// Whether one has not ended.
    boolean isRunning(String id) {
        return running.containsKey(id);
    }

    /// Ends one, if it has not ended, and waits until it has.
    void cancel(String id) {
        Optional.ofNullable(running.get(id)).ifPresent(Run::cancel);
    }

    @Override
    public void close() {
        running.values().forEach(Run::cancel);
    }
}
