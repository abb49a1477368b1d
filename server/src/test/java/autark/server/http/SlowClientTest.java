package autark.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SlowClientTest {
    private static final Duration SHORT = Duration.ofMillis(100);
    private static final int PATIENCE_SECONDS = 20;

    @Test
    void aHeadThatDoesNotComeIsRefusedHoweverItTrickles() {
        try (Door door = Doors.open(Limits.standard().withHeadTime(SHORT), Doors.ok());
                RawClient client = new RawClient(door.port())) {
            client.send("GET /ok HTTP/1.1\r\nHost: local");
            RawClient.Answer answer = client.receive();
            assertThat(answer.status()).isEqualTo(408);
            assertThat(answer.header("connection")).isEqualTo("close");
            assertThat(client.next()).isEmpty();
        }
    }

    @Test
    void aConnectionWithoutARequestEnds() {
        try (Door door = Doors.open(Limits.standard().withHeadTime(SHORT), Doors.ok());
                RawClient client = new RawClient(door.port())) {
            assertThat(client.next()).isEmpty();
        }
    }

    @Test
    void aConnectionThatIsIdleAfterARequestEnds() {
        try (Door door = Doors.open(Limits.standard().withIdle(SHORT), Doors.ok());
                RawClient client = new RawClient(door.port())) {
            assertThat(client.send(Doors.request("GET", "/ok")).receive().status()).isEqualTo(200);
            assertThat(client.next()).isEmpty();
        }
    }

    @Test
    void aBodyThatDoesNotComeIsRefused() {
        try (Door door = Doors.open(Limits.standard().withBodyStall(SHORT), Doors.echo())) {
            for (String part :
                    List.of(
                            "Content-Length: 3\r\n\r\n{}",
                            "Transfer-Encoding: chunked\r\n\r\n2\r\n{",
                            "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n")) {
                try (RawClient client = new RawClient(door.port())) {
                    client.send(
                            "POST /echo HTTP/1.1\r\nHost: localhost\r\n"
                                    + "Content-Type: application/json\r\n"
                                    + part);
                    RawClient.Answer answer = client.receive();
                    assertThat(answer.status()).isEqualTo(408);
                    assertThat(answer.header("connection")).isEqualTo("close");
                    assertThat(client.next()).isEmpty();
                }
            }
        }
    }

    /// The writer is blocked while nobody reads; that it returns shows that the client was cut.
    @Test
    void aClientThatDoesNotReadIsCutAndOthersAreServed() throws InterruptedException {
        Semaphore cut = new Semaphore(0);
        Semaphore gone = new Semaphore(0);
        Route flood =
                Doors.get(
                        "/flood",
                        exchange -> {
                            exchange.whenGone(gone::release);
                            try (Outflow out = exchange.stream(Reply.text("text/plain", ""))) {
                                String piece = "x".repeat(1 << 16);
                                while (true) {
                                    out.write(piece);
                                }
                            } finally {
                                cut.release();
                            }
                        });
        Limits limits = Limits.standard().withWriteStall(SHORT);
        try (Door door = Doors.open(limits, flood, Doors.ok());
                RawClient slow = new RawClient(RawClient.connected(door.port(), 4096));
                RawClient other = new RawClient(door.port())) {
            slow.send(Doors.request("GET", "/flood"));
            assertThat(other.send(Doors.request("GET", "/ok")).receive().status()).isEqualTo(200);
            assertThat(cut.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
            assertThat(gone.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
            assertThat(slow.drainToEnd()).isLessThan(4 << 20);
        }
    }

    @Test
    void aWholeAnswerThatNobodyTakesIsCut() throws InterruptedException {
        Semaphore cut = new Semaphore(0);
        Route large =
                Doors.get(
                        "/large",
                        exchange -> {
                            try {
                                exchange.reply(Reply.text("text/plain", "x".repeat(32 << 20)));
                            } catch (ClientGoneException e) {
                                cut.release();
                                throw e;
                            }
                        });
        Limits limits = Limits.standard().withWriteStall(SHORT);
        try (Door door = Doors.open(limits, large);
                RawClient slow = new RawClient(RawClient.connected(door.port(), 4096))) {
            slow.send(Doors.request("GET", "/large"));
            assertThat(cut.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void thoseWhoTrickleGiveWayToWhoComesAndThoseWhoAreAnsweredDoNot() throws InterruptedException {
        Semaphore begun = new Semaphore(0);
        Semaphore release = new Semaphore(0);
        Route slow =
                Doors.get(
                        "/slow",
                        exchange -> {
                            begun.release();
                            release.acquireUninterruptibly();
                            exchange.reply(Reply.text("text/plain", "slow"));
                        });
        int most = 4;
        try (Door door =
                        Doors.open(
                                Limits.standard().withConnectionsMax(most),
                                slow,
                                Doors.ok(),
                                Doors.echo());
                RawClient answered = new RawClient(door.port())) {
            answered.send(Doors.request("GET", "/slow"));
            assertThat(begun.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
            List<RawClient> trickling = new ArrayList<>();
            for (int count = 0; count < 5 * most; count++) {
                String part =
                        count % 2 == 0
                                ? "GET /ok HT"
                                : Doors.json("/echo", "{}}").replace("}}", "");
                trickling.add(new RawClient(door.port()).send(part));
                try (RawClient client = new RawClient(door.port())) {
                    client.send(Doors.request("GET", "/ok"));
                    assertThat(client.receive().status()).isEqualTo(200);
                }
            }
            release.release();
            assertThat(answered.receive().body()).isEqualTo("slow");
            assertThat(trickling.get(0).drainToEnd()).isZero();
            assertThat(trickling.get(1).drainToEnd()).isZero();
            trickling.forEach(RawClient::close);
        }
    }

    @Test
    void bodiesThatAreHeldAreBoundedTogetherAndGivenBack() throws InterruptedException {
        Semaphore held = new Semaphore(0);
        Semaphore release = new Semaphore(0);
        Route holds =
                Doors.post(
                        "/hold",
                        exchange -> {
                            exchange.body();
                            held.release();
                            release.acquireUninterruptibly();
                            exchange.reply(Reply.text("text/plain", "held"));
                        });
        int bytes = 100_000;
        Limits limits = Limits.standard().withBodyBytesMax(bytes, bytes + 10);
        try (Door door = Doors.open(limits, holds, Doors.echo());
                RawClient holder = new RawClient(door.port());
                RawClient other = new RawClient(door.port())) {
            holder.send(Doors.json("/hold", "x".repeat(bytes)));
            assertThat(held.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
            assertThat(other.send(Doors.json("/echo", "x".repeat(10))).receive().status())
                    .isEqualTo(200);
            release.release();
            assertThat(holder.receive().body()).isEqualTo("held");
            holder.send(Doors.json("/hold", "x".repeat(bytes)));
            assertThat(held.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
            RawClient.Answer refused = other.send(Doors.json("/echo", "x".repeat(11))).receive();
            assertThat(refused.status()).isEqualTo(429);
            assertThat(refused.header("retry-after")).isEqualTo("1");
            release.release();
            assertThat(holder.receive().body()).isEqualTo("held");
        }
    }
}
