package autark.server.access;

import autark.engine.seal.OwnerFile;
import autark.server.http.ApiException;
import autark.server.http.ErrorForm;
import autark.server.http.Fields;
import autark.server.http.Gate;
import autark.server.http.Route;
import autark.server.store.MvTables;
import autark.server.store.Tables;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// All that a server keeps in its data folder: keys, accounts, ledger, audit log, and the tables of
/// the tenants. One process at a time has them open.
///
/// ```java
/// try (Books books = Books.open(folder, Books.Reach.THIS_MACHINE, clock)) {
///     books.listen();
///     Server.start(options, new Server.Parts(catalog, keeper, books, ...));
/// }
/// ```
public final class Books implements Bookkeeping, AutoCloseable {
    private static final Set<PosixFilePermission> OTHERS =
            EnumSet.complementOf(
                    EnumSet.of(
                            PosixFilePermission.OWNER_READ,
                            PosixFilePermission.OWNER_WRITE,
                            PosixFilePermission.OWNER_EXECUTE));
    private static final Path POWERCAP = Path.of("/sys/class/powercap");

    private final Path folder;
    private final MvTables tables;
    private final AuditLog log;
    private final Keys keys;
    private final Tally tally;
    private final Gate gate;
    private final KeyAccounts accounts;
    private final Admin admin;
    private Optional<ControlSocket> socket = Optional.empty();

    /// From where the server can be reached.
    public enum Reach {
        /// Keys are asked for as soon as there is one.
        THIS_MACHINE,
        /// Keys are asked for always.
        OTHER_MACHINES
    }

    private Books(Path folder, MvTables tables, AuditLog log, Reach reach, Clock clock) {
        this.folder = folder;
        this.tables = tables;
        this.log = log;
        this.tally = new Tally(log, clock);
        this.keys = new Keys(tables.table("keys", ""), new SecureRandom(), clock);
        Ledger ledger = new Ledger(tables);
        Prices prices = Prices.read(folder.resolve("prices.json"));
        int cores = Runtime.getRuntime().availableProcessors();
        Energy energy = Energy.of(POWERCAP, new Energy.Estimate(prices.wattsPerCore(), cores));
        KeyGate.Ask ask =
                switch (reach) {
                    case THIS_MACHINE -> KeyGate.Ask.IF_THERE_ARE_KEYS;
                    case OTHER_MACHINES -> KeyGate.Ask.ALWAYS;
                };
        this.gate = new KeyGate(keys, ask, clock, tally);
        this.accounts = new KeyAccounts(tables, keys, ledger, prices, energy, tally, clock);
        this.admin = new Admin(tables, keys, accounts, ledger, log);
    }

    /// Opens the books in a data folder.
    ///
    /// @param dataFolder the user's; what is in its folder `server` belongs to the books
    /// @throws BooksException if others may enter the folder, or it cannot be read or written
    /// @throws autark.server.store.StoreException if another process has them open, or they are
    ///   damaged
    public static Books open(Path dataFolder, Reach reach, Clock clock) {
        Path folder = folder(dataFolder);
        try {
            Files.createDirectories(folder, OwnerFile.folderAttributes(folder));
            refuseOthers(folder);
        } catch (IOException e) {
            throw new BooksException("cannot open the data folder %s: %s".formatted(folder, e), e);
        }
        MvTables tables = MvTables.open(folder);
        try {
            AuditLog log =
                    AuditLog.open(folder.resolve("audit.log"), tables.table("audit", ""), clock);
            return new Books(folder, tables, log, reach, clock);
        } catch (RuntimeException e) {
            tables.close();
            throw e;
        }
    }

    private static void refuseOthers(Path folder) throws IOException {
        PosixFileAttributeView view =
                Files.getFileAttributeView(folder, PosixFileAttributeView.class);
        if (view != null
                && view.readAttributes().permissions().stream().anyMatch(OTHERS::contains)) {
            throw new BooksException(
                    "others may enter the data folder %s: run `chmod 700` on it".formatted(folder));
        }
    }

    /// The data folder that the environment names: `AUTARK_DATA`, else `$XDG_DATA_HOME/autark`,
    /// else `~/.local/share/autark`.
    ///
    /// @throws BooksException if none of the three variables is set
    public static Path standardFolder(Map<String, String> environment) {
        String own = environment.getOrDefault("AUTARK_DATA", "");
        if (!own.isEmpty()) {
            return Path.of(own).toAbsolutePath().normalize();
        }
        // The standard of these folders says that a relative one is to be ignored.
        String data = environment.getOrDefault("XDG_DATA_HOME", "");
        if (Path.of(data).isAbsolute()) {
            return Path.of(data, "autark");
        }
        String home = environment.getOrDefault("HOME", "");
        if (home.isEmpty()) {
            throw new BooksException(
                    "no place for data: HOME is not set; set AUTARK_DATA to a folder");
        }
        return Path.of(home, ".local", "share", "autark").toAbsolutePath();
    }

    /// Has the server that runs on a data folder do something, or does it where none runs.
    ///
    /// @param request an object with the field `do`
    /// @throws BooksException if it cannot be done
    public static JsonNode ask(Path dataFolder, JsonNode request, Clock clock) {
        Optional<JsonNode> answer = ControlSocket.ask(socketFile(folder(dataFolder)), request);
        if (answer.isPresent()) {
            return answer.get();
        }
        try (Books books = open(dataFolder, Reach.THIS_MACHINE, clock)) {
            return books.admin.answer(Fields.of(request, ""));
        } catch (ApiException e) {
            throw new BooksException(e.getMessage(), e);
        }
    }

    private static Path folder(Path dataFolder) {
        return dataFolder.toAbsolutePath().resolve("server");
    }

    private static Path socketFile(Path folder) {
        return folder.resolve("control.sock");
    }

    /// Begins to listen to the owner of this machine, and writes down that a server has started.
    public void listen() {
        socket = Optional.of(ControlSocket.listen(socketFile(folder), admin));
        log.record("server", "server.started", "");
    }

    @Override
    public Gate gate() {
        return gate;
    }

    @Override
    public Accounts accounts() {
        return accounts;
    }

    @Override
    public Tables tables() {
        return tables;
    }

    /// Whether there ever was a key.
    public boolean hasKeys() {
        return keys.exist();
    }

    /// For changes that the owner wants to find again.
    public AuditLog log() {
        return log;
    }

    @Override
    public List<Route> routes(ErrorForm errors) {
        return AdminRoutes.routes(admin, errors);
    }

    @Override
    public void close() {
        socket.ifPresent(open -> {
            open.close();
            tally.write();
            if (tables.failure().isEmpty()) {
                log.record("server", "server.stopped", "");
            }
        });
        log.close();
        tables.close();
    }
}
