import org.jspecify.annotations.NullMarked;

/// HTTP in, tokens out.
@NullMarked
module autark.server {
    requires static org.jspecify;
    requires transitive autark.engine;
    requires com.h2database.mvstore;
    requires java.logging;
    requires jdk.net;
    requires tools.jackson.databind;
    requires tools.jackson.dataformat.toml;

    exports autark.server;
    exports autark.server.access;
    exports autark.server.config;
    exports autark.server.desk;
    exports autark.server.http;
    exports autark.server.models;
    exports autark.server.observe;
    exports autark.server.store;
}
