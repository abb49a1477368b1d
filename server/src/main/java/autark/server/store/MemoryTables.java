package autark.server.store;

import autark.server.http.ApiException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/// Tables that end with the process: for a server that writes nothing to disk.
final class MemoryTables implements Tables {
    private final Map<String, Map<String, MemoryTable>> tables = new ConcurrentSkipListMap<>();
    private final long bytesMax;
    private long bytes;

    /// @param bytesMax most bytes of all values together
    MemoryTables(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    @Override
    public Table table(String kind, String tenant) {
        Tables.checkKind(kind);
        return tables.computeIfAbsent(tenant, name -> new ConcurrentSkipListMap<>())
                .computeIfAbsent(kind, name -> new MemoryTable());
    }

    private synchronized void count(int more, int less) {
        if (bytes + more - less > bytesMax) {
            throw ApiException.of(
                    ApiException.Kind.UNAVAILABLE,
                    "there is no room to keep this: delete responses or files, or have the server"
                            + " keep them on disk");
        }
        bytes += more - less;
    }

    private final class MemoryTable implements Table {
        private final ConcurrentSkipListMap<String, byte[]> values = new ConcurrentSkipListMap<>();

        @Override
        public Optional<byte[]> get(String name) {
            return Optional.ofNullable(values.get(name)).map(byte[]::clone);
        }

        @Override
        public synchronized void put(String name, byte[] value) {
            byte[] old = values.getOrDefault(name, new byte[0]);
            count(value.length, old.length);
            values.put(name, value.clone());
        }

        @Override
        public synchronized boolean remove(String name) {
            byte[] old = values.remove(name);
            count(0, old == null ? 0 : old.length);
            return old != null;
        }

        @Override
        public List<String> names() {
            return List.copyOf(values.keySet());
        }
    }
}
