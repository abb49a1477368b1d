package autark.server.access;

import autark.engine.Json;
import autark.engine.seal.OwnerFile;
import autark.server.http.Fields;
import autark.server.store.StoreException;
import autark.server.store.Table;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;

/// Who did what, when: a file of lines that is only ever appended to. Texts of requests and answers
/// are not in it.
///
/// Each line begins with the SHA-256 of the hash before it and of the rest of the line, so a line
/// that was changed, moved or taken out breaks the chain. How many lines there are, and the last
/// hash, lie sealed in the store: a log whose end was cut, or that was written anew as a whole,
/// does not fit to them.
public final class AuditLog implements AutoCloseable {
    private static final String FIRST = "0".repeat(64);
    private static final String HEAD = "head";
    private static final int HASH_CHARS = 64;
    private static final int LINE_BYTES_MAX = 4096;
    private static final int DETAIL_CHARS_MAX = 500;
    private static final Logger LOGGER = System.getLogger(AuditLog.class.getName());

    private final Path file;
    private final Table table;
    private final Clock clock;
    private final FileChannel channel;
    private Head head;

    /// Where the log ends.
    private record Head(long count, String hash) {
        byte[] bytes() {
            return Json.mapper()
                    .createObjectNode()
                    .put("count", count)
                    .put("hash", hash)
                    .toString()
                    .getBytes(StandardCharsets.UTF_8);
        }

        static Head of(byte[] bytes) {
            Fields fields = Fields.of(bytes);
            return new Head(
                    fields.longInteger("count", 0, Long.MAX_VALUE).orElse(0),
                    fields.requiredText("hash"));
        }
    }

    /// What a check has found.
    ///
    /// @param lines that are in the log
    /// @param problem what is wrong with it; empty if nothing is
    public record Verdict(long lines, Optional<String> problem) {}

    private AuditLog(Path file, Table table, Clock clock, FileChannel channel, Head head) {
        this.file = file;
        this.table = table;
        this.clock = clock;
        this.channel = channel;
        this.head = head;
    }

    /// Opens the log in a file.
    ///
    /// @param table keeps where the log ends
    static AuditLog open(Path file, Table table, Clock clock) {
        try {
            Optional<Head> known = head(table);
            FileChannel channel =
                    FileChannel.open(
                            file,
                            Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                            OwnerFile.fileAttributes(file));
            AuditLog log =
                    new AuditLog(file, table, clock, channel, known.orElse(new Head(0, FIRST)));
            log.mend(known);
            return log;
        } catch (IOException e) {
            throw new BooksException("cannot open the audit log %s: %s".formatted(file, e), e);
        }
    }

    /// Where the log ends; empty if that is damaged.
    private static Optional<Head> head(Table table) {
        try {
            return Optional.of(table.get(HEAD).map(Head::of).orElse(new Head(0, FIRST)));
        } catch (StoreException e) {
            LOGGER.log(Level.ERROR, "where the audit log ends: {0}", e.getMessage());
            return Optional.empty();
        }
    }

    /// After a crash the last line may be torn, or be whole and not yet known to the store. If it
    /// is not known where the log ends, it ends where it does, and the next line says so.
    private void mend(Optional<Head> known) throws IOException {
        long size = channel.size();
        Chain chain = new Chain();
        Optional<String> problem = chain.read(file, head);
        boolean grown = known.isEmpty() || chain.count == head.count() + 1;
        if (problem.isEmpty() && grown) {
            head = new Head(chain.count, chain.hash);
            table.put(HEAD, head.bytes());
        }
        if (problem.isEmpty() && chain.wholeBytes < size) {
            channel.truncate(chain.wholeBytes);
        }
        channel.position(channel.size());
        problem.ifPresent(text -> LOGGER.log(Level.ERROR, "the audit log {0}: {1}", file, text));
        if (known.isEmpty()) {
            record("server", "audit.damaged", "it is not known where the lines before this end");
        }
    }

