package autark.server;

import autark.server.access.Bookkeeping;
import autark.server.anthropic.Anthropic;
import autark.server.desk.Desk;
import autark.server.desk.Pulse;
import autark.server.http.Door;
import autark.server.http.DoorOptions;
import autark.server.http.ErrorForm;
import autark.server.http.Gate;
import autark.server.http.Route;
import autark.server.models.Catalog;
import autark.server.models.Keeper;
import autark.server.observe.Log;
import autark.server.observe.Metrics;
import autark.server.observe.Observation;
import autark.server.ollama.Ollama;
import autark.server.openai.OpenAi;
import autark.server.own.Description;
import autark.server.own.Own;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
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
    private final OpenAi openAi;

    private Server(Door door, List<Route> routes, OpenAi openAi) {
        this.door = door;
        this.routes = List.copyOf(routes);
        this.openAi = openAi;
    }

    /// What a server is made of. It stays the caller's, who closes it after the server.
    ///
    /// @param catalog the models
    /// @param keeper changes which models there are
    /// @param books who the callers are, what they may use, and what is kept for them
    /// @param observation sees what the server does
    /// @param obstacle why no model can be asked now; nothing if one can
    /// @param seeds of the answers whose requests name none, and names of answers; for use by many
    ///   threads
    public record Parts(
            Catalog catalog,
            Keeper keeper,
            Bookkeeping books,
            Observation observation,
            Supplier<Optional<String>> obstacle,
            Clock clock,
            RandomGenerator seeds) {
        /// For people on this machine, who need no keys and are not counted; nothing is kept.
        public static Parts local(Catalog catalog, Clock clock, RandomGenerator seeds) {
            return new Parts(
                    catalog,
                    Keeper.none(),
                    Bookkeeping.none(Gate.open()),
                    new Observation(new Metrics(catalog, Metrics.Names.OWN, clock), Log.none()),
                    Optional::empty,
                    clock,
                    seeds);
        }

        /// With books.
        public Parts withBooks(Bookkeeping newBooks) {
            return new Parts(catalog, keeper, newBooks, observation, obstacle, clock, seeds);
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
                        parts.books().accounts(),
                        parts.observation(),
                        parts.clock(),
                        parts.seeds());
        OpenAi openAi = OpenAi.open(desk, parts.books().tables(), parts.clock(), parts.seeds());
        List<Route> routes = routes(desk, openAi, parts);
        Map<String, ErrorForm> errors =
                Map.of(
                        "/", OpenAi.errors(),
                        "/v1/messages", Anthropic.errors(),
                        "/api/", Ollama.errors());
        Door.House house =
                new Door.House(routes, parts.books().gate(), errors, parts.observation());
        try {
            return new Server(Door.open(options, house), routes, openAi);
        } catch (RuntimeException e) {
            openAi.close();
            throw e;
        }
    }

    private static List<Route> routes(Desk desk, OpenAi openAi, Parts parts) {
        ErrorForm errors = OpenAi.errors();
        List<Route> routes = new ArrayList<>();
        routes.addAll(Anthropic.sharing(openAi.routes(), desk));
        routes.addAll(Anthropic.routes(desk, parts.seeds(), Pulse.SILENCE));
        routes.addAll(Ollama.routes(desk, parts.keeper(), parts.clock()));
        routes.addAll(Own.routes(desk, errors, OpenAi::prompt, parts.obstacle()));
        routes.addAll(parts.observation().routes(errors));
        routes.addAll(parts.books().routes(errors));
        routes.add(Description.route(routes, errors, parts.books().gate()));
        return routes;
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
        openAi.close();
    }
}
