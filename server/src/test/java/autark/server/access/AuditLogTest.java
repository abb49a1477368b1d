package autark.server.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import autark.server.http.ApiException;
import autark.server.store.MvTables;
import autark.server.store.Table;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditLogTest {
    private static final int LINES = 5;

    private final TestClock clock = new TestClock("2026-11-25T12:00:00Z");
    @TempDir private Path folder;
    private Path file;
    private MvTables tables;
    private List<String> lines;

    @BeforeEach
    void write() throws IOException {
        file = folder.resolve("audit.log");
        tables = MvTables.open(folder);
        try (AuditLog log = open()) {
            for (int i = 0; i < LINES; i++) {
                log.record("owner", "key.created", "key " + i);
            }
        }
        lines = Files.readAllLines(file);
    }

    @AfterEach
    void close() {
        tables.close();
    }

    private AuditLog open() {
        return AuditLog.open(file, tables.table("audit", ""), clock);
    }

    private AuditLog.Verdict verdict() {
        try (AuditLog log = open()) {
            return log.verify();
        }
    }

    @Test
    void aWholeLogIsWholeAndGoesOn() {
        assertThat(verdict()).isEqualTo(new AuditLog.Verdict(LINES, Optional.empty()));
        try (AuditLog log = open()) {
            log.record("server", "server.started", "\"\n\u2028 {");
            assertThat(log.verify().problem()).isEmpty();
            assertThat(log.verify().lines()).isEqualTo(LINES + 1);
        }
    }

    @Test
    void eachChangedBitIsFound() throws IOException {
        byte[] good = Files.readAllBytes(file);
        try (AuditLog log = open()) {
            for (int at = 0; at < good.length; at++) {
                byte[] bad = good.clone();
                bad[at] ^= (byte) (1 << at % 8);
                Files.write(file, bad);
                assertThat(log.verify().problem()).as("byte %d", at).isPresent();
            }
        }
    }

    @Test
    void missingMovedAndAddedLinesAreFound() throws IOException {
        for (int i = 0; i < LINES; i++) {
            List<String> bad = new ArrayList<>(lines);
            bad.remove(i);
            Files.write(file, bad);
            assertThat(verdict().problem()).as("without line %d", i + 1).isPresent();
        }
        for (int i = 1; i < LINES; i++) {
            List<String> bad = new ArrayList<>(lines);
            Collections.swap(bad, i - 1, i);
            Files.write(file, bad);
            assertThat(verdict().problem()).as("line %d before its place", i + 1).isPresent();
        }
        Files.write(file, new byte[0]);
        assertThat(verdict().problem()).hasValueSatisfying(p -> assertThat(p).contains("end"));
        Files.delete(file);
        assertThat(verdict().problem()).isPresent();
    }

    /// Somebody who knows how the chain is made writes all of it anew.
    @Test
    void aForgedLogIsFound() throws IOException {
        Path other = folder.resolve("other");
        try (MvTables forger = MvTables.open(other);
                AuditLog log =
                        AuditLog.open(other.resolve("a"), forger.table("audit", ""), clock)) {
            for (int i = 0; i < LINES; i++) {
                log.record("owner", "key.created", "another key " + i);
            }
        }
        Files.write(file, Files.readAllBytes(other.resolve("a")));
        assertThat(verdict().problem()).isPresent();
    }

    @Test
    void aLineThatTheStoreDoesNotKnowIsTakenBack() {
        Table store = tables.table("audit", "");
        AtomicBoolean full = new AtomicBoolean();
        Table sometimes = new SometimesFull(store, full);
        try (AuditLog log = AuditLog.open(file, sometimes, clock)) {
            full.set(true);
            for (int i = 0; i < 3; i++) {
                assertThatThrownBy(() -> log.record("owner", "key.created", "lost"))
                        .isInstanceOf(ApiException.class);
            }
            full.set(false);
            log.record("owner", "key.created", "kept");
        }
        assertThat(verdict()).isEqualTo(new AuditLog.Verdict(LINES + 1, Optional.empty()));
    }

    /// A table that takes nothing in while the disk is full.
    private record SometimesFull(Table table, AtomicBoolean full) implements Table {
        @Override
        public Optional<byte[]> get(String name) {
            return table.get(name);
        }

        @Override
        public void put(String name, byte[] value) {
            if (full.get()) {
                throw ApiException.of(ApiException.Kind.UNAVAILABLE, "no room");
            }
            table.put(name, value);
        }

        @Override
        public boolean remove(String name) {
            return table.remove(name);
        }

        @Override
        public List<String> names() {
            return table.names();
        }
    }

    @Test
    void aTornLineOfACrashIsTakenAway() throws IOException {
        Files.writeString(file, lines.getFirst().substring(0, 70), StandardOpenOption.APPEND);
        assertThat(verdict()).isEqualTo(new AuditLog.Verdict(LINES, Optional.empty()));
        assertThat(Files.readString(file, StandardCharsets.UTF_8)).endsWith("\n");
    }

    /// The power failed between the line and the note in the store that it is there.
    @Test
    void aWholeLineOfACrashIsKept() {
        byte[] oldHead = tables.table("audit", "").get("head").orElseThrow();
        try (AuditLog log = open()) {
            log.record("owner", "key.created", "one more");
        }
        tables.table("audit", "").put("head", oldHead);
        assertThat(verdict()).isEqualTo(new AuditLog.Verdict(LINES + 1, Optional.empty()));
    }

    @Test
    void damageStaysFoundWhenTheLogGoesOn() throws IOException {
        byte[] bad = Files.readAllBytes(file);
        bad[bad.length - 10] ^= 1;
        Files.write(file, bad);
        try (AuditLog log = open()) {
            log.record("owner", "key.created", "later");
            assertThat(log.verify().problem()).isPresent();
        }
        assertThat(verdict().problem()).isPresent();
    }
}
