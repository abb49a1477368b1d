package autark.server.http;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLSocketFactory;

/// Takes connections in and knows those that are open.
///
/// There is a bound. Beyond it the connection that has waited longest for a request, or for the
/// rest of one, gives way to the new one: clients that open connections and trickle do not keep
/// others out. If all are being answered, the new one is closed.
final class Listener implements AutoCloseable {
    private static final int BACKLOG = 1024;

    /// A pause after a connection could not be taken in, most likely for want of file descriptors.
    private static final Duration PAUSE = Duration.ofMillis(50);

    private static final long SWEEP_NANOS_MIN = Duration.ofMillis(5).toNanos();
    private static final long SWEEP_NANOS_MAX = Duration.ofSeconds(1).toNanos();

    /// How long threads have to end once their connections are cut.
    private static final Duration CUT_MAX = Duration.ofSeconds(2);

    private static final Logger LOGGER = System.getLogger(Listener.class.getName());

    private final Limits limits;
    private final Optional<TlsKeys> keys;
    private final Exchanges door;
    private final BodyBudget bodies;
    private final ServerSocket socket;
    private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition left = lock.newCondition();
    private volatile boolean draining;
    private volatile boolean over;

    private Listener(Limits limits, Optional<TlsKeys> keys, Exchanges door, ServerSocket socket) {
        this.limits = limits;
        this.keys = keys;
        this.door = door;
        this.bodies = new BodyBudget(limits.bodiesBytesMax());
        this.socket = socket;
    }

    /// Begins to listen.
    ///
    /// @throws IOException if the address cannot be had
    static Listener open(
            InetSocketAddress address, Limits limits, Optional<TlsKeys> keys, Exchanges door)
            throws IOException {
        ServerSocket socket = new ServerSocket();
        try {
            socket.setReuseAddress(true);
            socket.bind(address, BACKLOG);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
        Listener listener = new Listener(limits, keys, door, socket);
        Thread.ofPlatform().name("autark-door").start(listener::listen);
        Thread.ofPlatform().daemon().name("autark-door-sweeps").start(listener::sweep);
        return listener;
    }

    Limits limits() {
        return limits;
    }

    Exchanges door() {
        return door;
    }

    BodyBudget bodies() {
        return bodies;
    }

    Optional<SSLSocketFactory> tls() {
        return keys.map(TlsKeys::current);
    }

    int port() {
        return socket.getLocalPort();
    }

    boolean draining() {
        return draining;
    }

    /// Whether it takes no more connections.
    boolean closed() {
        return socket.isClosed();
    }

    /// Each answer from now on is the last one of its connection.
    void drain() {
        draining = true;
    }

    private void listen() {
        while (!socket.isClosed()) {
            try {
                take(socket.accept());
            } catch (IOException | RuntimeException | OutOfMemoryError e) {
                if (!socket.isClosed()) {
                    LOGGER.log(Level.WARNING, "cannot take a connection in: {0}", e.getMessage());
                    giveWay();
                    LockSupport.parkNanos(PAUSE.toNanos());
                }
            }
        }
    }

    private void sweep() {
        long shortest = Math.min(limits.writeStall().toNanos(), limits.heartbeat().toNanos());
        long pauseNanos = Math.clamp(shortest / 8, SWEEP_NANOS_MIN, SWEEP_NANOS_MAX);
        while (!over) {
            LockSupport.parkNanos(pauseNanos);
            try {
                connections.forEach(Connection::sweep);
            } catch (RuntimeException | OutOfMemoryError e) {
                LOGGER.log(Level.ERROR, "cannot look after connections", e);
            }
        }
    }

    private void take(Socket client) throws IOException {
        if (connections.size() >= limits.connectionsMax() && !giveWay()) {
            client.close();
            return;
        }
        try {
            Connection connection = new Connection(new Wire(client, limits.writeStall()), this);
            connections.add(connection);
            Thread.ofVirtual().name("autark-door-serves").start(connection);
            if (socket.isClosed()) {
                connection.drain(); // it came in while the door closed
            }
        } catch (IOException e) {
            client.close(); // it went away at once
        }
    }

    /// Ends the connection that has waited longest.
    ///
    /// @return false if none waits
    private boolean giveWay() {
        Optional<Connection> longest =
                connections.stream()
                        .filter(connection -> connection.waitedNanos() > 0)
                        .max(Comparator.comparingLong(Connection::waitedNanos));
        longest.ifPresent(connection -> {
            connections.remove(connection);
            connection.cut();
        });
        return longest.isPresent();
    }

    /// A connection has ended.
    void left(Connection connection) {
        connections.remove(connection);
        lock.lock();
        try {
            left.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Takes no more connections, ends those that wait, gives the others their time and cuts them.
    @Override
    public void close() {
        drain();
        try {
            socket.close();
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, "cannot stop to listen", e);
        }
        connections.forEach(Connection::drain);
        if (!emptyWithin(limits.shutdown())) {
            LOGGER.log(Level.INFO, "{0} answers are cut", connections.size());
            connections.forEach(Connection::cut);
            emptyWithin(CUT_MAX);
        }
        over = true;
    }

    private boolean emptyWithin(Duration time) {
        lock.lock();
        try {
            long leftNanos = time.toNanos();
            while (!connections.isEmpty() && leftNanos > 0) {
                leftNanos = left.awaitNanos(leftNanos);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
        return connections.isEmpty();
    }
}
