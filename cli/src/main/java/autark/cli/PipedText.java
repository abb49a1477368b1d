package autark.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/// Standard input, read to its end by a thread of its own.
///
/// A program that is started by another one often inherits an input that nobody writes and nobody
/// closes. To read it would mean to wait for ever; not to read it would lose the text of a real
/// pipe. So whoever can do without the input waits a moment for it to begin, and says so if it does
/// not.
final class PipedText {
    private final CountDownLatch begun = new CountDownLatch(1);
    private final FutureTask<byte[]> reading;

    private PipedText(InputStream input) {
        reading = new FutureTask<>(() -> read(input));
    }

    static PipedText reading(InputStream input) {
        PipedText text = new PipedText(input);
        Thread.ofPlatform().daemon().name("autark-input").start(text.reading);
        return text;
    }

    private byte[] read(InputStream input) throws IOException {
        try {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            int first = input.read();
            if (first >= 0) {
                begun.countDown();
                bytes.write(first);
                bytes.write(input.readNBytes(Streams.INPUT_BYTES_MAX));
            }
            return bytes.toByteArray();
        } finally {
            begun.countDown();
        }
    }

    /// All of the input, once it has ended.
    String toEnd() throws IOException {
        try {
            return Streams.inputText(reading.get());
        } catch (ExecutionException e) {
            throw new IOException("standard input cannot be read: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while standard input was read", e);
        }
    }

    /// All of the input, or nothing if it does not begin within `patience`.
    Optional<String> toEndIfBegun(Duration patience) throws IOException {
        try {
            return begun.await(patience.toNanos(), TimeUnit.NANOSECONDS)
                    ? Optional.of(toEnd())
                    : Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while standard input was read", e);
        }
    }
}
