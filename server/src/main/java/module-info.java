import org.jspecify.annotations.NullMarked;

/// HTTP in, tokens out.
@NullMarked
module autark.server {
    requires static org.jspecify;
    requires transitive autark.engine;
    requires com.h2database.mvstore;
    requires io.helidon.http;
    requires io.helidon.webserver;
    requires tools.jackson.databind;

    exports autark.server;
    exports autark.server.access;
    exports autark.server.desk;
    exports autark.server.http;
    exports autark.server.models;
    exports autark.server.store;
}
