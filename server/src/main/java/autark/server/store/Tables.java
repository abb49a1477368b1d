package autark.server.store;

/// Tables by name, each tenant with its own: no name leads from one tenant's to another's.
public interface Tables {
    /// A table, empty if nothing was put into it yet.
    ///
    /// @param kind what is in it, as `responses`: letters, digits and `-`
    /// @param tenant whose it is; empty for the server's own
    Table table(String kind, String tenant);

    /// Tables that end with the process, for what is small.
    static Tables inMemory() {
        return new MemoryTables();
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
