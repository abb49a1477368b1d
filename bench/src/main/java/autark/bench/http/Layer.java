package autark.bench.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/// What HTTP costs beside the model: processor time of the virtual threads' carriers while sixteen
/// clients get streams.
final class Layer {
    private static final int CLIENTS = 16;
    private static final int TOKENS = 128;
    private static final long WARM_MILLIS = 15_000;
    private static final long MILLIS = 30_000;
    private static final double STATED_RATE = 500;

    private Layer() {}

    static void run(Path root, Path data, String model) throws IOException, InterruptedException {
        try (Served served = Served.start(root, data, List.of("-m", model))) {
            AtomicBoolean end = new AtomicBoolean();
            AtomicLong pieces = new AtomicLong();
            List<Thread> clients = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                int number = i;
                clients.add(
                        Thread.ofVirtual()
                                .start(() -> ask(served, model, number * 1_000_000L, end, pieces)));
            }
            Thread.sleep(WARM_MILLIS);
            double before = http(served);
            long piecesBefore = pieces.get();
            Thread.sleep(MILLIS);
            double rate = (pieces.get() - piecesBefore) * 1e3 / MILLIS;
            double share = (http(served) - before) * 1e3 / MILLIS;
            end.set(true);
            for (Thread client : clients) {
                client.join();
            }
            System.out.printf(
                    "%d streams, %.0f pieces/s: HTTP takes %.2f %% of a core, %.2f %% at %.0f/s%n",
                    CLIENTS, rate, 100 * share, 100 * share * STATED_RATE / rate, STATED_RATE);
        }
    }

    private static void ask(
            Served served, String model, long number, AtomicBoolean end, AtomicLong pieces) {
        for (long i = 0; !end.get(); i++) {
            try {
                pieces.addAndGet(Asked.chat(served.address(), model, TOKENS, number + i).pieces());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static double http(Served served) throws IOException {
        return served.seconds("ForkJoinPool", "VirtualThread", "Read-Poller", "Write-Poller");
    }
}
