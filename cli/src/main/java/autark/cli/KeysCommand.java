package autark.cli;

import java.io.PrintWriter;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `autark keys`: who may use the server, and how much.
@Command(
        name = "keys",
        synopsisSubcommandLabel = "COMMAND",
        description = {
            "Makes, lists and revokes the keys of the server.",
            "A server that runs knows at once. Once there was a key, it asks for keys."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  autark keys create ann --tokens-per-day 200000",
            "  autark keys list",
            "  autark keys revoke 3f9a02c47be1d658",
        })
final class KeysCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    /// The command with its subcommands.
    static CommandLine tree(ServerBooks books) {
        return new CommandLine(new KeysCommand())
                .addSubcommand(new Create(books))
                .addSubcommand(new ListAll(books))
                .addSubcommand(new Revoke(books))
                .addSubcommand(new Erase(books));
    }

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "expected create, list, revoke or erase");
    }

    /// `autark keys create`.
    @Command(
            name = "create",
            description = "Makes a key and prints it, once: it cannot be shown again.",
            sortOptions = false,
            footerHeading = "%nExamples:%n",
            footer = {
                "  autark keys create ann",
                "  autark keys create ben --tenant sales --model smollm2:135m --concurrent 2",
                "  autark keys create monitoring --scope metrics --expires 2027-06-30",
            })
    static final class Create implements Callable<Integer> {
        private final ServerBooks books;

        @Spec private CommandSpec spec;

        @Parameters(paramLabel = "NAME", description = "Whose key it is, for people.")
        private String name;

        @Option(
                names = "--tenant",
                paramLabel = "NAME",
                description =
                        "Keys of one tenant see the same files and answers, keys of others do not (default: the name of the key).")
        private @Nullable String tenant;

        @Option(
                names = "--scope",
                paramLabel = "SCOPE",
                description =
                        "What the key may do: answers, files, models, metrics or admin; several times for several (default: answers and files).")
        private List<String> scopes = new ArrayList<>();

        @Option(
                names = "--model",
                paramLabel = "MODEL",
                description =
                        "A model that may be asked; several times for several (default: all).")
        private List<String> models = new ArrayList<>();

        @Option(
                names = "--expires",
                paramLabel = "DAY",
                description = "The last day on which the key is good, in UTC, as 2027-01-31.")
        private @Nullable LocalDate expires;

        @Option(
                names = "--requests-per-minute",
                paramLabel = "N",
                description = "Answers begun in any sixty seconds.")
        private @Nullable Long requestsPerMinute;

        @Option(
                names = "--tokens-per-minute",
                paramLabel = "N",
                description = "Tokens of prompts and answers in any sixty seconds.")
        private @Nullable Long tokensPerMinute;

        @Option(
                names = "--tokens-per-day",
                paramLabel = "N",
                description = "Tokens of prompts and answers in a day (UTC).")
        private @Nullable Long tokensPerDay;

        @Option(
                names = "--concurrent",
                paramLabel = "N",
                description = "Answers that are written at the same time.")
        private @Nullable Long concurrent;

        @Option(
                names = "--answer-tokens",
                paramLabel = "N",
                description = "Most tokens that a request may ask for.")
        private @Nullable Long answerTokens;

        @Option(names = "--json", description = "Print a JSON object.")
        private boolean json;

        Create(ServerBooks books) {
            this.books = books;
        }

        @Override
        public Integer call() {
            ObjectNode request = books.request("create-key").put("name", name);
            if (tenant != null) {
                request.put("tenant", tenant);
            }
            scopes.forEach(request.putArray("scopes")::add);
            models.forEach(request.putArray("models")::add);
            if (expires != null) {
                Instant end = expires.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant();
                request.put("expires", end.toString());
            }
            ObjectNode limits = request.putObject("limits");
            put(limits, "requests_per_minute", requestsPerMinute);
            put(limits, "tokens_per_minute", tokensPerMinute);
            put(limits, "tokens_per_day", tokensPerDay);
            put(limits, "concurrent", concurrent);
            put(limits, "answer_tokens", answerTokens);
            JsonNode key = books.ask(request);
            PrintWriter out = spec.commandLine().getOut();
            if (json) {
                out.println(key.toPrettyString());
            } else {
                out.println(key.get("token").asString());
                PrintWriter err = spec.commandLine().getErr();
                err.printf(
                        "This is the key of %s; keep it, it is not shown again. Its public name is %s.%n",
                        name, key.get("id").asString());
            }
            return ExitCode.OK;
        }
    }

    private static void put(ObjectNode limits, String name, @Nullable Long limit) {
        if (limit != null) {
            limits.put(name, limit);
        }
    }

    /// `autark keys list`.
    @Command(
            name = "list",
            description = "Lists all keys, without their secrets.",
            footerHeading = "%nExamples:%n",
            footer = {"  autark keys list", "  autark keys list --json"})
    static final class ListAll implements Callable<Integer> {
        private static final String ROW = "%-16s  %-20s %-20s %-10s %s%n";

        private final ServerBooks books;

        @Spec private CommandSpec spec;

        @Option(names = "--json", description = "Print a JSON array.")
        private boolean json;

        ListAll(ServerBooks books) {
            this.books = books;
        }

        @Override
        public Integer call() {
            JsonNode keys = books.ask(books.request("list-keys")).get("keys");
            PrintWriter out = spec.commandLine().getOut();
            if (json) {
                out.println(keys.toPrettyString());
            } else if (keys.isEmpty()) {
                out.println("No keys here. Make one: autark keys create NAME");
            } else {
                out.printf(ROW, "KEY", "NAME", "TENANT", "STATE", "LIMITS");
                for (JsonNode key : keys) {
                    out.printf(
                            ROW,
                            key.get("id").asString(),
                            ServerBooks.printable(key.get("name").asString()),
                            ServerBooks.printable(key.get("tenant").asString()),
                            state(key),
                            limits(key.get("limits")));
                }
            }
            return ExitCode.OK;
        }

        private String state(JsonNode key) {
            if (key.has("revoked")) {
                return "revoked";
            }
            boolean expired =
                    key.has("expires")
                            && !books.now().isBefore(Instant.parse(key.get("expires").asString()));
            return expired ? "expired" : "active";
        }

        private static String limits(JsonNode limits) {
            List<String> words = new ArrayList<>();
            for (String name : limits.propertyNames()) {
                words.add(name.replace('_', ' ') + " " + limits.get(name));
            }
            return words.isEmpty() ? "none" : String.join(", ", words);
        }
    }

    /// `autark keys revoke`.
    @Command(
            name = "revoke",
            description =
                    "Makes keys good for nothing, at once; answers that are being written for them end.",
            footerHeading = "%nExample:%n",
            footer = "  autark keys revoke 3f9a02c47be1d658")
    static final class Revoke implements Callable<Integer> {
        private final ServerBooks books;

        @Spec private CommandSpec spec;

        @Parameters(
                paramLabel = "KEY",
                arity = "1..*",
                description = "Public names of keys, as list shows them.")
        private List<String> ids;

        Revoke(ServerBooks books) {
            this.books = books;
        }

        @Override
        public Integer call() {
            for (String id : ids) {
                JsonNode key = books.ask(books.request("revoke-key").put("id", id));
                spec.commandLine()
                        .getOut()
                        .printf(
                                "revoked %s (%s)%n",
                                id, ServerBooks.printable(key.get("name").asString()));
            }
            return ExitCode.OK;
        }
    }

    /// `autark keys erase`.
    @Command(
            name = "erase",
            description = {
                "Destroys what a tenant keeps on the server, with the key that it is sealed with.",
                "It does not open any more, from no copy either. The ledger stays, and so do the keys: revoke them first.",
                "What the prefix cache holds of its prompts stays sealed there until newer prompts take its place."
            },
            footerHeading = "%nExample:%n",
            footer = "  autark keys erase sales")
    static final class Erase implements Callable<Integer> {
        private final ServerBooks books;

        @Spec private CommandSpec spec;

        @Parameters(paramLabel = "TENANT", description = "Whose files and answers.")
        private String tenant;

        Erase(ServerBooks books) {
            this.books = books;
        }

        @Override
        public Integer call() {
            if (tenant.isEmpty()) {
                throw new ParameterException(spec.commandLine(), "expected the name of a tenant");
            }
            books.ask(books.request("erase-tenant").put("tenant", tenant));
            spec.commandLine().getOut().println("erased what " + tenant + " kept");
            return ExitCode.OK;
        }
    }
}
