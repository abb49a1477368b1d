package autark.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;

class ShutdownTest {
    private final CountDownLatch begun = new CountDownLatch(1);
    private final Semaphore release = new Semaphore(0);
    private final CountDownLatch gone = new CountDownLatch(1);

    private final Route slow =
            Doors.get(
                    "/slow",
                    exchange -> {
                        exchange.whenGone(() -> {
                            gone.countDown();
                            release.release();
                        });
                        begun.countDown();
                        release.acquireUninterruptibly();
                        exchange.reply(Reply.text("text/plain", "slow"));
                    });

    private final Route readiness =
            Doors.get(
                    "/readyz",
                    exchange ->
                            exchange.reply(
                                    Reply.text(
                                            "text/plain", Boolean.toString(!exchange.draining()))));

    @Test
    void aRunningAnswerIsFinishedAndIdleConnectionsEnd() throws InterruptedException {
        Door door = Doors.open(Limits.standard(), slow, Doors.ok());
        Thread closing = Thread.ofVirtual().unstarted(door::close);
        try (RawClient running = new RawClient(door.port());
                RawClient idle = new RawClient(door.port());
                RawClient fresh = new RawClient(door.port())) {
            assertThat(idle.send(Doors.request("GET", "/ok")).receive().status()).isEqualTo(200);
            running.send(Doors.request("GET", "/slow"));
            begun.await();
            closing.start();
            assertThat(idle.drainToEnd()).isZero();
            assertThat(fresh.drainToEnd()).isZero();
            awaitRefusal(door.port());
            assertThat(closing.isAlive()).isTrue();
            release.release();
            RawClient.Answer answer = running.receive();
            assertThat(answer.body()).isEqualTo("slow");
            assertThat(answer.header("connection")).isEqualTo("close");
            assertThat(running.next()).isEmpty();
        }
        closing.join();
    }

    /// Returns once nobody listens any more; connections that end are seen a moment before.
    private static void awaitRefusal(int port) {
        boolean listens = true;
        while (listens) {
            try (RawClient late = new RawClient(port)) {
                assertThat(late.drainToEnd()).isZero();
            } catch (UncheckedIOException e) {
                listens = false;
            }
        }
    }

    @Test
    void anAnswerThatTakesTooLongIsCut() throws InterruptedException {
        Door door = Doors.open(Limits.standard().withShutdown(Duration.ofMillis(20)), slow);
        try (RawClient running = new RawClient(door.port())) {
            running.send(Doors.request("GET", "/slow"));
            begun.await();
            door.close();
            gone.await();
            assertThat(running.drainToEnd()).isZero();
        }
    }

    @Test
    void itIsToldBeforeAndServesOnMeanwhile() {
        try (Door door = Doors.open(Limits.standard(), readiness);
                RawClient client = new RawClient(door.port());
                RawClient other = new RawClient(door.port())) {
            assertThat(client.send(Doors.request("GET", "/readyz")).receive().body())
                    .isEqualTo("true");
            assertThat(door.draining()).isFalse();
            door.drain();
            assertThat(door.draining()).isTrue();
            for (RawClient one : new RawClient[] {client, other}) {
                RawClient.Answer answer = one.send(Doors.request("GET", "/readyz")).receive();
                assertThat(answer.body()).isEqualTo("false");
                assertThat(answer.header("connection")).isEqualTo("close");
                assertThat(one.next()).isEmpty();
            }
        }
    }
}
