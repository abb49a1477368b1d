import org.jspecify.annotations.NullMarked;

/// Requests in, token streams out.
@NullMarked
module autark.engine {
    requires jdk.jfr;
    requires static org.jspecify;
    requires transitive autark.model;
    requires transitive tools.jackson.databind;

    exports autark.engine;
    exports autark.engine.sample;
    exports autark.engine.store;
}
