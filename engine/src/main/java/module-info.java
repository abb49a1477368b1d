import org.jspecify.annotations.NullMarked;

/// Requests in, token streams out.
@NullMarked
module autark.engine {
    requires static org.jspecify;
    requires transitive autark.model;
    requires tools.jackson.databind;

}
