package autark.engine;

import java.util.stream.Stream;

/// Knows when a thread waits, and for what.
final class Waits {
    private Waits() {}

    /// Returns once a thread waits in a method; one that waits anywhere else, for a class to be
    /// loaded for instance, has perhaps not come that far.
    static void until(Thread thread, String method) {
        while (!waits(thread, method)) {
            Thread.onSpinWait();
        }
    }

    private static boolean waits(Thread thread, String method) {
        return thread.getState() == Thread.State.WAITING
                && Stream.of(thread.getStackTrace())
                        .anyMatch(frame -> frame.getMethodName().equals(method));
    }
}
