package autark.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import autark.engine.Engine;
import autark.engine.FinishReason;
import autark.engine.Load;
import autark.engine.Request;
import autark.engine.ScriptedSteps;
import autark.server.access.Accounts;
import autark.server.access.Receipt;
import autark.server.desk.Desk;
import autark.server.desk.Job;
import autark.server.desk.Piece;
import autark.server.desk.Seat;
import autark.server.models.Catalog;
import autark.server.models.ModelCard;
import autark.text.template.Message;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Clients that go away in each phase of an answer: it ends, and its place and memory are free.
class AbortedAnswersTest {
    private static final int ABORTS = 20;
    private static final int PATIENCE_SECONDS = 20;
    private static final int LONG_PROMPT_CHARS = 3000;

    /// A step of a model takes its time, or there were no phase to be gone in.
    private static final Duration STEP = Duration.ofMillis(2);

    private final Semaphore steps = new Semaphore(0);
    private final Semaphore seated = new Semaphore(0);
    private final BlockingQueue<Receipt> receipts = new LinkedBlockingQueue<>();
    private Engine engine;
    private Door door;

    enum Phase {
        QUEUED,
        PREFILL,
        DECODE,
        WHOLE
    }

    @BeforeEach
    void open() {
        engine =
                ScriptedSteps.babbling(() -> {
                    steps.release();
                    LockSupport.parkNanos(STEP.toNanos());
                });
        Desk desk =
                new Desk(
                        Catalog.of(new ModelCard("m", Clock.systemUTC().instant()), engine),
                        Accounts.unlimited(),
                        new Desk.Observer() {
                            @Override
                            public void ended(Receipt receipt) {
                                receipts.add(receipt);
                            }

                            @Override
                            public void refused(
                                    Caller caller, String model, ApiException.Kind kind) {}
                        },
                        Clock.systemUTC(),
                        new Random(1));
        List<Route> routes =
                List.of(
                        Doors.post("/stream", exchange -> answer(desk, exchange)),
                        Doors.post("/whole", exchange -> answer(desk, exchange)));
        door = Door.open(DoorOptions.loopback(0), routes, Gate.open(), Map.of("/", Doors.FORM));
    }

    @AfterEach
    void close() {
        door.close();
        engine.close();
    }

    private void answer(Desk desk, Exchange exchange) {
        String prompt = Fields.of(exchange.body()).requiredText("prompt");
        try (Seat seat = desk.seat(exchange, "m")) {
            Job job = seat.answer(Request.of(Message.user(prompt)).withSeed(1), 1);
            seated.release();
            if (exchange.path().equals("/whole")) {
                exchange.reply(Reply.text("text/plain", job.results().getFirst().text()));
                return;
            }
            try (Outflow out = exchange.stream(Reply.text("text/event-stream", ""))) {
                for (Piece piece : job) {
                    out.write("data: " + piece.segment().text() + "\n\n");
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void anAnswerWhoseClientGoesEndsAndLeavesNothing(Phase phase) throws Exception {
        try (RawClient other = new RawClient(door.port())) {
            if (phase == Phase.QUEUED) {
                other.send(request("/stream", "other"));
                other.receiveHead();
                assertThat(other.chunk()).isPresent();
                come(seated);
            }
            for (int count = 0; count < ABORTS; count++) {
                hangUp(phase, count);
                Receipt receipt = receipts.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
                assertThat(receipt).isNotNull();
                assertThat(receipt.choices())
                        .extracting(Receipt.Choice::finish)
                        .containsOnly(FinishReason.CANCELLED);
            }
        }
        if (phase == Phase.QUEUED) {
            assertThat(receipts.poll(PATIENCE_SECONDS, TimeUnit.SECONDS)).isNotNull();
        }
        door.close(); // every thread that served has ended
        Load load = quiet();
        assertThat(load.running()).isZero();
        assertThat(load.waiting()).isZero();
        assertThat(load.freePages() + load.rememberedPages()).isEqualTo(load.pages());
    }

    /// What the engine has to do once it has nothing to do, which it notes at the end of a step.
    private Load quiet() {
        long deadlineNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        Load load = engine.load();
        while (load.running() + load.waiting() > 0 && System.nanoTime() < deadlineNanos) {
            Thread.onSpinWait();
            load = engine.load();
        }
        return load;
    }

    private void hangUp(Phase phase, int count) throws Exception {
        try (RawClient client = new RawClient(door.port())) {
            switch (phase) {
                case QUEUED -> {
                    client.send(request("/whole", count + " waits"));
                    come(seated);
                }
                case PREFILL -> {
                    steps.drainPermits();
                    client.send(request("/stream", count + "x".repeat(LONG_PROMPT_CHARS)));
                    come(seated);
                    come(steps);
                }
                case DECODE -> {
                    client.send(request("/stream", count + " streams"));
                    client.receiveHead();
                    assertThat(client.chunk()).isPresent();
                }
                case WHOLE -> {
                    steps.drainPermits();
                    client.send(request("/whole", count + " whole"));
                    come(seated);
                    assertThat(steps.tryAcquire(10, PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
                }
            }
            if (count % 2 == 0) {
                client.reset();
            }
        }
    }

    private static void come(Semaphore news) throws InterruptedException {
        assertThat(news.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    }

    private static String request(String path, String prompt) {
        return Doors.json(path, "{\"prompt\": \"" + prompt + "\"}");
    }
}
