package autark.engine;

import autark.engine.typed.AnswerType;

/// What an answer has to look like. Thinking that comes before the answer is free.
///
/// The engine lets the model choose only among tokens that keep the answer inside the format, so an
/// answer that ends has the format. One that is about to run out of tokens is brought to a valid
/// end if there is room for one.
///
/// A format speaks of text: an answer that calls tools instead has none.
public sealed interface Format {
    /// Longest source of a format, in UTF-16 units.
    int SOURCE_CHARS_MAX = 1 << 20;

    /// Any text.
    record Free() implements Format {}

    /// A JSON object.
    record JsonObject() implements Format {}

    /// A JSON value that a JSON Schema describes (draft 2020-12 or 7). A keyword that cannot be
    /// enforced is refused.
    record JsonSchema(String schema) implements Format {
        /// The schema by which [Engine#generate(Request, Class)] keeps answers to a type.
        ///
        /// @throws AnswerTypeException if the type is not supported
        public static JsonSchema of(Class<?> type) {
            return new JsonSchema(AnswerType.of(type).schema());
        }
    }

    /// A text of a grammar in GBNF, the notation of llama.cpp, from its rule `root` on.
    record Gbnf(String grammar) implements Format {}

    /// A text that a regular expression matches as a whole.
    record Pattern(String regex) implements Format {}

    /// Finds mistakes in the source of the format; a request would find them, too.
    ///
    /// @throws autark.text.grammar.GrammarException if it cannot be enforced
    /// @throws EngineException if it is too long
    default void check() {
        if (!(this instanceof Free)) {
            Grammars.language(this);
        }
    }
}
