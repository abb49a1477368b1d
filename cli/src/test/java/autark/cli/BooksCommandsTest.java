package autark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import autark.engine.FinishReason;
import autark.engine.Json;
import autark.engine.Usage;
import autark.server.access.Books;
import autark.server.access.Claim;
import autark.server.access.Receipt;
import autark.server.http.Caller;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `keys`, `usage` and `audit`.
class BooksCommandsTest {
    @TempDir private Path folder;

    private CommandRun run(String... arguments) {
        return CommandRun.of(Map.of("AUTARK_DATA", folder.toString()), arguments);
    }

    private Books open() {
        return Books.open(folder, Books.Reach.THIS_MACHINE, Clock.systemUTC());
    }

    private static void use(Books books, Caller caller, String model) {
        Usage usage =
                new Usage(
                        30,
                        10,
                        5,
                        Duration.ZERO,
                        Duration.ZERO,
                        Duration.ZERO,
                        Duration.ofMillis(1500),
                        0,
                        0);
        books.accounts()
                .reserve(caller, new Claim(model, 30, 50), () -> {})
                .settle(
                        new Receipt(
                                caller,
                                "r",
                                "/v1/messages",
                                model,
                                Instant.EPOCH,
                                Duration.ofSeconds(2),
                                List.of(new Receipt.Choice(FinishReason.STOP, usage))));
    }

    @Test
    void aKeyIsMadeListedAndRevoked() {
        assertThat(run("keys", "list").out()).contains("No keys here");
        CommandRun made =
                run(
                        "keys",
                        "create",
                        "Ann\u001b[2J",
                        "--tenant",
                        "sales",
                        "--expires",
                        "2999-12-31",
                        "--tokens-per-day",
                        "200");
        assertThat(made.exitCode()).isZero();
        String token = made.out().strip();
        assertThat(token).matches("ak-[0-9a-f]{16}-[0-9a-f]{64}");
        assertThat(made.err()).contains("not shown again");
        String id = token.substring(3, 19);
        assertThat(run("keys", "list").out())
                .contains(id, "sales", "active", "tokens per day 200")
                .doesNotContain("\u001b")
                .doesNotContain(token.substring(20));
        try (Books books = open()) {
            assertThat(books.gate().admit(Optional.of(token)).tenant()).isEqualTo("sales");
        }
        assertThat(run("keys", "revoke", id).out()).contains("revoked " + id);
        assertThat(run("keys", "list").out()).contains("revoked");
        String json = run("keys", "list", "--json").out();
        assertThat(Json.mapper().readTree(json).get(0).get("expires").asString())
                .isEqualTo("3000-01-01T00:00:00Z");
    }

    @Test
    void theRunningServerIsAsked() {
        try (Books books = open()) {
            books.listen();
            String token = run("keys", "create", "Ann").out().strip();
            books.gate().admit(Optional.of(token));
            assertThat(run("audit", "verify").out())
                    .isEqualTo("2 lines, all as they were written\n");
        }
    }

    @Test
    void mistakesAreTold() {
        assertThat(run("keys").exitCode()).isEqualTo(2);
        assertThat(run("keys", "create", "Ann", "--tokens-per-day", "many").exitCode())
                .isEqualTo(2);
        CommandRun scope = run("keys", "create", "Ann", "--scope", "everything");
        assertThat(scope.exitCode()).isEqualTo(1);
        assertThat(scope.err()).contains("everything", "answers").doesNotContain("bug");
        CommandRun revoke = run("keys", "revoke", "nobody");
        assertThat(revoke.exitCode()).isEqualTo(1);
        assertThat(revoke.err()).contains("found no key nobody").doesNotContain("bug");
        try (Books _ = open()) {
            CommandRun locked = run("keys", "list");
            assertThat(locked.exitCode()).isEqualTo(1);
            assertThat(locked.err()).contains("another process").doesNotContain("bug");
        }
    }

    @Test
    void usageIsATableOrCsvOrJson() {
        try (Books books = open()) {
            use(books, Caller.local(), "=cmd,\"x\"");
            use(books, Caller.local(), "b");
            use(books, Caller.local(), "b");
        }
        assertThat(run("usage").out().lines().toList())
                .satisfiesExactly(
                        head -> assertThat(head).startsWith("KEY ").contains("WRITTEN TOKENS"),
                        row ->
                                assertThat(row)
                                        .startsWith("local ")
                                        .containsPattern(" 3 +90 +30 +15 +4[.]5 "),
                        note -> assertThat(note).startsWith("Joules are "));
        assertThat(run("usage", "--by", "model", "--format", "csv").out().lines().toList())
                .satisfiesExactly(
                        head ->
                                assertThat(head)
                                        .isEqualTo(
                                                "model,answers,prompt_tokens,cached_tokens,written_tokens,seconds,joules,cost,currency"),
                        row ->
                                assertThat(row)
                                        .startsWith("\"'=cmd,\"\"x\"\"\",1,30,10,5,1.500000000,"),
                        row -> assertThat(row).startsWith("b,2,60,20,10,3.000000000,"));
        String json = run("usage", "--since", "2999-01-01", "--format", "json").out();
        assertThat(Json.mapper().readTree(json).get("rows")).isEmpty();
        assertThat(run("usage", "--by", "colour").exitCode()).isEqualTo(2);
    }

    @Test
    void aLogThatWasChangedIsFound() throws IOException {
        run("keys", "create", "Ann");
        assertThat(run("audit", "verify").exitCode()).isZero();
        Path log = folder.resolve("server/audit.log");
        Files.writeString(log, Files.readString(log).replace("Ann", "Ben"));
        CommandRun verified = run("audit", "verify");
        assertThat(verified.exitCode()).isEqualTo(1);
        assertThat(verified.err()).contains("line 1").doesNotContain("bug");
    }

    @Test
    void aTenantIsErased() {
        try (Books books = open()) {
            books.tables().table("files", "sales").put("f", new byte[1]);
        }
        assertThat(run("keys", "erase", "sales").exitCode()).isZero();
        try (Books books = open()) {
            assertThat(books.tables().table("files", "sales").names()).isEmpty();
        }
    }
}
