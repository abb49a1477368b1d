package autark.server.models;

import autark.engine.Engine;

/// A loaded model that stays loaded until this is closed.
///
/// @param card the model; its name is the one that stands for all its aliases
/// @param engine that answers; closed by nobody but the catalog
/// @param release ends the lease
public record Lease(ModelCard card, Engine engine, Runnable release) implements AutoCloseable {
    @Override
    public void close() {
        release.run();
    }
}
