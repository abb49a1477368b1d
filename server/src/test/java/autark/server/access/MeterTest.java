package autark.server.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import autark.server.http.ApiException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MeterTest {
    private static final OptionalLong NONE = OptionalLong.empty();
    private static final Instant NOON = Instant.parse("2026-11-25T12:00:00.250Z");

    private final Meter meter = new Meter();

    private static Claim claim(long prompt, long most) {
        return new Claim("m", prompt, most);
    }

    private Meter.Hold reserve(Limits limits, Instant now, long prompt, long most) {
        return meter.reserve(limits, now, claim(prompt, most), () -> {});
    }

    private static void assertLimited(ThrowingCallable work, Duration retryAfter, String... words) {
        assertThatThrownBy(work)
                .isInstanceOfSatisfying(
                        ApiException.class,
                        e -> {
                            assertThat(e.kind()).isEqualTo(ApiException.Kind.LIMITED);
                            assertThat(e.retryAfter()).isEqualTo(retryAfter);
                            assertThat(e.getMessage()).contains(words);
                        });
    }

    @Test
    void whatWasNotUsedIsGivenBack() {
        Limits limits = new Limits(NONE, OptionalLong.of(100), NONE, NONE, NONE);
        Meter.Hold hold = reserve(limits, NOON, 10, 80);
        assertLimited(
                () -> reserve(limits, NOON, 10, 10),
                Duration.ofMillis(60_750),
                "tokens a minute",
                "100",
                "90 are used or set aside",
                "20 more");
        meter.settle(hold, 12);
        meter.settle(reserve(limits, NOON, 10, 78), 88);
        assertLimited(() -> reserve(limits, NOON, 1, 0), Duration.ofMillis(60_750), "100 are used");
    }

    @Test
    void retryAfterIsTheFirstMomentAtWhichItFits() {
        Limits limits = new Limits(OptionalLong.of(2), OptionalLong.of(100), NONE, NONE, NONE);
        reserve(limits, NOON, 30, 0);
        reserve(limits, NOON.plusSeconds(20), 40, 0);
        Instant later = NOON.plusSeconds(30);
        assertLimited(() -> reserve(limits, later, 5, 0), Duration.ofMillis(30_750), "requests");
        Instant free = later.plusMillis(30_750);
        assertLimited(
                () -> reserve(limits, free.minusNanos(1), 5, 0),
                Duration.ofNanos(1),
                "requests a minute");
        assertLimited(
                () -> reserve(limits, free, 61, 0), Duration.ofSeconds(20), "tokens a minute");
        assertThatCode(() -> reserve(limits, free, 60, 0)).doesNotThrowAnyException();
    }

    @Test
    void whatCanNeverBeGrantedIsNotWorthAnotherTry() {
        Limits minute = new Limits(NONE, OptionalLong.of(100), NONE, NONE, NONE);
        Limits day = new Limits(NONE, NONE, OptionalLong.of(100), NONE, NONE);
        Limits answer = new Limits(NONE, NONE, NONE, NONE, OptionalLong.of(100));
        assertLimited(() -> reserve(minute, NOON, 1, 100), Duration.ZERO, "max_tokens", "101");
        assertLimited(() -> reserve(day, NOON, 1, 100), Duration.ZERO, "max_tokens", "101");
        assertLimited(() -> reserve(answer, NOON, 1, 101), Duration.ZERO, "max_tokens", "101");
        assertThatCode(() -> reserve(answer, NOON, 500, 100)).doesNotThrowAnyException();
    }

    @Test
    void aDayEndsAtMidnightInUtcAndAnAnswerBelongsToTheDayItBegan() {
        Limits limits = new Limits(NONE, NONE, OptionalLong.of(100), NONE, NONE);
        meter.restore(Meter.dayOf(NOON), 40);
        Meter.Hold late = reserve(limits, NOON.plusSeconds(43_000), 0, 60);
        assertLimited(
                () -> reserve(limits, NOON.plusSeconds(43_100), 1, 0),
                Duration.ofMillis(99_750),
                "tokens a day");
        Instant tomorrow = Instant.parse("2026-11-26T00:00:00Z");
        reserve(limits, tomorrow, 90, 0);
        meter.settle(late, 1);
        assertThat(meter.tokensOfDay()).isEqualTo(90);
    }

    @Test
    void soManyAtOnce() {
        Limits limits = new Limits(NONE, NONE, NONE, OptionalLong.of(2), NONE);
        Meter.Hold first = reserve(limits, NOON, 1, 1);
        reserve(limits, NOON, 1, 1);
        assertLimited(() -> reserve(limits, NOON, 1, 1), Duration.ofSeconds(1), "answers at once");
        meter.settle(first, 1);
        assertThatCode(() -> reserve(limits, NOON, 1, 1)).doesNotThrowAnyException();
    }

    @Test
    void aClockThatIsSetBackGivesNothing() {
        Limits limits = new Limits(OptionalLong.of(1), NONE, NONE, NONE, NONE);
        reserve(limits, NOON, 1, 1);
        assertLimited(
                () -> reserve(limits, NOON.minusSeconds(3600), 1, 1),
                Duration.ofMillis(60_750),
                "requests a minute");
    }

    /// Whatever is asked when, in no sixty seconds more is granted than allowed.
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void inNoMinuteMoreIsGranted(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Limits limits = new Limits(OptionalLong.of(20), OptionalLong.of(1000), NONE, NONE, NONE);
        record Grant(Instant time, long tokens) {}
        List<Grant> grants = new ArrayList<>();
        Instant now = NOON;
        for (int i = 0; i < 600; i++) {
            now = now.plusMillis(random.nextInt(4_000));
            long wanted = random.nextInt(1, 200);
            try {
                Meter.Hold hold = reserve(limits, now, wanted, 0);
                grants.add(new Grant(now, wanted));
                meter.settle(hold, wanted);
            } catch (ApiException e) {
                Instant retry = now.plus(e.retryAfter());
                assertThat(e.retryAfter()).isBetween(Duration.ofNanos(1), Duration.ofSeconds(61));
                if (random.nextInt(3) == 0) {
                    now = retry; // then it fits
                    meter.settle(reserve(limits, now, wanted, 0), wanted);
                    grants.add(new Grant(now, wanted));
                }
            }
        }
        for (Grant end : grants) {
            Instant begin = end.time().minusSeconds(60);
            List<Grant> minute =
                    grants.stream()
                            .filter(g -> g.time().isAfter(begin) && !g.time().isAfter(end.time()))
                            .toList();
            assertThat(minute).as("seed %d", seed).hasSizeLessThanOrEqualTo(20);
            assertThat(minute.stream().mapToLong(Grant::tokens).sum()).isLessThanOrEqualTo(1000);
        }
    }

    /// Each thread has up to three answers open at a time.
    @Test
    void manyThreadsGetNotOneTokenMore() throws InterruptedException {
        int threads = 64;
        int each = 4_000;
        long limit = 3_000_000;
        int concurrent = 100;
        OptionalLong tokens = OptionalLong.of(limit);
        Limits limits = new Limits(NONE, tokens, tokens, OptionalLong.of(concurrent), NONE);
        AtomicLong spent = new AtomicLong();
        AtomicLong writing = new AtomicLong();
        AtomicLong tooMany = new AtomicLong();
        AtomicLong granted = new AtomicLong();
        CountDownLatch begin = new CountDownLatch(1);
        List<Thread> all = new ArrayList<>();
        for (int thread = 0; thread < threads; thread++) {
            SplittableRandom random = new SplittableRandom(thread);
            Runnable asks =
                    () -> {
                        Deque<Meter.Hold> open = new ArrayDeque<>();
                        for (int i = 0; i < each; i++) {
                            try {
                                open.add(reserve(limits, NOON, 1, random.nextInt(50)));
                                granted.incrementAndGet();
                                if (writing.incrementAndGet() > concurrent) {
                                    tooMany.incrementAndGet();
                                }
                            } catch (ApiException e) {
                                assertThat(e.kind()).isEqualTo(ApiException.Kind.LIMITED);
                            }
                            if (open.size() > random.nextInt(3) || i == each - 1) {
                                while (!open.isEmpty()) {
                                    writing.decrementAndGet();
                                    meter.settle(open.remove(), 1);
                                    spent.incrementAndGet();
                                }
                            }
                        }
                    };
            all.add(
                    Thread.ofPlatform()
                            .start(() -> {
                                awaitQuietly(begin);
                                asks.run();
                            }));
        }
        begin.countDown();
        for (Thread thread : all) {
            thread.join();
        }
        assertThat(tooMany).hasValue(0);
        assertThat(granted.get()).isEqualTo(spent.get()).isPositive();
        assertThat(meter.tokensOfDay()).isEqualTo(spent.get());
        long left = limit - spent.get();
        Limits both = new Limits(NONE, tokens, tokens, OptionalLong.of(1), NONE);
        assertThatThrownBy(() -> reserve(both, NOON, left + 1, 0)).isInstanceOf(ApiException.class);
        assertThatCode(() -> reserve(both, NOON, left, 0)).doesNotThrowAnyException();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
