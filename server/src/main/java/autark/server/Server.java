package autark.server;

import autark.server.access.Accounts;
import autark.server.desk.Desk;
import autark.server.http.Door;
import autark.server.http.DoorOptions;
import autark.server.http.ErrorForm;
import autark.server.http.Gate;
import autark.server.http.Route;
import autark.server.models.Catalog;
import autark.server.observe.Log;
import autark.server.observe.Metrics;
import autark.server.observe.Observation;
import autark.server.openai.OpenAi;
import autark.server.own.Own;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/// A running server: models that answer over HTTP.
///
/// ```java
/// try (Server server = Server.start(address, Server.Parts.local(catalog, clock, seeds))) {
///     System.out.println("http://127.0.0.1:" + server.port() + "/v1");
/// }
/// ```
public final class Server implements AutoCloseable {
    private final Door door;
    private final List<Route> routes;

    private Server(Door door, List<Route> routes) {
        this.door = door;
        this.routes = List.copyOf(routes);
    }

    /// What a server is made of. It stays the caller's, who closes it after the server.
    ///
    /// @param catalog the models
    /// @param gate knows callers
    /// @param accounts keep them within what they may use
    /// @param observation sees what the server does
    /// @param seeds of the answers whose requests name none, and names of answers; for use by many
    ///   threads
    public record Parts(
            Catalog catalog,
            Gate gate,
            Accounts accounts,
            Observation observation,
            Clock clock,
            RandomGenerator seeds) {
        /// For people on this machine, who need no keys and are not counted.
        public static Parts local(Catalog catalog, Clock clock, RandomGenerator seeds) {
            return new Parts(
                    catalog,
                    Gate.open(),
                    Accounts.unlimited(),
                    new Observation(new Metrics(catalog, Metrics.Names.OWN, clock), Log.none()),
                    clock,
                    seeds);
        }
    }

    /// Starts to serve people on this machine.
    ///
    /// @param address of the loopback interface; port 0 for any that is free
    /// @throws autark.server.http.ServerException if the address is not of this machine alone, or
    ///   is taken
    public static Server start(InetSocketAddress address, Parts parts) {
        return start(DoorOptions.at(address), parts);
    }

    /// Starts to serve.
    ///
    /// @throws autark.server.http.ServerException if the address is taken, or others than those on
    ///   this machine could come in without keys or without TLS
    public static Server start(DoorOptions options, Parts parts) {
        Desk desk =
                new Desk(
                        parts.catalog(),
                        parts.accounts(),
                        parts.observation(),
                        parts.clock(),
                        parts.seeds());
        List<Route> routes = new ArrayList<>();
        routes.addAll(OpenAi.routes(desk, parts.clock(), parts.seeds()));
        routes.addAll(Own.routes(OpenAi.errors()));
        routes.addAll(parts.observation().routes(OpenAi.errors()));
        Map<String, ErrorForm> errors = Map.of("/", OpenAi.errors());
        Door.House house = new Door.House(routes, parts.gate(), errors, parts.observation());
        return new Server(Door.open(options, house), routes);
    }

    /// Where the server listens.
    public int port() {
        return door.port();
    }

    /// All that the server answers; nothing else exists.
    public List<Route> routes() {
        return routes;
    }

    /// Tells that the server is about to close, in time for those who send requests here to look
    /// for another one; it still answers.
    public void drain() {
        door.drain();
    }

    /// Takes no more requests and waits, for a limited time, for those that are running.
    @Override
    public void close() {
        door.close();
    }
}
