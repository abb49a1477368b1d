import org.jspecify.annotations.NullMarked;

/// Model files in, logits out.
@NullMarked
module autark.model {
    requires static org.jspecify;
    requires transitive autark.chip;
    requires transitive autark.text;
    requires tools.jackson.core;

    exports autark.model;
    exports autark.model.file;
    exports autark.model.layer;
    exports autark.model.ops;
    exports autark.model.arch;
}
