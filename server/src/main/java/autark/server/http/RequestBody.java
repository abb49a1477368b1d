package autark.server.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/// The body of a request, which is read once and whole, or not at all. Chunks are read as strictly
/// as heads: a size is plain hexadecimal digits and nothing else, and nothing follows the last one.
final class RequestBody {
    /// What is skipped of a body that nobody asked for, so that the connection can go on.
    private static final int SKIPPED_BYTES_MAX = 64 << 10;

    private static final int BLOCK_BYTES = 16 << 10;
    private static final int CHUNK_DIGITS_MAX = 8;
    private static final byte[] CONTINUE =
            "HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final Wire wire;
    private final RequestHead head;
    private final Duration stall;
    private final BodyBudget budget;
    private final Runnable whole;
    private long heldBytes;
    private boolean complete;
    private boolean begun;

    /// @param whole is told when the request has come in to its end, at once if it has no body
    RequestBody(Wire wire, RequestHead head, Duration stall, BodyBudget budget, Runnable whole) {
        this.wire = wire;
        this.head = head;
        this.stall = stall;
        this.budget = budget;
        this.whole = whole;
        if (head.framing() instanceof Framing.None) {
            complete = true;
            whole.run();
        }
    }

    /// Whether all of it has been read.
    boolean complete() {
        return complete;
    }

    /// Refuses a body that says at once that it is too large.
    ///
    /// @throws ApiException if it does
    void check(int bytesMax) {
        if (head.framing() instanceof Framing.Length length && length.bytes() > bytesMax) {
            throw tooLarge(bytesMax);
        }
    }

    /// All of it.
    ///
    /// @throws ApiException if it is too large, or the server holds too much already
    /// @throws RefusedException if its chunks are not as they have to be, or do not come
    byte[] read(int bytesMax) {
        byte[] bytes = all(bytesMax);
        whole.run();
        return bytes;
    }

    private byte[] all(int bytesMax) {
        check(bytesMax);
        if (begun) {
            throw new IllegalStateException("a body is read once");
        }
        begun = true;
        try {
            if (head.expectsContinue() && !complete) {
                wire.write(CONTINUE);
            }
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            switch (head.framing()) {
                case Framing.None() -> {}
                case Framing.Length(long length) -> copy((int) length, bytes);
                case Framing.Chunked() -> copyChunks(bytesMax, bytes);
            }
            complete = true;
            return bytes.toByteArray();
        } catch (Wire.StallException e) {
            throw new RefusedException(
                    408,
                    "body: nothing came for %d seconds".formatted(Math.max(1, stall.toSeconds())));
        } catch (IOException e) {
            throw new ClientGoneException(e);
        }
    }

    private void copy(int length, ByteArrayOutputStream to) {
        byte[] block = new byte[Math.min(length, BLOCK_BYTES)];
        for (int left = length; left > 0; ) {
            int count = wire.read(block, 0, Math.min(left, block.length), deadline());
            if (count < 0) {
                throw new ClientGoneException("in the body of a request");
            }
            budget.take(count);
            heldBytes += count;
            to.write(block, 0, count);
            left -= count;
        }
    }

    private void copyChunks(int bytesMax, ByteArrayOutputStream to) {
        for (int size = chunkSize(); size > 0; size = chunkSize()) {
            if (size > bytesMax - to.size()) {
                throw tooLarge(bytesMax);
            }
            copy(size, to);
            expect("\r\n", "behind a chunk");
        }
        expect("\r\n", "behind the last chunk, without more fields");
    }

    private int chunkSize() {
        int digits = 0;
        long size = 0;
        for (int next = next(); next != '\r'; next = next()) {
            if (++digits > CHUNK_DIGITS_MAX || Character.digit(next, 16) < 0 || next > 0x7f) {
                throw RefusedException.bad(
                        "chunk: expected its size, plain hexadecimal digits without anything behind");
            }
            size = 16 * size + Character.digit(next, 16);
        }
        if (digits == 0) {
            throw RefusedException.bad("chunk: found no size, expected hexadecimal digits");
        }
        if (next() != '\n') {
            throw RefusedException.bad("chunk: expected a line feed behind a return");
        }
        return (int) Math.min(size, Integer.MAX_VALUE);
    }

    private void expect(String text, String place) {
        for (int index = 0; index < text.length(); index++) {
            if (next() != text.charAt(index)) {
                throw RefusedException.bad("chunk: expected the end of a line " + place);
            }
        }
    }

    private int next() {
        int next = wire.read(deadline());
        if (next < 0) {
            throw new ClientGoneException("in the body of a request");
        }
        return next;
    }

    private long deadline() {
        return System.nanoTime() + stall.toNanos();
    }

    private static ApiException tooLarge(int bytesMax) {
        return ApiException.of(
                ApiException.Kind.TOO_LARGE, "body: expected at most %d bytes".formatted(bytesMax));
    }

    /// Whether the connection can go on without the rest of the body: it is small, and a client
    /// that waits to be told to send it has not been told.
    boolean skippable() {
        return complete
                || (!begun
                        && !head.expectsContinue()
                        && head.framing() instanceof Framing.Length(long bytes)
                        && bytes <= SKIPPED_BYTES_MAX);
    }

    /// Reads over a small body that nobody asked for.
    ///
    /// @return whether it came
    boolean skip() {
        try {
            if (!complete) {
                all(SKIPPED_BYTES_MAX);
            }
            return true;
        } catch (RefusedException | ApiException e) {
            return false; // the answer is out, and there is nobody to tell
        }
    }

    /// Its bytes are needed no more.
    void release() {
        budget.giveBack(heldBytes);
        heldBytes = 0;
    }
}
