package autark.server;

import autark.server.access.Accounts;
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
import autark.server.store.Tables;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
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
    /// @param gate knows callers
    /// @param accounts keep them within what they may use
    /// @param observation sees what the server does
    /// @param tables keep what outlives a request
    /// @param more routes of the owner's, with how failures are told
    /// @param obstacle why no model can be asked now; nothing if one can
    /// @param seeds of the answers whose requests name none, and names of answers; for use by many
    ///   threads
    public record Parts(
            Catalog catalog,
            Keeper keeper,
            Gate gate,
            Accounts accounts,
            Observation observation,
            Tables tables,
            Function<ErrorForm, List<Route>> more,
            Supplier<Optional<String>> obstacle,
            Clock clock,
            RandomGenerator seeds) {
        /// For people on this machine, who need no keys and are not counted; nothing is kept.
        public static Parts local(Catalog catalog, Clock clock, RandomGenerator seeds) {
            return new Parts(
                    catalog,
                    Keeper.none(),
                    Gate.open(),
                    Accounts.unlimited(),
                    new Observation(new Metrics(catalog, Metrics.Names.OWN, clock), Log.none()),
                    Tables.inMemory(),
                    _ -> List.of(),
                    Optional::empty,
                    clock,
                    seeds);
        }

        /// With keys.
        ///
        /// @param newGate knows callers by them
        public Parts withGate(Gate newGate) {
            return new Parts(
                    catalog,
                    keeper,
                    newGate,
                    accounts,
                    observation,
                    tables,
                    more,
                    obstacle,
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
        OpenAi openAi = OpenAi.open(desk, parts.tables(), parts.clock(), parts.seeds());
        List<Route> routes = routes(desk, openAi, parts);
        Map<String, ErrorForm> errors =
                Map.of(
                        "/", OpenAi.errors(),
                        "/v1/messages", Anthropic.errors(),
                        "/api/", Ollama.errors());
        Door.House house = new Door.House(routes, parts.gate(), errors, parts.observation());
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
        routes.addAll(parts.more().apply(errors));
        routes.add(Description.route(routes, errors, parts.gate()));
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
