import org.jspecify.annotations.NullMarked;

/// Messages to tokens and back: tokenizers, chat templates, grammars, parsers of thinking and
/// calls.
@NullMarked
module autark.text {
    requires static org.jspecify;
    requires tools.jackson.core;

    exports autark.text.call;
    exports autark.text.token;
    exports autark.text.grammar;
    exports autark.text.parse;
    exports autark.text.schema;
    exports autark.text.template;
}
