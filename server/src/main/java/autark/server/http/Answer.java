package autark.server.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/// The answer to one request, as it goes out: whole, with its length, or in chunks.
///
/// A stream of events that has nothing to say for a time says so, in a comment, which clients skip:
/// proxies in between do not cut it off, and a client that died in silence is found out. That comes
/// from another thread, so writing has a lock; a piece of a stream of events is whole events.
final class Answer {
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
                    .withZone(ZoneOffset.UTC);
    private static final String EVENTS = "text/event-stream";
    private static final byte[] COMMENT = chunk(": \n\n".getBytes(StandardCharsets.US_ASCII));
    private static final byte[] LAST_CHUNK = "0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final Wire wire;
    private final boolean headOnly;
    private final BooleanSupplier keepsConnection;
    private final Map<String, String> header = new LinkedHashMap<>();

    private final ReentrantLock lock = new ReentrantLock();
    private boolean sent;
    private int status;
    private boolean closes;
    private boolean complete;

    /// When the last piece of a stream of events went out, by [System#nanoTime]; guarded by the
    /// lock.
    private long pieceNanos;

    private volatile boolean beats;

    /// @param method of the request; an answer to `HEAD` has no body
    /// @param keepsConnection whether the connection can serve another request, asked when the
    ///   answer begins
    Answer(Wire wire, String method, BooleanSupplier keepsConnection) {
        this.wire = wire;
        this.headOnly = method.equals("HEAD");
        this.keepsConnection = keepsConnection;
    }

    /// Sets a field of the header; what comes later replaces what came before.
    void header(String name, String value) {
        if (!name.chars().allMatch(Answer::isNameChar)
                || !value.chars().allMatch(c -> c >= 0x20 && c < 0x7f)) {
            throw new IllegalArgumentException("a field of a header that is none: " + name);
        }
        header.put(name, value);
    }

    private static boolean isNameChar(int c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
    }

    /// Whether anything has gone out.
    boolean sent() {
        return sent;
    }

    /// The status that has gone out, 0 before.
    int status() {
        return status;
    }

    /// Whether the connection is fit for another request.
    boolean keepsConnection() {
        return complete && !closes;
    }

    /// Ends the connection behind this answer.
    void closeAfter() {
        closes = true;
    }

    /// Sends a whole answer.
    void send(Reply reply) {
        begin(reply);
        if (reply.status() != 204) {
            header.put("content-length", Integer.toString(reply.body().length));
        }
        byte[] head = head(reply.status());
        wire.answered();
        write(headOnly ? head : joined(head, reply.body()));
        complete = true;
    }

    /// Begins an answer in pieces.
    Outflow stream(Reply reply) {
        begin(reply);
        header.put("transfer-encoding", "chunked");
        if (headOnly) {
            wire.answered();
        }
        write(head(reply.status()));
        beats = !headOnly && reply.contentType().startsWith(EVENTS);
        Flow flow = new Flow();
        flow.write(reply.body());
        return flow;
    }

    private void begin(Reply reply) {
        if (sent) {
            throw new IllegalStateException("a request has one answer");
        }
        sent = true;
        status = reply.status();
        reply.headers().forEach((name, value) -> header(name.toLowerCase(Locale.ROOT), value));
        if (!reply.contentType().isEmpty()) {
            header("content-type", reply.contentType());
        }
        closes |= !keepsConnection.getAsBoolean();
    }

    private byte[] head(int status) {
        StringBuilder head = new StringBuilder("HTTP/1.1 ").append(status).append(' ');
        head.append(reason(status)).append("\r\n");
        header.put("date", DATE.format(Instant.now()));
        if (closes) {
            header.put("connection", "close");
        }
        header.forEach(
                (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        return head.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII);
    }

    private static String reason(int status) {
        return switch (status) {
            case 200 -> "OK";
            case 204 -> "No Content";
            case 400 -> "Bad Request";
            case 401 -> "Unauthorized";
            case 403 -> "Forbidden";
            case 404 -> "Not Found";
            case 405 -> "Method Not Allowed";
            case 408 -> "Request Timeout";
            case 413 -> "Content Too Large";
            case 415 -> "Unsupported Media Type";
            case 429 -> "Too Many Requests";
            case 500 -> "Internal Server Error";
            case 503 -> "Service Unavailable";
            default -> "";
        };
    }

    private void write(byte[] bytes) {
        lock.lock();
        try {
            wire.write(bytes);
            pieceNanos = System.nanoTime();
        } catch (IOException e) {
            closes = true;
            throw new ClientGoneException(e);
        } finally {
            lock.unlock();
        }
    }

    /// Sends a comment in a stream of events that was silent for so long. To be called now and
    /// then.
    void beat(Duration silence) {
        if (!beats || !lock.tryLock()) {
            return;
        }
        try {
            if (System.nanoTime() - pieceNanos > silence.toNanos()) {
                pieceNanos = System.nanoTime();
                Thread.ofVirtual().name("autark-door-beats").start(this::comment);
            }
        } finally {
            lock.unlock();
        }
    }

    private void comment() {
        lock.lock();
        try {
            if (beats) {
                wire.write(COMMENT);
            }
        } catch (IOException e) {
            beats = false; // the thread that reads has noticed, or the next piece will
        } finally {
            lock.unlock();
        }
    }

    private static byte[] chunk(byte[] piece) {
        byte[] size =
                (Integer.toHexString(piece.length) + "\r\n").getBytes(StandardCharsets.US_ASCII);
        return joined(joined(size, piece), new byte[] {'\r', '\n'});
    }

    private static byte[] joined(byte[] first, byte[] second) {
        ByteArrayOutputStream both = new ByteArrayOutputStream(first.length + second.length);
        both.writeBytes(first);
        both.writeBytes(second);
        return both.toByteArray();
    }

    /// The pieces of an answer. What is not closed is cut, so that nobody takes a part for the
    /// whole.
    private final class Flow implements Outflow {
        @Override
        public void write(byte[] piece) {
            if (piece.length == 0) {
                return; // a chunk without bytes would end the answer
            }
            if (wire.gone()) {
                closes = true;
                throw new ClientGoneException("in the middle of an answer");
            }
            if (!headOnly) {
                Answer.this.write(chunk(piece));
            }
        }

        @Override
        public void close() {
            if (complete) {
                return;
            }
            lock.lock();
            try {
                beats = false;
                wire.answered();
                if (!headOnly) {
                    Answer.this.write(LAST_CHUNK);
                }
                complete = true;
            } finally {
                lock.unlock();
            }
        }
    }
}
