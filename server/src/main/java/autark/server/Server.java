package autark.server;

import autark.server.access.Accounts;
import autark.server.anthropic.Anthropic;
import autark.server.desk.Desk;
import autark.server.desk.Pulse;
import autark.server.http.Door;
import autark.server.http.Gate;
import autark.server.http.Route;
import autark.server.models.Catalog;
import autark.server.openai.OpenAi;
import autark.server.own.Own;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
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

    private Server(Door door) {
        this.door = door;
    }

    /// What a server is made of. It stays the caller's, who closes it after the server.
    ///
    /// @param catalog the models
    /// @param gate knows callers
    /// @param accounts keep them within what they may use
    /// @param observer is told of the answers
    /// @param seeds of the answers whose requests name none, and names of answers; for use by many
    ///   threads
    public record Parts(
            Catalog catalog,
            Gate gate,
            Accounts accounts,
            Desk.Observer observer,
            Clock clock,
            RandomGenerator seeds) {
        /// For people on this machine, who need no keys and are not counted.
        public static Parts local(Catalog catalog, Clock clock, RandomGenerator seeds) {
            return new Parts(
                    catalog, Gate.open(), Accounts.unlimited(), Desk.Observer.none(), clock, seeds);
        }
    }

    /// Starts to serve.
    ///
    /// @param address of the loopback interface; port 0 for any that is free
    /// @throws autark.server.http.ServerException if the address is not of this machine alone, or
    ///   is taken
    public static Server start(InetSocketAddress address, Parts parts) {
        Desk desk =
                new Desk(
                        parts.catalog(),
                        parts.accounts(),
                        parts.observer(),
                        parts.clock(),
                        parts.seeds());
        List<Route> routes = new ArrayList<>();
        routes.addAll(Anthropic.sharing(OpenAi.routes(desk, parts.clock(), parts.seeds()), desk));
        routes.addAll(Anthropic.routes(desk, parts.seeds(), Pulse.SILENCE));
        routes.addAll(Own.routes(OpenAi.errors()));
        return new Server(Door.open(address, routes, parts.gate(), OpenAi.errors()));
    }

    /// Where the server listens.
    public int port() {
        return door.port();
    }

    /// Takes no more requests and waits, for ten seconds at most, for those that are running.
    @Override
    public void close() {
        door.close();
    }
}
