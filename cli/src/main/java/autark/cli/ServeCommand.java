package autark.cli;

import autark.engine.Engine;
import autark.engine.EngineOptions;
import autark.server.Server;
import autark.server.models.Catalog;
import autark.server.models.ModelCard;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `autark serve`: the model answers over HTTP.
@Command(
        name = "serve",
        description = {
            "Serves a model over HTTP, in the dialect of OpenAI, to programs on this machine.",
            "Ctrl-C ends it; answers that are being written have ten seconds."
        },
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  autark serve",
            "  autark serve -m model.gguf --port 9000 --parallel 8",
        })
final class ServeCommand implements Callable<Integer> {
    private final Models models;

    @Spec private CommandSpec spec;
    @Mixin private ModelArguments model;
    @Mixin private PrefixArguments prefixes;

    @Option(
            names = "--host",
            paramLabel = "ADDRESS",
            defaultValue = "127.0.0.1",
            description = "The address to listen on (default: ${DEFAULT-VALUE}).")
    private InetAddress host;

    @Option(
            names = "--port",
            paramLabel = "N",
            defaultValue = "11434",
            description = "The port; 0 for any that is free (default: ${DEFAULT-VALUE}).")
    private int port;

    @Option(
            names = "--parallel",
            paramLabel = "N",
            defaultValue = "16",
            description = "Answers that are written at once (default: ${DEFAULT-VALUE}).")
    private int parallel;

    ServeCommand(Models models) {
        this.models = models;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        EngineOptions options =
                prefixes.over(
                        model.options(parallel),
                        model.model().stored(),
                        models.environment(),
                        spec.commandLine().getErr());
        Clock clock = Clock.systemUTC();
        CountDownLatch interrupted = new CountDownLatch(1);
        try (Engine engine = Engine.open(model.model().file(), options);
                Server server =
                        Server.start(
                                new InetSocketAddress(host, port),
                                Server.Parts.local(
                                        Catalog.of(
                                                new ModelCard(
                                                        model.model().text(), clock.instant()),
                                                engine),
                                        clock,
                                        new SecureRandom()));
                Interrupt _ = Interrupt.calls(interrupted::countDown)) {
            PrintWriter notes = spec.commandLine().getErr();
            notes.printf(
                    "%s is served at http://%s:%d/v1; Ctrl-C ends it%n",
                    model.model().text(), host.getHostAddress(), server.port());
            notes.flush();
            interrupted.await();
        }
        return ExitCode.OK;
    }
}
