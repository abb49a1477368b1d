package autark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class ProgressBarTest {
    private final StringWriter written = new StringWriter();
    private final AtomicLong now = new AtomicLong();

    @Test
    void whereNobodyLooksOnlyNotesAreWritten() {
        try (ProgressBar bar = bar(false)) {
            bar.note("getting it");
            bar.progress(10, 100);
            bar.progress(100, 100);
        }
        assertThat(written).hasToString("getting it" + System.lineSeparator());
    }

    @Test
    void aTerminalSeesPartRateAndRemainingTime() {
        try (ProgressBar bar = bar(true)) {
            bar.progress(0, 100_000_000);
            assertThat(shown()).isEqualTo("[------------------------]   0 % of 100.0 MB");
            later(2000);
            bar.progress(25_000_000, 100_000_000);
            assertThat(shown())
                    .isEqualTo(
                            "[######------------------]  25 % of 100.0 MB, 12.5 MB/s, 0:06 left");
        }
    }

    @Test
    void theRateCountsWhatCameInThisTime() {
        try (ProgressBar bar = bar(true)) {
            bar.progress(50_000_000, 100_000_000);
            later(1000);
            bar.progress(60_000_000, 100_000_000);
            assertThat(shown()).endsWith("10.0 MB/s, 0:04 left");
            later(1000);
            bar.progress(0, 100_000_000);
            later(1000);
            bar.progress(1_000_000, 100_000_000);
            assertThat(shown()).endsWith("1.0 MB/s, 1:39 left");
        }
    }

    @Test
    void itIsDrawnNotTooOftenAndRemovedAtTheEnd() {
        try (ProgressBar bar = bar(true)) {
            for (int i = 0; i < 1000; i++) {
                bar.progress(i, 1000);
                later(1);
            }
        }
        assertThat(written.toString().split("\r")).hasSize(1 + 10 + 1);
        assertThat(written.toString()).endsWith("\r\033[K");
    }

    @Test
    void aNoteTakesThePlaceOfTheBar() {
        try (ProgressBar bar = bar(true)) {
            bar.progress(1, 2);
            bar.note("trying elsewhere");
        }
        assertThat(written.toString())
                .endsWith("\r\033[Ktrying elsewhere" + System.lineSeparator());
    }

    private ProgressBar bar(boolean interactive) {
        return new ProgressBar(new PrintWriter(written), interactive, now::get);
    }

    private void later(long milliseconds) {
        now.addAndGet(TimeUnit.MILLISECONDS.toNanos(milliseconds));
    }

    private String shown() {
        String all = written.toString();
        return all.substring(all.lastIndexOf("\033[K") + 3);
    }
}
