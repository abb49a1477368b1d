package autark.engine;

import java.util.concurrent.CountDownLatch;

/// Keeps the thread of an engine busy until it is closed, so that a test can arrange what the
/// thread finds then.
final class BusyEngine implements AutoCloseable {
    private final CountDownLatch end = new CountDownLatch(1);

    private BusyEngine() {}

    /// Returns once the engine's thread is busy.
    static BusyEngine keep(Engine engine) {
        BusyEngine busy = new BusyEngine();
        CountDownLatch begun = new CountDownLatch(1);
        Thread.ofVirtual()
                .start(() ->
                        engine.withModel(_ -> {
                            begun.countDown();
                            await(busy.end);
                            return "";
                        }));
        await(begun);
        return busy;
    }

    static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Lets the thread go on.
    void release() {
        end.countDown();
    }

    @Override
    public void close() {
        release();
    }
}
