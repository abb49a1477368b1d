package autark.server.openai;

import autark.server.http.ClientGoneException;
import autark.server.http.Exchange;
import autark.server.http.Outflow;
import autark.server.http.Reply;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import tools.jackson.databind.JsonNode;

/// Server-sent events. While nothing else is sent a comment goes out now and then, so that nobody
/// between the client and here takes the connection for dead while a long prompt is read.
final class EventStream implements AutoCloseable {
    private static final String PING = ": ping\n\n";

    private final Outflow out;
    private final Duration pingEvery;
    private final Runnable whenGone;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean open = true;
    private boolean sent;

    private EventStream(Outflow out, Duration pingEvery, Runnable whenGone) {
        this.out = out;
        this.pingEvery = pingEvery;
        this.whenGone = whenGone;
    }

    /// Begins to answer.
    ///
    /// @param pingEvery how long nothing may be sent
    /// @param whenGone is run if the client turns out to be away while nothing else is sent
    static EventStream begin(Exchange exchange, Duration pingEvery, Runnable whenGone) {
        Reply head =
                Reply.text("text/event-stream", "")
                        .withHeader("cache-control", "no-cache")
                        .withHeader("x-accel-buffering", "no");
        EventStream stream = new EventStream(exchange.stream(head), pingEvery, whenGone);
        Thread.ofVirtual().start(stream::ping);
        return stream;
    }

    private void ping() {
        lock.lock();
        try {
            while (open) {
                sent = false;
                long nanosLeft = pingEvery.toNanos();
                while (open && !sent && nanosLeft > 0) {
                    nanosLeft = changed.awaitNanos(nanosLeft);
                }
                if (open && !sent) {
                    out.write(PING);
                }
            }
        } catch (ClientGoneException e) {
            whenGone.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    /// Sends an event without a name.
    void send(JsonNode data) {
        write("data: " + data + "\n\n");
    }

    /// Sends an event.
    void send(String name, JsonNode data) {
        write("event: " + name + "\ndata: " + data + "\n\n");
    }

    /// Sends what comes last where events have no names.
    void done() {
        write("data: [DONE]\n\n");
    }

    /// Runs what sends the events; if it fails, that is the last event.
    void tell(Runnable events) {
        try {
            events.run();
        } catch (ClientGoneException e) {
            throw e;
        } catch (RuntimeException e) {
            send(OpenAiErrors.body(OpenAiErrors.failure(e)));
        }
    }

    private void write(String event) {
        lock.lock();
        try {
            out.write(event);
            sent = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            open = false;
            changed.signalAll();
            out.close();
        } finally {
            lock.unlock();
        }
    }
}
