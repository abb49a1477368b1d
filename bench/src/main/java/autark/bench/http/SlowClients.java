package autark.bench.http;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/// Clients that read a byte a second, and clients whose heads trickle in, beside good ones.
final class SlowClients {
    private static final int SLOW_READERS = 500;
    private static final int TRICKLERS = 5000;
    private static final int PROBES = 200;
    private static final int ROUNDS = 12;
    private static final int TOKENS = 128;
    private static final long SETTLE_MILLIS = 8_000;

    private final Served served;
    private final String model;
    private final AtomicBoolean end = new AtomicBoolean();
    private final List<Thread> threads = new ArrayList<>();

    private SlowClients(Served served, String model) {
        this.served = served;
        this.model = model;
    }

    static void run(Path root, Path data, String model) throws IOException, InterruptedException {
        try (Served served = Served.start(root, data, List.of("-m", model))) {
            SlowClients clients = new SlowClients(served, model);
            clients.rate();
            double alone = clients.rate();
            System.out.printf("a good client alone: %.1f pieces/s%n", alone);
            clients.start(SLOW_READERS, clients::readSlowly);
            double beside = clients.rate();
            System.out.printf(
                    "beside %d slow readers: %.1f pieces/s, %.3fx%n",
                    SLOW_READERS, beside, beside / alone);
            clients.stop();
            clients.start(TRICKLERS, clients::trickle);
            Figures health = new Figures();
            for (int i = 0; i < PROBES; i++) {
                health.add(Wire.get(served.address(), "/healthz").seconds());
            }
            System.out.printf(
                    "beside %d trickling heads: /healthz p50 %.1f ms, p99 %.1f ms%n",
                    TRICKLERS, 1e3 * health.quantile(0.5), 1e3 * health.quantile(0.99));
            clients.stop();
            System.out.printf("memory at the end: %d MB%n", served.residentBytes() >> 20);
        }
    }

    /// Pieces a second of one client.
    private double rate() throws IOException {
        long begin = System.nanoTime();
        int pieces = 0;
        for (int i = 0; i < ROUNDS; i++) {
            pieces += Asked.chat(served.address(), model, TOKENS, i).pieces();
        }
        return pieces * 1e9 / (System.nanoTime() - begin);
    }

    private void start(int count, Runnable client) throws InterruptedException {
        end.set(false);
        for (int i = 0; i < count; i++) {
            threads.add(Thread.ofVirtual().start(client));
        }
        Thread.sleep(SETTLE_MILLIS);
    }

    private void stop() throws InterruptedException {
        end.set(true);
        for (Thread thread : threads) {
            thread.join();
        }
        threads.clear();
    }

    private void readSlowly() {
        try (Socket socket = new Socket()) {
            socket.setReceiveBufferSize(1024);
            socket.connect(served.address());
            socket.getOutputStream()
                    .write(Wire.request("POST /v1/chat/completions", Asked.body(model, 4, 1)));
            while (!end.get()) {
                socket.getInputStream().read();
                Thread.sleep(1_000);
            }
        } catch (IOException e) {
            // the server cut it, as it should
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void trickle() {
        byte[] head =
                "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: "
                        .getBytes(StandardCharsets.US_ASCII);
        try (Socket socket = Wire.open(served.address())) {
            for (int i = 0; !end.get(); i++) {
                socket.getOutputStream().write(i < head.length ? head[i] : 'x');
                Thread.sleep(1_000);
            }
        } catch (IOException e) {
            // the server cut it, as it should
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
