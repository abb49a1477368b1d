package autark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

final class SupervisorTest {
    /// A worker's life: how long, and its exit code.
    private record Life(Duration time, int exitCode) {}

    private final List<Duration> pauses = new ArrayList<>();
    private final StringWriter notes = new StringWriter();
    private Instant now = Instant.EPOCH;

    private int supervise(Life... lives) throws InterruptedException {
        Deque<Life> next = new ArrayDeque<>(List.of(lives));
        Supervisor supervisor =
                new Supervisor(
                        () -> worker(next.removeFirst()),
                        (told, time) -> {
                            pauses.add(time);
                            return told.getCount() == 0;
                        },
                        () -> now,
                        new PrintWriter(notes));
        int exitCode = supervisor.run();
        assertThat(next).isEmpty();
        return exitCode;
    }

    private Supervisor.Worker worker(Life life) {
        return new Supervisor.Worker() {
            @Override
            public int await() {
                now = now.plus(life.time());
                return life.exitCode();
            }

            @Override
            public void end() {
                throw new AssertionError("nobody has told it to end");
            }
        };
    }

    @Test
    void aServerThatDiesIsStartedAgainSoon() throws InterruptedException {
        Life day = new Life(Duration.ofDays(1), 137);
        assertThat(supervise(day, day, day, new Life(Duration.ofDays(1), 0))).isZero();
        assertThat(pauses)
                .containsExactly(Supervisor.PAUSE_MIN, Supervisor.PAUSE_MIN, Supervisor.PAUSE_MIN);
        assertThat(notes.toString()).contains("died with exit code 137 after 86400 s");
        assertThat(Supervisor.PAUSE_MIN).isLessThan(Duration.ofSeconds(1));
    }

    @Test
    void oneThatDiesAtOncePausesLongerEachTime() throws InterruptedException {
        Life crash = new Life(Duration.ofSeconds(1), 1);
        Life[] lives = new Life[14];
        Arrays.fill(lives, crash);
        lives[12] = new Life(Supervisor.LONG, 1);
        lives[13] = new Life(Duration.ZERO, 2);
        assertThat(supervise(lives)).isEqualTo(2);
        assertThat(pauses)
                .hasSize(13)
                .startsWith(Supervisor.PAUSE_MIN, Supervisor.PAUSE_MIN.multipliedBy(2));
        assertThat(pauses.get(11)).isEqualTo(Supervisor.PAUSE_MAX);
        assertThat(pauses.get(12)).isEqualTo(Supervisor.PAUSE_MIN);
    }

    @Test
    void aSupervisorThatIsToldToEndEndsItsWorkerAndStartsNoOther() throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        CompletableFuture<Integer> end = new CompletableFuture<>();
        List<String> workers = new ArrayList<>();
        Supervisor supervisor =
                new Supervisor(
                        () -> {
                            workers.add("started");
                            started.countDown();
                            return new Supervisor.Worker() {
                                @Override
                                public int await() {
                                    return end.join();
                                }

                                @Override
                                public void end() {
                                    end.complete(143);
                                }
                            };
                        },
                        (_, time) -> {
                            throw new AssertionError("found a pause of " + time);
                        },
                        () -> now,
                        new PrintWriter(notes));
        CompletableFuture<Integer> exitCode =
                CompletableFuture.supplyAsync(() -> run(supervisor), Thread::startVirtualThread);
        started.await();
        supervisor.end();
        assertThat(exitCode.get()).isEqualTo(143);
        assertThat(workers).hasSize(1);
    }

    private static int run(Supervisor supervisor) {
        try {
            return supervisor.run();
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted", e);
        }
    }
}
