package autark.server.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.h2.store.fs.FileBaseDefault;
import org.h2.store.fs.FilePath;
import org.h2.store.fs.FilePathWrapper;

/// A file system that keeps a log of what is done to its files, and can fail. H2 makes its objects
/// by their class, so the logs are found by the name of the file.
public final class TestDisk extends FilePathWrapper {
    static final String SCHEME = "test";
    private static final Map<String, Log> LOGS = new ConcurrentHashMap<>();

    /// What was done to a file, in order.
    static final class Log {
        final List<Event> events = new ArrayList<>();
        volatile boolean failsToWrite;
        volatile boolean failsToFlush;

        synchronized void add(Event event) {
            events.add(event);
        }

        synchronized int size() {
            return events.size();
        }
    }

    /// Something that was done to a file.
    sealed interface Event {
        record Write(long position, byte[] bytes) implements Event {}

        record Truncate(long size) implements Event {}

        record Flush() implements Event {}
    }

    /// Begins a new log for the files of a folder.
    static Log log(java.nio.file.Path folder) {
        FilePath.register(new TestDisk());
        Log log = new Log();
        LOGS.put(SCHEME + ":" + folder.resolve("store.mv").toAbsolutePath(), log);
        return log;
    }

    @Override
    public String getScheme() {
        return SCHEME;
    }

    @Override
    public FileChannel open(String mode) throws IOException {
        return new Channel(super.open(mode), LOGS.getOrDefault(name, new Log()));
    }

    private static final class Channel extends FileBaseDefault {
        private final FileChannel base;
        private final Log log;

        Channel(FileChannel base, Log log) {
            this.base = base;
            this.log = log;
        }

        @Override
        public synchronized int read(ByteBuffer target, long position) throws IOException {
            return base.read(target, position);
        }

        @Override
        public synchronized int write(ByteBuffer source, long position) throws IOException {
            if (log.failsToWrite) {
                throw new IOException("no space left");
            }
            byte[] bytes = new byte[source.remaining()];
            source.duplicate().get(bytes);
            log.add(new Event.Write(position, bytes));
            return base.write(source, position);
        }

        @Override
        public void force(boolean metaData) throws IOException {
            if (log.failsToFlush) {
                throw new IOException("input/output error");
            }
            log.add(new Event.Flush());
            // the file itself need not be on the medium: its crashes are made from the log
        }

        @Override
        protected void implTruncate(long size) throws IOException {
            log.add(new Event.Truncate(size));
            base.truncate(size);
        }

        @Override
        public long size() throws IOException {
            return base.size();
        }

        @Override
        public FileLock tryLock(long position, long size, boolean shared) throws IOException {
            return base.tryLock(position, size, shared);
        }

        @Override
        protected void implCloseChannel() throws IOException {
            base.close();
        }
    }
}
