package autark.cli;

import autark.engine.store.ModelName;
import autark.engine.store.Sha256;
import autark.engine.store.StoreException;
import autark.server.config.ByteSize;
import autark.server.config.ConfigException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.Writer;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/// The program `autark`: finds the command that the arguments name and turns its outcome into an
/// exit code. 0: done, 1: failed, 2: wrong usage.
///
/// Standard output carries results alone; errors, progress and notes go to standard error.
@Command(
        name = "autark",
        synopsisSubcommandLabel = "COMMAND",
        description = "Runs open-weight language models on this machine.",
        versionProvider = Version.class,
        footerHeading = "%nExamples:%n",
        footer = {
            "  autark run \"Why is the sky blue?\"",
            "  autark pull smollm2:135m",
            "  autark list",
            "",
            "More on a command: autark COMMAND --help",
        })
public final class Autark implements Runnable {
    private static final String COMPLETION = "completion";
    private static final String VERSION = "--version";

    /// The commands in the order of the help text.
    static final List<String> COMMANDS =
            List.of(
                    "run",
                    "chat",
                    "serve",
                    "keys",
                    "usage",
                    "audit",
                    "pull",
                    "import",
                    "list",
                    "show",
                    "rm",
                    "inspect",
                    "eval",
                    "bench",
                    "doctor",
                    "rehearse",
                    COMPLETION);

    @Spec private CommandSpec spec;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "Show this help and exit.")
    @SuppressWarnings("unused") // picocli reads it
    private boolean helpRequested;

    @Option(names = VERSION, versionHelp = true, description = "Show the version and exit.")
    @SuppressWarnings("unused") // picocli reads it
    private boolean versionRequested;

    @Option(
            names = "--debug",
            scope = ScopeType.INHERIT,
            description = "Show where in the program an error came from.")
    private boolean debug;

    /// Runs one command and ends the process with its exit code.
    public static void main(String[] arguments) {
        Map<String, String> environment = System.getenv();
        CommandLine commandLine =
                commandLine(environment, Streams.ofProcess(environment), meant(arguments));
        commandLine.setErr(Terminal.ERROR.writer());
        int exitCode = commandLine.execute(arguments);
        commandLine.getOut().flush();
        commandLine.getErr().flush();
        System.exit(exitCode);
    }

    /// The whole command tree, on the streams of this process.
    public static CommandLine commandLine(Map<String, String> environment) {
        return commandLine(environment, Streams.ofProcess(environment), COMMANDS);
    }

    /// The commands that the arguments can mean: the one that they name first. Making all of them
    /// takes longer than many a command runs, so all are made only for help, for mistakes, and for
    /// the completion of shells; none for the version.
    static List<String> meant(String... arguments) {
        for (String argument : arguments) {
            if (argument.equals(VERSION)) {
                return List.of();
            }
            if (!argument.startsWith("-")) {
                boolean one = COMMANDS.contains(argument) && !argument.equals(COMPLETION);
                return one ? List.of(argument) : COMMANDS;
            }
        }
        return COMMANDS;
    }

    /// A tree of some commands; tests give it an environment and streams of their own.
    static CommandLine commandLine(
            Map<String, String> environment, Streams streams, List<String> commands) {
        Autark root = new Autark();
        Models models = new Models(environment);
        CommandLine commandLine = new CommandLine(root);
        for (String name : commands) {
            commandLine.addSubcommand(command(name, models, streams));
        }
        commandLine.setOut(streams.writer());
        // What follows reaches the commands that are there by now.
        commandLine.registerConverter(ModelArgument.class, text -> new ModelArgument(text, models));
        commandLine.registerConverter(ModelName.class, converter(ModelName::parse));
        commandLine.registerConverter(Sha256.class, converter(Sha256::new));
        commandLine.registerConverter(ByteSize.class, converter(ByteSize::parse));
        commandLine.setExecutionExceptionHandler(
                (failure, failed, _) -> root.report(failure, failed.getErr()));
        commandLine.setParameterExceptionHandler(Autark::reportUsage);
        return commandLine;
    }

    /// Runs a command without input and output.
    private static int silent(Map<String, String> environment, String... arguments) {
        Streams streams =
                new Streams(
                        InputStream.nullInputStream(),
                        false,
                        OutputStream.nullOutputStream(),
                        false);
        CommandLine commandLine = commandLine(environment, streams, meant(arguments));
        commandLine.setErr(new PrintWriter(Writer.nullWriter()));
        return commandLine.execute(arguments);
    }

    private static Object command(String name, Models models, Streams streams) {
        return switch (name) {
            case "run" -> new RunCommand(streams);
            case "chat" -> new ChatCommand(models, streams);
            case "serve" -> ServeCommand.spec(models);
            case "keys" -> KeysCommand.tree(books(models));
            case "usage" -> new UsageCommand(books(models));
            case "audit" -> AuditCommand.tree(books(models));
            case "pull" -> new PullCommand(models);
            case "import" -> new ImportCommand(models);
            case "list" -> new ListCommand(models);
            case "show" -> new ShowCommand(models);
            case "rm" -> new RemoveCommand(models);
            case "inspect" -> InspectCommand.tree(streams);
            case "eval" -> EvalCommand.tree();
            case "bench" -> new BenchCommand();
            case "doctor" -> new DoctorCommand(models);
            case "rehearse" ->
                    new RehearseCommand(
                            models, arguments -> silent(models.environment(), arguments));
            case COMPLETION -> new CompletionCommand();
            default -> throw new IllegalArgumentException("found no command " + name);
        };
    }

    private static ServerBooks books(Models models) {
        return new ServerBooks(models.environment(), Clock.systemUTC());
    }

    /// What is no name, no digest or no size is wrong usage.
    private static <T> ITypeConverter<T> converter(Function<String, T> parse) {
        return text -> {
            try {
                return parse.apply(text);
            } catch (StoreException | ConfigException e) {
                throw new TypeConversionException(e.getMessage());
            }
        };
    }

    @Override
    public void run() {
        PrintWriter out = spec.commandLine().getOut();
        out.println("Autark runs open-weight language models on this machine.");
        out.println();
        out.println("  autark run \"Why is the sky blue?\"   one answer");
        out.println("  autark chat                         a conversation");
        out.println("  autark serve                        an OpenAI-compatible server");
        out.println("  autark list                         the models that are here");
        out.println("  autark --help                       everything else");
    }

    /// Autark's own exceptions and those of the file system are written for the user; any other is
    /// a bug of Autark and says so.
    private int report(Exception failure, PrintWriter err) {
        err.println("autark: " + ErrorText.of(failure));
        if (debug) {
            failure.printStackTrace(err);
        }
        err.flush();
        return CommandLine.ExitCode.SOFTWARE;
    }

    private static int reportUsage(CommandLine.ParameterException mistake, String[] arguments) {
        CommandLine command = mistake.getCommandLine();
        PrintWriter err = command.getErr();
        err.println("autark: " + String.valueOf(mistake.getMessage()).replaceFirst("^Error: ", ""));
        if (!CommandLine.UnmatchedArgumentException.printSuggestions(mistake, err)) {
            err.println(
                    "Usage and examples: " + command.getCommandSpec().qualifiedName() + " --help");
        }
        err.flush();
        return CommandLine.ExitCode.USAGE;
    }
}
