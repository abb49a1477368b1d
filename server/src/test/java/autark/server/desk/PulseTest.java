package autark.server.desk;

import static org.assertj.core.api.Assertions.assertThat;

import autark.server.http.Outflow;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;

class PulseTest {
    private final BlockingQueue<String> written = new LinkedBlockingQueue<>();
    private final Outflow out =
            new Outflow() {
                @Override
                public void write(byte[] piece) {
                    written.add(new String(piece, StandardCharsets.UTF_8));
                }

                @Override
                public void close() {
                    written.add("end");
                }
            };

    @Test
    void aSilenceIsBrokenUntilTheEnd() throws InterruptedException {
        try (Pulse pulse = new Pulse(out, "ping", Duration.ofMillis(1))) {
            assertThat(written.take()).isEqualTo("ping");
            assertThat(written.take()).isEqualTo("ping");
            pulse.write("piece");
        }
        assertThat(written).contains("piece", "end");
        assertThat(written.stream().skip(written.size() - 1)).containsExactly("end");
    }

    @Test
    void whatSpeaksGivesNoSign() {
        try (Pulse pulse = new Pulse(out, "ping", Duration.ofDays(1))) {
            pulse.write("piece");
        }
        assertThat(written).containsExactly("piece", "end");
    }
}
