package autark.server.access;

import autark.engine.Json;
import autark.server.http.ApiException;
import autark.server.http.Fields;
import autark.server.store.StoreException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// How the owner of this machine speaks with a running server: a socket of the file system, in a
/// folder that only the owner can enter. It reaches no network.
///
/// A request is a line of JSON, and so is its answer: `{"done": ...}` or `{"failed": "why"}`.
final class ControlSocket implements AutoCloseable {
    private static final long PAUSE_NANOS = Duration.ofMillis(100).toNanos();
    private static final int REQUEST_BYTES_MAX = 64 << 10;
    private static final int ANSWER_BYTES_MAX = 64 << 20;
    private static final Logger LOGGER = System.getLogger(ControlSocket.class.getName());

    private final Path file;
    private final ServerSocketChannel server;
    private final Admin admin;

    private ControlSocket(Path file, ServerSocketChannel server, Admin admin) {
        this.file = file;
        this.server = server;
        this.admin = admin;
    }

    /// Begins to listen. Whoever calls has the books open, so a file that is there is a remnant.
    static ControlSocket listen(Path file, Admin admin) {
        try {
            Files.deleteIfExists(file);
            ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            server.bind(UnixDomainSocketAddress.of(file));
            ControlSocket socket = new ControlSocket(file, server, admin);
            Thread.ofVirtual().name("control").start(socket::accept);
            return socket;
        } catch (IOException | IllegalArgumentException e) {
            throw new BooksException(
                    "cannot listen on %s: %s; a path of a socket has about 100 characters at most, a shorter AUTARK_DATA helps"
                            .formatted(file, e.getMessage()),
                    e);
        }
    }

    private void accept() {
        while (server.isOpen()) {
            try {
                SocketChannel client = server.accept();
                Thread.ofVirtual().start(() -> serve(client));
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException e) {
                LOGGER.log(Level.WARNING, "somebody could not come in through {0}: {1}", file, e);
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    private void serve(SocketChannel client) {
        try (client;
                InputStream in = Channels.newInputStream(client);
                OutputStream out = Channels.newOutputStream(client)) {
            ObjectNode answer = Json.mapper().createObjectNode();
            try {
                answer.set("done", admin.answer(Fields.of(line(in, REQUEST_BYTES_MAX))));
            } catch (ApiException | StoreException | BooksException e) {
                answer.put("failed", e.getMessage());
            } catch (RuntimeException e) {
                LOGGER.log(Level.ERROR, "a request through " + file + " failed", e);
                answer.put("failed", "failed; the log of the server says why");
            }
            out.write((answer + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            LOGGER.log(Level.DEBUG, "a client of {0} went away: {1}", file, e);
        }
    }

    /// Asks the server that listens; empty if none does.
    ///
    /// @throws BooksException if the server says that it cannot be done
    static Optional<JsonNode> ask(Path file, JsonNode request) {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            if (!connected(channel, file)) {
                return Optional.empty();
            }
            byte[] line = (request + "\n").getBytes(StandardCharsets.UTF_8);
            ByteBuffer bytes = ByteBuffer.wrap(line);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            byte[] answer = line(Channels.newInputStream(channel), ANSWER_BYTES_MAX);
            JsonNode node = Json.mapper().readTree(answer);
            if (node.has("failed")) {
                throw new BooksException(node.get("failed").asString());
            }
            return Optional.of(node.get("done"));
        } catch (IOException e) {
            throw new BooksException(
                    "the server behind %s gives no answer: %s".formatted(file, e), e);
        }
    }

    private static boolean connected(SocketChannel channel, Path file) {
        try {
            return channel.connect(UnixDomainSocketAddress.of(file));
        } catch (IOException e) {
            return false; // a remnant of a server that did not end well
        }
    }

    private static byte[] line(InputStream in, int bytesMax) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        byte[] buffer = new byte[8192];
        for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
            int end = 0;
            while (end < count && buffer[end] != '\n') {
                end++;
            }
            bytes.write(buffer, 0, end);
            if (end < count) {
                return bytes.toByteArray();
            }
            if (bytes.size() > bytesMax) {
                throw new IOException("a line of more than %d bytes".formatted(bytesMax));
            }
        }
        return bytes.toByteArray();
    }

    @Override
    public void close() {
        try {
            server.close();
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, "{0} stays behind: {1}", file, e);
        }
    }
}
