package autark.server.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Serial;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import jdk.net.ExtendedSocketOptions;

/// The bytes between the server and one client, and the news that the client has gone.
///
/// **Idea.** Blocking code that computes an answer does not look at its socket, so a client that
/// hangs up is noticed at the next write, which for an answer that is sent whole is after all the
/// work. Here a virtual thread does nothing but read, always: while a request comes in, while it
/// waits, while it is answered. What it reads waits in a small ring for the thread that serves the
/// connection; the end of the stream (FIN) and an error (RST) run what [#whenGone] was given, at
/// once and on the thread that reads. A client that closes the half it sends on counts as gone.
///
/// **The ring** has one writer (the thread that reads the socket) and one reader (the thread that
/// serves). The socket is read into the free part without a copy and without the lock; the lock
/// guards the two counts. A full ring stops the reading, and then nobody would see the client go.
/// So while an answer is computed ([#answering]) a full ring is itself a reason to hang up: a
/// client may send the next request ahead, and no flood.
///
/// **Silence.** A client whose machine or cable died sends nothing. The system asks such a client
/// whether it lives (keep-alive of TCP, after [#KEEP_ALIVE_SECONDS]); streams of events send
/// comments besides ([Answer]), and a write that nobody takes for a time is cut by [#sweep]. Every
/// wait for bytes has a deadline, which the caller brings.
///
/// **Threads.** `read`, `answering` and the like are for the thread that serves; `write` for one
/// thread at a time; [#whenGone], [#cut] and [#sweep] for any. To cut is to close the plain socket
/// under the one of TLS: that cannot block, and whoever is blocked in the socket gets an error.
final class Wire {
    private static final int AHEAD_BYTES = 16 << 10;
    private static final int SLICE_BYTES = 16 << 10;

    /// What the system holds for a client that does not read.
    private static final int SEND_BUFFER_BYTES = 128 << 10;

    private static final int KEEP_ALIVE_SECONDS = 15;
    private static final int KEEP_ALIVE_PROBE_SECONDS = 5;
    private static final int KEEP_ALIVE_PROBES = 3;

    /// How long a client has to take the end of an answer before the connection is closed hard.
    private static final Duration LINGER = Duration.ofSeconds(2);

    private static final Logger LOGGER = System.getLogger(Wire.class.getName());

    private final Socket plain;
    private final Duration writeStall;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final byte[] ring = new byte[AHEAD_BYTES];
    private long receivedCount;
    private long takenCount;
    private boolean ended;
    private boolean answering;
    private final List<Runnable> goneActions = new ArrayList<>();

    /// When what blocks the thread that serves counts as stalled, by [System#nanoTime].
    private volatile long stallNanos;

    private volatile boolean watched;
    private volatile boolean severed;
    private Socket socket;

    Wire(Socket plain, Duration writeStall) throws IOException {
        this.plain = plain;
        this.socket = plain;
        this.writeStall = writeStall;
        plain.setTcpNoDelay(true);
        plain.setOption(StandardSocketOptions.SO_SNDBUF, SEND_BUFFER_BYTES);
        plain.setKeepAlive(true);
        if (plain.supportedOptions().contains(ExtendedSocketOptions.TCP_KEEPIDLE)) {
            plain.setOption(ExtendedSocketOptions.TCP_KEEPIDLE, KEEP_ALIVE_SECONDS);
            plain.setOption(ExtendedSocketOptions.TCP_KEEPINTERVAL, KEEP_ALIVE_PROBE_SECONDS);
            plain.setOption(ExtendedSocketOptions.TCP_KEEPCOUNT, KEEP_ALIVE_PROBES);
        }
    }

    /// A wait that took longer than a client is given.
    static final class StallException extends RuntimeException {
        @Serial private static final long serialVersionUID = 1L;
    }

    /// Shakes hands if there is TLS, and begins to read.
    void open(Optional<SSLSocketFactory> tls, Duration handshakeTime) throws IOException {
        if (tls.isPresent()) {
            SSLSocket secured = (SSLSocket) tls.get().createSocket(plain, null, true);
            secured.setUseClientMode(false);
            SSLParameters parameters = secured.getSSLParameters();
            parameters.setProtocols(new String[] {"TLSv1.3"});
            parameters.setApplicationProtocols(new String[] {"http/1.1"});
            secured.setSSLParameters(parameters);
            guarded(handshakeTime, secured::startHandshake);
            socket = secured;
        }
        InputStream in = socket.getInputStream();
        Thread.ofVirtual().name("autark-door-reads").start(() -> pump(in));
    }

    private void pump(InputStream in) {
        try {
            int count = 0;
            while (count >= 0) {
                received(count);
                int room = awaitRoom();
                if (room == 0) {
                    cut();
                    return;
                }
                count = in.read(ring, (int) (receivedCount % AHEAD_BYTES), room);
            }
        } catch (IOException e) {
            LOGGER.log(Level.TRACE, "a connection broke", e);
        } finally {
            end();
        }
    }

    /// Bytes that can be read in one piece; 0 to hang up.
    private int awaitRoom() {
        lock.lock();
        try {
            while (receivedCount - takenCount == AHEAD_BYTES) {
                if (answering || ended) {
                    return 0;
                }
                changed.awaitUninterruptibly();
            }
            int at = (int) (receivedCount % AHEAD_BYTES);
            return Math.min(AHEAD_BYTES - at, AHEAD_BYTES - (int) (receivedCount - takenCount));
        } finally {
            lock.unlock();
        }
    }