    /// Adds a line; it is on the medium when this returns.
    ///
    /// @param who public name of a key, `owner` for the owner of this machine, or `server`
    /// @param what as `key.created`
    /// @param detail on what, how much
    public synchronized void record(String who, String what, String detail) {
        String rest =
                Json.mapper()
                        .createObjectNode()
                        .put("time", clock.instant().toString())
                        .put("who", who)
                        .put("what", what)
                        .put(
                                "detail",
                                detail.substring(0, Math.min(detail.length(), DETAIL_CHARS_MAX)))
                        .toString();
        String hash = hash(head.hash(), rest);
        ByteBuffer line =
                ByteBuffer.wrap((hash + " " + rest + "\n").getBytes(StandardCharsets.UTF_8));
        Head next = new Head(head.count() + 1, hash);
        long begin = position();
        try {
            while (line.hasRemaining()) {
                channel.write(line);
            }
            channel.force(true);
            table.put(HEAD, next.bytes());
        } catch (IOException e) {
            takeBack(begin);
            throw new BooksException("cannot write the audit log %s: %s".formatted(file, e), e);
        } catch (RuntimeException e) {
            takeBack(begin);
            throw e;
        }
        head = next;
    }

    private long position() {
        try {
            return channel.position();
        } catch (IOException e) {
            throw new BooksException("cannot read the audit log %s: %s".formatted(file, e), e);
        }
    }

    /// Removes a line that is not known to the store: a second one behind it would look as if
    /// another hand had written both.
    private void takeBack(long begin) {
        try {
            channel.truncate(begin);
            channel.position(begin);
        } catch (IOException e) {
            LOGGER.log(Level.ERROR, "the audit log {0} ends in a torn line: {1}", file, e);
        }
    }

    /// Reads the whole log and tells whether it is as it was written.
    public synchronized Verdict verify() {
        Chain chain = new Chain();
        try {
            Optional<String> problem = chain.read(file, head);
            if (problem.isEmpty() && chain.count != head.count()) {
                problem =
                        Optional.of(
                                "found %d lines, expected %d: lines were added by another hand"
                                        .formatted(chain.count, head.count()));
            }
            if (problem.isEmpty() && chain.wholeBytes != channel.size()) {
                problem = Optional.of("the last line has no end");
            }
            return new Verdict(chain.count, problem);
        } catch (IOException e) {
            throw new BooksException("cannot read the audit log %s: %s".formatted(file, e), e);
        }
    }

    @Override
    public synchronized void close() {
        try {
            channel.close();
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, "the audit log {0} does not close: {1}", file, e);
        }
    }

    private static String hash(String before, String rest) {
        return HexFormat.of().formatHex(Keys.sha256(before + " " + rest));
    }

    /// The lines of a log, as they are read.
    private static final class Chain {
        private long count;
        private String hash = FIRST;
        private long wholeBytes;

        /// Reads until the end or the first line that is wrong.
        Optional<String> read(Path file, Head head) throws IOException {
            boolean fits = head.count() == 0;
            try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
                Optional<String> line = line(in);
                while (line.isPresent()) {
                    if (!follows(line.get())) {
                        return Optional.of(
                                "line %d is not what was written behind the line before it"
                                        .formatted(count + 1));
                    }
                    fits |= count == head.count() && hash.equals(head.hash());
                    line = line(in);
                }
            }
            if (count < head.count()) {
                return Optional.of(
                        "found %d lines, expected %d: the end is missing"
                                .formatted(count, head.count()));
            }
            return fits
                    ? Optional.empty()
                    : Optional.of(
                            "line %d is not the one that was written".formatted(head.count()));
        }

        private boolean follows(String line) {
            if (line.length() <= HASH_CHARS || line.charAt(HASH_CHARS) != ' ') {
                return false;
            }
            String expected = AuditLog.hash(hash, line.substring(HASH_CHARS + 1));
            if (!line.startsWith(expected)) {
                return false;
            }
            hash = expected;
            count++;
            wholeBytes += line.getBytes(StandardCharsets.UTF_8).length + 1;
            return true;
        }

        /// The next whole line; empty at the end, or where only a part of a line follows.
        private static Optional<String> line(InputStream in) throws IOException {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            for (int next = in.read(); next >= 0; next = in.read()) {
                if (next == '\n' || bytes.size() == LINE_BYTES_MAX) {
                    return Optional.of(bytes.toString(StandardCharsets.UTF_8));
                }
                bytes.write(next);
            }
            return Optional.empty();
        }
    }
}
