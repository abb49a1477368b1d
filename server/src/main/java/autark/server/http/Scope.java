package autark.server.http;

/// What a route lets a caller do; a caller needs that right.
public enum Scope {
    /// Tells nothing that needs a key: whether the server lives.
    OPEN,
    /// Ask models.
    ANSWERS,
    /// Keep files and batches, and have them worked through.
    FILES,
    /// Change which models are here.
    MODELS,
    /// Read what is measured.
    METRICS,
    /// Keys, quotas, the ledger.
    ADMIN
}
