package autark.server.http;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The way into the server: it listens, and each request that may come in is handed to its route.
///
/// What a request has to pass stands at [Reception]; how bytes become requests, and how a client
/// that goes away is noticed, at [Connection], [HeadReader] and [Wire].
public final class Door implements AutoCloseable {
    private final Listener listener;

    private Door(Listener listener) {
        this.listener = listener;
    }

    /// Opens the door.
    ///
    /// @param gate knows callers
    /// @param errors how failures are told, by how a path begins; the longest counts, and there has
    ///   to be one for `/`
    /// @throws ServerException if the address is taken, or others than those on this machine could
    ///   come in without keys or without TLS
    public static Door open(
            DoorOptions options, List<Route> routes, Gate gate, Map<String, ErrorForm> errors) {
        return open(options, new House(routes, gate, errors, Witness.none()));
    }

    /// What is behind the door.
    ///
    /// @param gate knows callers
    /// @param errors how failures are told, by how a path begins; the longest counts, and there has
    ///   to be one for `/`
    /// @param witness is told of the requests
    public record House(
            List<Route> routes, Gate gate, Map<String, ErrorForm> errors, Witness witness) {
        public House {
            routes = List.copyOf(routes);
            errors = Map.copyOf(errors);
        }
    }

    /// Opens the door of a house.
    ///
    /// @throws ServerException if the address is taken, or others than those on this machine could
    ///   come in without keys or without TLS
    public static Door open(DoorOptions options, House house) {
        options.check();
        Reception reception = new Reception(options, house);
        try {
            return new Door(
                    Listener.open(options.address(), options.limits(), keys(options), reception));
        } catch (IOException e) {
            throw new ServerException(
                    "cannot listen on %s:%d: %s; is it taken? Another one: --port"
                            .formatted(
                                    options.address().getHostString(),
                                    options.address().getPort(),
                                    e.getMessage()));
        }
    }

    /// Sees whether a door could be opened, without opening it.
    ///
    /// @throws ServerException if it could not
    public static void check(DoorOptions options) {
        Door.open(options, List.of(), Gate.open(), Map.of("/", (_, id) -> Reply.text("", id)))
                .close();
    }

    private static Optional<TlsKeys> keys(DoorOptions options) {
        return switch (options.transport()) {
            case Transport.Plain(), Transport.PlainBehindProxy() -> Optional.empty();
            case Transport.Pem pem -> Optional.of(TlsKeys.of(pem));
            case Transport.Pkcs12 store -> Optional.of(TlsKeys.of(store));
        };
    }

    /// Where the server listens.
    public int port() {
        return listener.port();
    }

    /// Whether the server is about to close: it should get no more requests.
    public boolean draining() {
        return listener.draining();
    }

    /// Tells that the server is about to close, and still serves: each answer from now on is the
    /// last one of its connection.
    public void drain() {
        listener.drain();
    }

    /// Takes no more connections, ends those that wait for a request, and waits for running
    /// answers; those that take longer than they may are cut.
    @Override
    public void close() {
        listener.close();
    }
}
