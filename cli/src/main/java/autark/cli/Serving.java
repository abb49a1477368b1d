package autark.cli;

import autark.server.Server;
import autark.server.access.Books;
import autark.server.config.Settings;
import autark.server.http.ApiException;
import autark.server.http.DoorOptions;
import autark.server.http.Transport;
import autark.server.models.Inventory;
import autark.server.models.LoadingCatalog;
import autark.server.models.Opener;
import autark.server.observe.Log;
import autark.server.observe.Metrics;
import autark.server.observe.Observation;
import java.io.PrintWriter;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import picocli.CommandLine.ExitCode;

/// A server from its start to its end.
///
/// It listens before the first model is loaded, so that those who watch it see it live. A signal
/// ends it; a second Ctrl-C does not wait for the answers that are being written.
final class Serving {
    private static final int INTERRUPTED = 130;

    private final ServePlan plan;
    private final PrintWriter notes;
    private final Until until;
    private final CountDownLatch told = new CountDownLatch(1);
    private final AtomicBoolean interrupted = new AtomicBoolean();
    private final AtomicBoolean loading = new AtomicBoolean(true);

    /// What ends a server.
    enum Until {
        /// A signal.
        TOLD,
        /// A signal, or the end of the process that started this one.
        PARENT_ENDS
    }

    Serving(ServePlan plan, PrintWriter notes, Until until) {
        this.plan = plan;
        this.notes = notes;
        this.until = until;
    }

    /// Serves until it is told to end.
    ///
    /// @return the exit code
    int run() throws InterruptedException {
        plan.settings().notes().forEach(note -> notes.println("autark: " + note));
        boolean lazy = plan.settings().get(Settings.LAZY);
        Inventory inventory = plan.inventory();
        if (!lazy && inventory.find(plan.model()).isEmpty()) {
            throw new CommandException(
                    "no model %s here; get it: autark pull %s; or start without one: autark serve"
                                    .formatted(plan.model(), plan.model())
                            + " --lazy");
        }
        if (plan.settings().get(Settings.KERNELS).equals("fastest")) {
            ComputeArguments.notice(plan.chip()).ifPresent(notes::println);
        }
        Clock clock = Clock.systemUTC();
        Log log = plan.log(clock, this::writeLine);
        log.takeOver();
        if (until == Until.PARENT_ENDS) {
            Thread.ofVirtual().name("autark-watches-parent").start(this::watchParent);
        }
        try (Interrupt _ = Interrupt.calls(this::interrupt);
                Interrupt _ = Interrupt.calls("TERM", this::end);
                Books books = plan.books(clock);
                LoadingCatalog catalog =
                        LoadingCatalog.open(
                                inventory, plan.limits(), Opener.ofFiles(plan::engine), clock);
                Server server = Server.start(plan.door(), parts(catalog, books, log, clock))) {
            books.listen();
            if (!lazy) {
                load(catalog);
            }
            loading.set(false);
            greet(server.port(), log);
            told.await();
            log.write(Log.Level.INFO, "ending", Map.of());
            server.drain();
        }
        log.write(Log.Level.INFO, "ended", Map.of());
        return ExitCode.OK;
    }

    private Server.Parts parts(LoadingCatalog catalog, Books books, Log log, Clock clock) {
        Observation observation = new Observation(new Metrics(catalog, plan.metrics(), clock), log);
        return new Server.Parts(
                catalog,
                plan.keeper(catalog, clock),
                books,
                observation,
                this::obstacle,
                clock,
                new SecureRandom());
    }

    /// Why it is not worth asking the server now.
    private Optional<String> obstacle() {
        if (told.getCount() == 0) {
            return Optional.of("the server is ending");
        }
        return loading.get() ? Optional.of("the model is being loaded") : Optional.empty();
    }

    private void load(LoadingCatalog catalog) {
        try {
            catalog.lease(plan.model()).close();
        } catch (ApiException e) {
            throw new CommandException(e.getMessage());
        }
    }

    /// Where the system tells of no parent there is none any more.
    private void watchParent() {
        ProcessHandle.current().parent().ifPresent(parent -> parent.onExit().join());
        end();
    }

    private void interrupt() {
        if (interrupted.getAndSet(true)) {
            Runtime.getRuntime().halt(INTERRUPTED);
        }
        end();
    }

    /// Has the server end.
    void end() {
        told.countDown();
    }

    private void greet(int port, Log log) {
        String address = address(port);
        log.write(Log.Level.INFO, "serving", Map.of("address", address));
        if (plan.settings().get(Settings.LOG_FORMAT).equals("text")) {
            notes.println(
                    """
                    Serving at %s; Ctrl-C ends it. Try it:
                      curl %s/v1/chat/completions -H 'Content-Type: application/json' \\
                        -d '{"model": "%s", "messages": [{"role": "user", "content": "Hello!"}]}'
                    """
                            .formatted(address, address, plan.model())
                            .stripTrailing());
            notes.flush();
        }
    }

    private String address(int port) {
        DoorOptions door = plan.door();
        boolean plain =
                !(door.transport() instanceof Transport.Pem)
                        && !(door.transport() instanceof Transport.Pkcs12);
        return "%s://%s:%d"
                .formatted(plain ? "http" : "https", plan.settings().get(Settings.HOST), port);
    }

    private void writeLine(String line) {
        notes.println(line);
        notes.flush();
    }
}