    private void received(int count) {
        lock.lock();
        try {
            receivedCount += count;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void end() {
        List<Runnable> actions;
        lock.lock();
        try {
            ended = true;
            actions = List.copyOf(goneActions);
            goneActions.clear();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        actions.forEach(Wire::perform);
    }

    private static void perform(Runnable action) {
        try {
            action.run();
        } catch (RuntimeException e) {
            LOGGER.log(Level.ERROR, "what is done when a client goes away failed", e);
        }
    }

    /// Has something done when the client goes away; at once if it has gone.
    void whenGone(Runnable action) {
        boolean gone;
        lock.lock();
        try {
            gone = ended;
            if (!gone) {
                goneActions.add(action);
            }
        } finally {
            lock.unlock();
        }
        if (gone) {
            perform(action);
        }
    }

    /// The request is here: from now on nobody takes bytes, and a client that floods is cut.
    void answering() {
        answering(true);
    }

    /// The end of the answer goes out: once the client has it, it may send what it likes.
    void answered() {
        answering(false);
    }

    private void answering(boolean now) {
        lock.lock();
        try {
            answering = now;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// What was to be done when the client goes away is to be done no more.
    void forget() {
        lock.lock();
        try {
            goneActions.clear();
        } finally {
            lock.unlock();
        }
    }

    /// Waits for bytes.
    ///
    /// @param deadlineNanos by [System#nanoTime]
    /// @return false at the end of the stream
    /// @throws StallException at the deadline
    boolean await(long deadlineNanos) {
        lock.lock();
        try {
            while (receivedCount == takenCount && !ended) {
                long left = deadlineNanos - System.nanoTime();
                if (left <= 0) {
                    throw new StallException();
                }
                try {
                    changed.awaitNanos(left);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return false;
                }
            }
            return receivedCount > takenCount;
        } finally {
            lock.unlock();
        }
    }

    /// The next byte, or -1 at the end of the stream.
    ///
    /// @throws StallException at the deadline
    int read(long deadlineNanos) {
        if (!await(deadlineNanos)) {
            return -1;
        }
        int next = ring[(int) (takenCount % AHEAD_BYTES)] & 0xff;
        taken(1);
        return next;
    }

    /// Takes as many bytes as are here, one at least.
    ///
    /// @return how many; -1 at the end of the stream
    /// @throws StallException at the deadline
    int read(byte[] to, int from, int most, long deadlineNanos) {
        if (!await(deadlineNanos)) {
            return -1;
        }
        int at = (int) (takenCount % AHEAD_BYTES);
        int count = Math.min(Math.min(most, ready()), AHEAD_BYTES - at);
        System.arraycopy(ring, at, to, from, count);
        taken(count);
        return count;
    }

    private int ready() {
        lock.lock();
        try {
            return (int) (receivedCount - takenCount);
        } finally {
            lock.unlock();
        }
    }

    private void taken(int count) {
        lock.lock();
        try {
            takenCount += count;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Sends bytes; it blocks while the client does not take them, and each slice has its time.
    void write(byte[] bytes) throws IOException {
        if (severed) {
            throw new IOException("the connection was cut");
        }
        OutputStream out = socket.getOutputStream();
        for (int from = 0; from < bytes.length; from += SLICE_BYTES) {
            int begin = from;
            int count = Math.min(SLICE_BYTES, bytes.length - from);
            guarded(writeStall, () -> out.write(bytes, begin, count));
        }
    }

    /// Something that a client can hold up.
    @FunctionalInterface
    private interface Transfer {
        void run() throws IOException;
    }

    private void guarded(Duration time, Transfer transfer) throws IOException {
        stallNanos = System.nanoTime() + time.toNanos();
        watched = true;
        try {
            transfer.run();
        } finally {
            watched = false;
        }
    }

    /// Cuts the client off if it has held up a transfer for too long. To be called now and then.
    void sweep() {
        if (watched && System.nanoTime() - stallNanos > 0) {
            cut();
        }
    }

    /// Ends the connection so that the client gets all that was sent: a socket that is closed while
    /// bytes of the client wait in it throws away what is under way to the client.
    void finish() {
        try {
            guarded(writeStall, socket::shutdownOutput);
            long deadlineNanos = System.nanoTime() + LINGER.toNanos();
            byte[] waste = new byte[1024];
            while (read(waste, 0, waste.length, deadlineNanos) >= 0) {
                // what the client still sends is not looked at
            }
        } catch (IOException | StallException e) {
            LOGGER.log(Level.TRACE, "a connection did not end in peace", e);
        } finally {
            cut();
        }
    }

    /// Ends the connection now: nothing is written any more, then those are told who are to know,
    /// and last the thread that is blocked in the socket wakes up, which may end the answer.
    void cut() {
        severed = true;
        end();
        try {
            plain.close();
        } catch (IOException e) {
            LOGGER.log(Level.DEBUG, "cannot close a socket", e);
        }
    }

    /// The address by which the client reached the server.
    InetAddress localAddress() {
        return plain.getLocalAddress();
    }

    /// Whether the client has gone.
    boolean gone() {
        lock.lock();
        try {
            return ended;
        } finally {
            lock.unlock();
        }
    }
}
