package autark.server.store;

/// Tables by name, each tenant with its own: no name leads from one tenant's to another's.
public interface Tables {
    /// A table, empty if nothing was put into it yet.
    ///
    /// @param kind what is in it, as `responses`: letters, digits and `-`
    /// @param tenant whose it is; empty for the server's own
    Table table(String kind, String tenant);

    /// Tables that end with the process, of at most 256 MiB.
    static Tables inMemory() {
        return inMemory(256L << 20);
    }

    /// As the other form.
    ///
    /// @param bytesMax most bytes of all values together; a value that has no room is refused
    static Tables inMemory(long bytesMax) {
        return new MemoryTables(bytesMax);
    }

    /// Refuses what is no kind of a table: letters, digits and hyphens, 64 at most.
    ///
    /// @throws IllegalArgumentException if it is none
    static void checkKind(String kind) {
        boolean simple = kind.chars().allMatch(c -> c == '-' || Character.isLetterOrDigit(c));
        if (kind.isEmpty() || kind.length() > 64 || !simple) {
            throw new IllegalArgumentException("no kind of a table: " + kind);
        }
    }
}
