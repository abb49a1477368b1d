package autark.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class DisconnectTest {
    private static final int PATIENCE_SECONDS = 20;

    private final Semaphore waiting = new Semaphore(0);
    private final Semaphore gone = new Semaphore(0);
    private final CountDownLatch release = new CountDownLatch(1);
    private Door door;

    @BeforeEach
    void open() {
        door =
                Doors.open(
                        Limits.standard(),
                        Doors.post("/whole", this::waitAndReply),
                        Doors.get("/events", this::stream),
                        Doors.echo(),
                        Doors.ok());
    }

    @AfterEach
    void close() {
        release.countDown();
        door.close();
    }

    private void waitAndReply(Exchange exchange) {
        exchange.body();
        exchange.whenGone(gone::release);
        waiting.release();
        await(release);
        exchange.reply(Reply.text("text/plain", "done"));
    }

    private void stream(Exchange exchange) {
        try (Outflow out = exchange.stream(Reply.text("text/event-stream", "data: 1\n\n"))) {
            exchange.whenGone(gone::release);
            waiting.release();
            await(release);
            out.write("data: 2\n\n");
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static boolean comes(Semaphore news) throws InterruptedException {
        return news.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    static Stream<Arguments> requests() {
        Consumer<RawClient> reset = RawClient::reset;
        Consumer<RawClient> close = RawClient::close;
        Consumer<RawClient> half = RawClient::finish;
        return Stream.of(Doors.json("/whole", "{}"), Doors.request("GET", "/events"))
                .flatMap(request ->
                        Stream.of(reset, close, half).map(way -> Arguments.of(request, way)));
    }

    @ParameterizedTest
    @MethodSource("requests")
    void aClientThatGoesIsNoticedWhileNothingIsWritten(String request, Consumer<RawClient> way)
            throws InterruptedException {
        try (RawClient client = new RawClient(door.port())) {
            client.send(request);
            assertThat(comes(waiting)).isTrue();
            assertThat(gone.availablePermits()).isZero();
            way.accept(client);
            assertThat(comes(gone)).isTrue();
        }
    }

    @Test
    void aClientThatWentBeforeIsTold() throws InterruptedException {
        try (RawClient client = new RawClient(door.port())) {
            client.send(Doors.json("/whole", "{}")).finish();
            assertThat(comes(gone)).isTrue();
            release.countDown();
            assertThat(client.receive().body()).isEqualTo("done");
        }
    }

    @Test
    void aClientThatStaysAndAsksAheadIsNotGone() throws InterruptedException {
        try (RawClient client = new RawClient(door.port())) {
            client.send(Doors.json("/whole", "{}") + Doors.request("GET", "/ok"));
            assertThat(comes(waiting)).isTrue();
            release.countDown();
            assertThat(client.receive().body()).isEqualTo("done");
            assertThat(client.receive().body()).isEqualTo("ok");
        }
        assertThat(gone.availablePermits()).isZero();
    }

    @Test
    void theActionOfAnAnswerThatIsCompleteIsForgotten() throws InterruptedException {
        release.countDown();
        try (RawClient client = new RawClient(door.port())) {
            client.send(Doors.json("/whole", "{}"));
            client.receive();
            client.send(Doors.request("GET", "/ok"));
            client.receive();
        }
        door.close(); // all connections have ended
        assertThat(gone.availablePermits()).isZero();
    }

    @Test
    void aClientThatFloodsDuringAnAnswerIsCut() throws InterruptedException {
        try (RawClient client = new RawClient(door.port())) {
            client.send(Doors.json("/whole", "{}"));
            assertThat(comes(waiting)).isTrue();
            client.send(new byte[16 << 10]);
            assertThat(comes(gone)).isTrue();
        }
    }

    @Test
    void aClientThatHasItsAnswerMaySendWhatItLikes() {
        String large = Doors.json("/echo", "x".repeat(50_000));
        String refused = Doors.json("/nowhere", "x".repeat(50_000));
        try (RawClient client = new RawClient(door.port())) {
            for (int count = 0; count < 200; count++) {
                assertThat(client.send(large).receive().body()).isEqualTo("/echo 50000");
                assertThat(client.send(refused).receive().status()).isEqualTo(404);
            }
        }
    }

    @Test
    void aSilentStreamOfEventsBeats() throws IOException, InterruptedException {
        Limits quick = Limits.standard().withHeartbeat(java.time.Duration.ofMillis(20));
        try (Door beating = Doors.open(quick, Doors.get("/events", this::stream));
                RawClient client = new RawClient(beating.port())) {
            client.send(Doors.request("GET", "/events"));
            client.receiveHead();
            assertThat(client.chunk()).contains("data: 1\n\n");
            assertThat(client.chunk()).contains(": \n\n");
            assertThat(client.chunk()).contains(": \n\n");
            release.countDown();
            String rest = "";
            while (!rest.equals("data: 2\n\n")) {
                assertThat(rest).isIn("", ": \n\n");
                rest = client.chunk().orElseThrow();
            }
            assertThat(client.chunk()).isEmpty();
        }
    }
}
