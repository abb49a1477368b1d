package autark.bench.http;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/// Requests come at a fixed pace, whether or not the server keeps up: first at four fifths of what
/// it can do, then at ten times that.
final class Overload {
    private static final int TOKENS = 32;
    private static final int CLIENTS = 16;
    private static final int WARM_REQUESTS = 320;
    private static final double EASY = 0.8;
    private static final double HARD = 10;
    private static final double EASY_SECONDS = 30;

    private final Served served;
    private final String model;
    private final AtomicInteger numbers = new AtomicInteger();

    private Overload(Served served, String model) {
        this.served = served;
        this.model = model;
    }

    /// With the usual queue, then with none.
    static void run(Path root, Path data, String model, double seconds)
            throws IOException, InterruptedException {
        run(root, data, model, List.of(), seconds);
        run(root, data, model, List.of("--queue", "1"), seconds);
    }

    private static void run(Path root, Path data, String model, List<String> more, double seconds)
            throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of("-m", model));
        arguments.addAll(more);
        try (Served served = Served.start(root, data, arguments)) {
            Overload overload = new Overload(served, model);
            double capacity = overload.capacity();
            System.out.printf(
                    "capacity: %.1f requests/s of %d tokens %s%n", capacity, TOKENS, more);
            Phase easy = overload.phase(EASY * capacity, EASY_SECONDS);
            easy.print("load 0.8", served.residentBytes());
            overload.phase(HARD * capacity, seconds / 3).print("load 10", served.residentBytes());
            long before = served.residentBytes();
            Phase hard = overload.phase(HARD * capacity, seconds * 2 / 3);
            long after = served.residentBytes();
            hard.print("load 10", after);
            System.out.printf(
                    "memory %+.1f %% in the last two thirds, first token p99 %.2fx,"
                            + " answered %.2fx of capacity%n",
                    100.0 * (after - before) / before,
                    hard.first.quantile(0.99) / easy.first.quantile(0.99),
                    hard.first.count() / hard.seconds / capacity);
        }
    }

    /// Requests a second that sixteen clients get through.
    private double capacity() throws InterruptedException {
        long begin = System.nanoTime();
        List<Thread> clients = new ArrayList<>();
        Phase phase = new Phase(0);
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(
                    Thread.ofVirtual()
                            .start(() -> {
                                for (int n = 0; n < WARM_REQUESTS / CLIENTS; n++) {
                                    ask(phase);
                                }
                            }));
        }
        for (Thread client : clients) {
            client.join();
        }
        return WARM_REQUESTS * 1e9 / (System.nanoTime() - begin);
    }

    private Phase phase(double rate, double seconds) throws InterruptedException {
        Phase phase = new Phase(seconds);
        List<Thread> clients = new ArrayList<>();
        long begin = System.nanoTime();
        for (int i = 0; i < rate * seconds; i++) {
            long due = begin + (long) (i * 1e9 / rate);
            long wait = due - System.nanoTime();
            if (wait > 0) {
                Thread.sleep(wait / 1_000_000, (int) (wait % 1_000_000));
            }
            clients.add(Thread.ofVirtual().start(() -> ask(phase)));
        }
        for (Thread client : clients) {
            client.join();
        }
        return phase;
    }

    private void ask(Phase phase) {
        try {
            Asked asked = Asked.chat(served.address(), model, TOKENS, numbers.incrementAndGet());
            switch (asked.status()) {
                case Wire.OK -> {
                    phase.first.add(asked.firstSeconds());
                    phase.broken.addAndGet(asked.whole() ? 0 : 1);
                }
                case 429, 503, 529 -> {
                    phase.refused.add(asked.headSeconds());
                    phase.silent.addAndGet(asked.retryAfter() ? 0 : 1);
                }
                default -> phase.broken.incrementAndGet();
            }
        } catch (IOException e) {
            phase.hungUp.incrementAndGet();
        }
    }

    private static final class Phase {
        final double seconds;
        final Figures first = new Figures();
        final Figures refused = new Figures();
        final AtomicInteger silent = new AtomicInteger();
        final AtomicInteger broken = new AtomicInteger();
        final AtomicInteger hungUp = new AtomicInteger();

        Phase(double seconds) {
            this.seconds = seconds;
        }

        void print(String name, long resident) {
            System.out.printf(
                    "%s: %d answered (first token p50 %.3f s, p99 %.3f s), %d refused (p50 %.1f ms,"
                            + " p99 %.1f ms, %d without Retry-After), %d broken, %d hung up, %d MB%n",
                    name,
                    first.count(),
                    first.quantile(0.5),
                    first.quantile(0.99),
                    refused.count(),
                    1e3 * refused.quantile(0.5),
                    1e3 * refused.quantile(0.99),
                    silent.get(),
                    broken.get(),
                    hungUp.get(),
                    resident >> 20);
        }
    }
}
