package autark.cli.pull;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// The body of an answer, which fails when no byte comes for a while: the HTTP client itself limits
/// only the time to the first.
final class TimedBody implements AutoCloseable {
    private final InputStream body;
    private final Duration limit;
    private final ExecutorService reader = Executors.newVirtualThreadPerTaskExecutor();

    TimedBody(InputStream body, Duration limit) {
        this.body = body;
        this.limit = limit;
    }

    /// As [InputStream#read(byte\[\])].
    int read(byte[] buffer) throws IOException {
        Future<Integer> count = reader.submit(() -> body.read(buffer));
        try {
            return count.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new IOException("no data for %d s".formatted(limit.toSeconds()), e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PullException("interrupted", e);
        }
    }

    /// Closing the body also ends a read that waits.
    @Override
    public void close() throws IOException {
        body.close();
        reader.shutdownNow();
    }
}
