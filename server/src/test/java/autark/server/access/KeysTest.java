package autark.server.access;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import autark.server.http.ApiException;
import autark.server.http.Caller;
import autark.server.http.Fields;
import autark.server.http.Gate;
import autark.server.http.Scope;
import autark.server.store.MvTables;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeysTest {
    private final TestClock clock = new TestClock("2026-11-25T12:00:00Z");
    @TempDir private Path folder;
    private MvTables tables;
    private AuditLog log;
    private Keys keys;
    private Gate gate;

    @BeforeEach
    void open() {
        tables = MvTables.open(folder);
        log = AuditLog.open(folder.resolve("audit.log"), tables.table("audit", ""), clock);
        keys = newKeys();
        gate = gate(KeyGate.Ask.IF_THERE_ARE_KEYS);
    }

    @AfterEach
    void close() {
        log.close();
        tables.close();
    }

    private Keys newKeys() {
        return new Keys(tables.table("keys", ""), new SecureRandom(), clock);
    }

    private Gate gate(KeyGate.Ask ask) {
        return new KeyGate(keys, ask, clock, new Tally(log, clock));
    }

    private Keys.Created create(String json) {
        return keys.create(ApiKey.Grant.of(Fields.of(json.getBytes(UTF_8))));
    }

    private void assertUnknown(Optional<String> token, String word) {
        assertThatThrownBy(() -> gate.admit(token))
                .isInstanceOfSatisfying(
                        ApiException.class,
                        e -> {
                            assertThat(e.kind()).isEqualTo(ApiException.Kind.UNAUTHENTICATED);
                            assertThat(e.getMessage()).contains(word);
                        });
    }

    @Test
    void aKeyOpensWhatItWasMadeFor() {
        Keys.Created created =
                create(
                        """
                        {"name": "Ann", "tenant": "sales", "scopes": ["answers"], "models": ["m"],
                         "limits": {"tokens_per_day": 5}}
                        """);
        String id = created.key().id();
        assertThat(created.token()).matches("ak-" + id + "-[0-9a-f]{64}");
        Caller ann = new Caller(id, "sales", Set.of(Scope.ANSWERS), Set.of("m"));
        assertThat(gate.admit(Optional.of(created.token()))).isEqualTo(ann);

        keys = newKeys(); // after a restart
        gate = gate(KeyGate.Ask.IF_THERE_ARE_KEYS);
        assertThat(gate.admit(Optional.of(created.token()))).isEqualTo(ann);
        assertThat(keys.list()).containsExactly(created.key());
    }

    @Test
    void onlyTheHashIsStored() {
        Keys.Created created = create("{\"name\": \"Ann\"}");
        String stored =
                new String(tables.table("keys", "").get(created.key().id()).orElseThrow(), UTF_8);
        assertThat(stored).doesNotContain(created.token().substring(20));
        assertThat(stored).contains(HexFormat.of().formatHex(Keys.sha256(created.token())));
    }

    @Test
    void everyOtherTokenIsUnknown() {
        String token = create("{\"name\": \"Ann\"}").token();
        String other = create("{\"name\": \"Ben\"}").token();
        assertUnknown(Optional.empty(), "Bearer ak-");
        assertUnknown(Optional.of(""), "not known");
        assertUnknown(Optional.of("ak-"), "not known");
        assertUnknown(Optional.of(token + "0"), "not known");
        assertUnknown(Optional.of(token.toUpperCase(Locale.ROOT)), "not known");
        assertUnknown(Optional.of(token.substring(0, 19) + other.substring(19)), "not known");
        for (int at = 0; at < token.length(); at++) {
            char changed = token.charAt(at) == '0' ? '1' : '0';
            String wrong = token.substring(0, at) + changed + token.substring(at + 1);
            assertUnknown(Optional.of(wrong), "not known");
        }
    }

    @Test
    void aRevokedAndAnExpiredKeyOpenNothing() {
        String revoked = create("{\"name\": \"Ann\"}").token();
        String expiring =
                create("{\"name\": \"Ben\", \"expires\": \"2026-11-25T13:00:00Z\"}").token();
        gate.admit(Optional.of(expiring));
        keys.revoke(revoked.substring(3, 19));
        clock.move(Duration.ofHours(1));
        assertUnknown(Optional.of(revoked), "was revoked");
        assertUnknown(Optional.of(expiring), "has expired");

        keys = newKeys();
        gate = gate(KeyGate.Ask.IF_THERE_ARE_KEYS);
        assertUnknown(Optional.of(revoked), "was revoked");
        assertThat(keys.revoke("0000000000000000")).isEmpty();
    }

    /// The last key being revoked must not open the door to everybody.
    @Test
    void keysAreAskedForOnceThereWasOne() {
        assertThat(gate.admit(Optional.empty())).isEqualTo(Caller.local());
        assertThat(gate.admit(Optional.of("sk-anything"))).isEqualTo(Caller.local());
        keys.revoke(create("{\"name\": \"Ann\"}").key().id());
        assertUnknown(Optional.empty(), "asks for a key");
    }

    @Test
    void otherMachinesNeedAKeyFromTheStart() {
        gate = gate(KeyGate.Ask.ALWAYS);
        assertUnknown(Optional.empty(), "asks for a key");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"name\": \"\"}",
                "{\"name\": \"Ann\", \"tenant\": \" \"}",
                "{\"name\": \"Ann\", \"scopes\": [\"open\"]}",
                "{\"name\": \"Ann\", \"scopes\": [\"all\"]}",
                "{\"name\": \"Ann\", \"expires\": \"tomorrow\"}",
                "{\"name\": \"Ann\", \"limits\": {\"tokens_per_day\": 0}}",
                "{\"name\": \"Ann\", \"limits\": {\"tokens_per_week\": 1}}",
                "{\"name\": \"Ann\", \"quota\": 1}"
            })
    void whatCannotBeGrantedIsRefused(String json) {
        assertThatThrownBy(() -> create(json)).isInstanceOf(ApiException.class);
        assertThat(keys.exist()).isFalse();
    }

    @Test
    void withoutWordsAKeyIsForAnswersAndFilesOfItsOwnTenant() {
        ApiKey.Grant grant = create("{\"name\": \"Ann\"}").key().grant();
        assertThat(grant)
                .isEqualTo(
                        new ApiKey.Grant(
                                "Ann",
                                "Ann",
                                Set.of(Scope.ANSWERS, Scope.FILES),
                                Set.of(),
                                Optional.<Instant>empty(),
                                Limits.none()));
    }
}
