import org.jspecify.annotations.NullMarked;

/// Requests in, token streams out.
@NullMarked
@SuppressWarnings("module") // autark.server is built after this module
module autark.engine {
    requires jdk.jfr;
    requires static org.jspecify;
    requires transitive autark.model;
    requires transitive tools.jackson.databind;

    exports autark.engine;
    exports autark.engine.sample;
    exports autark.engine.seal to
            autark.server;
    exports autark.engine.store;
}
