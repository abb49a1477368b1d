package autark.engine.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class StepTimesTest {
    private final StepTimes times = new StepTimes();

    @Test
    void nothingIsKnownBeforeTheFirstStep() {
        assertThat(times.seconds(10)).isZero();
        assertThat(times.known(10)).isFalse();
        assertThat(times.within(2, 10, 18, 64)).isEqualTo(18);
    }

    @Test
    void whatWasNotMeasuredGrowsInProportion() {
        times.add(4, Duration.ofMillis(100));
        assertThat(times.known(4)).isTrue();
        assertThat(times.known(16)).isFalse();
        assertThat(times.seconds(16)).isCloseTo(0.4, within(1e-9));
    }

    @Test
    void theMostTokensWithinATimeAreFound() {
        times.add(4, Duration.ofMillis(100));
        assertThat(times.within(2, 4, 5, 64)).isEqualTo(8);
        assertThat(times.within(2, 4, 20, 64)).isEqualTo(20);
        assertThat(times.within(100, 4, 5, 64)).isEqualTo(64);
    }

    @Test
    void aRateOfGuessesFollowsWhatHappens() {
        Acceptance good = new Acceptance();
        Acceptance bad = new Acceptance();
        double start = good.rate();
        for (int i = 0; i < 20; i++) {
            good.add(4, 4);
            bad.add(4, 0);
        }
        assertThat(good.rate()).isGreaterThan(0.95);
        assertThat(bad.rate()).isLessThan(0.15);
        assertThat(bad.drafted()).isEqualTo(80);
        assertThat(good.accepted()).isEqualTo(80);
        for (int i = 0; i < 1000; i++) {
            bad.recover();
        }
        assertThat(bad.rate()).isCloseTo(start, within(0.01));
    }
}
