package autark.server.http;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/// One client's connection: requests one after the other, each read, answered and forgotten before
/// the next one is looked at. It has a virtual thread, which may block, and its [Wire] a second
/// one.
final class Connection implements Runnable {
    private static final Logger LOGGER = System.getLogger(Connection.class.getName());

    /// What a connection is doing, and since when by [System#nanoTime].
    private record Doing(What what, long sinceNanos) {
        static Doing now(What what) {
            return new Doing(what, System.nanoTime());
        }
    }

    private enum What {
        /// Waits for a request; nobody loses anything if it ends.
        IDLE,
        /// Reads a request.
        READING,
        ANSWERING,
        ENDED
    }

    private final Wire wire;
    private final Listener listener;
    private final AtomicReference<Doing> doing = new AtomicReference<>(Doing.now(What.IDLE));
    private final AtomicReference<Optional<Answer>> current =
            new AtomicReference<>(Optional.empty());

    Connection(Wire wire, Listener listener) {
        this.wire = wire;
        this.listener = listener;
    }

    @Override
    public void run() {
        Limits limits = listener.limits();
        try {
            wire.open(listener.tls(), limits.headTime());
            boolean next = serve(limits.headTime());
            while (next) {
                next = serve(limits.idle());
            }
            wire.finish();
        } catch (IOException | ClientGoneException e) {
            LOGGER.log(Level.DEBUG, "a connection broke", e);
        } catch (RuntimeException e) {
            LOGGER.log(Level.ERROR, "a connection failed", e);
        } finally {
            doing.set(Doing.now(What.ENDED));
            wire.cut();
            listener.left(this);
        }
    }

    /// Serves a request.
    ///
    /// @return whether there can be another one
    private boolean serve(Duration idle) {
        Doing waiting = Doing.now(What.IDLE);
        if (!begin(waiting)
                || !comes(idle)
                || !doing.compareAndSet(waiting, Doing.now(What.READING))) {
            return false;
        }
        Exchanges door = listener.door();
        try {
            RequestHead head =
                    HeadReader.read(
                            wire, System.nanoTime() + listener.limits().headTime().toNanos());
            return answer(head, door);
        } catch (RefusedException e) {
            door.refuse(new Answer(wire, "GET", () -> false), e);
        } catch (Wire.StallException e) {
            door.refuse(
                    new Answer(wire, "GET", () -> false),
                    new RefusedException(408, "head: it did not come in time"));
        }
        return false;
    }

    private boolean begin(Doing waiting) {
        Doing before = doing.get();
        return before.what() != What.ENDED
                && doing.compareAndSet(before, waiting)
                && !listener.closed(); // asked last: what waits from now on is ended by [#drain]
    }

    private boolean comes(Duration idle) {
        try {
            return wire.await(System.nanoTime() + idle.toNanos());
        } catch (Wire.StallException e) {
            return false;
        }
    }

    private boolean answer(RequestHead head, Exchanges door) {
        Limits limits = listener.limits();
        RequestBody body =
                new RequestBody(
                        wire, head, limits.bodyStall(), listener.bodies(), this::requestIsHere);
        Answer answer =
                new Answer(
                        wire,
                        head.method(),
                        () -> !head.closes() && !listener.draining() && body.skippable());
        current.set(Optional.of(answer));
        try {
            door.serve(new LiveExchange.Line(head, body, answer, wire, listener::draining));
            return answer.keepsConnection() && body.skip();
        } finally {
            current.set(Optional.empty());
            wire.answered();
            wire.forget();
            body.release();
        }
    }

    private void requestIsHere() {
        doing.set(Doing.now(What.ANSWERING));
        wire.answering();
    }

    /// Ends the connection if it waits for a request.
    void drain() {
        Doing now = doing.get();
        if (now.what() == What.IDLE && doing.compareAndSet(now, Doing.now(What.ENDED))) {
            wire.cut();
        }
    }

    /// How long it has been waiting for a request or for the rest of one, in nanoseconds; 0 if it
    /// does anything else.
    long waitedNanos() {
        Doing now = doing.get();
        return now.what() == What.IDLE || now.what() == What.READING
                ? System.nanoTime() - now.sinceNanos()
                : 0;
    }

    /// Looks after what the client holds up. To be called now and then.
    void sweep() {
        wire.sweep();
        current.get().ifPresent(answer -> answer.beat(listener.limits().heartbeat()));
    }

    /// Ends the connection now.
    void cut() {
        wire.cut();
    }
}
