package autark.cli.pull;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class TimedBodyTest {
    @Test
    void aBodyThatStopsIsAnError() throws IOException {
        PipedOutputStream server = new PipedOutputStream();
        InputStream stalled = new PipedInputStream(server);
        server.write(7);
        server.flush();
        try (server;
                TimedBody body = new TimedBody(stalled, Duration.ofMillis(200))) {
            assertThat(body.read(new byte[10])).isEqualTo(1);
            assertThatIOException()
                    .isThrownBy(() -> body.read(new byte[10]))
                    .withMessageStartingWith("no data for");
        }
    }

    @Test
    void errorsOfTheBodyComeThrough() throws IOException {
        InputStream broken = new PipedInputStream();
        try (TimedBody body = new TimedBody(broken, Duration.ofMinutes(1))) {
            assertThatIOException()
                    .isThrownBy(() -> body.read(new byte[10]))
                    .withMessage("Pipe not connected");
        }
    }

    @Test
    void theEndIsTheEnd() throws IOException {
        InputStream empty = new ByteArrayInputStream(new byte[0]);
        try (TimedBody body = new TimedBody(empty, Duration.ofMinutes(1))) {
            assertThat(body.read(new byte[10])).isEqualTo(-1);
        }
    }
}
