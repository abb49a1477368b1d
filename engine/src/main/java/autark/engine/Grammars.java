package autark.engine;

import autark.text.call.CallLanguage;
import autark.text.call.CallLanguage.Count;
import autark.text.grammar.Gbnf;
import autark.text.grammar.Language;
import autark.text.grammar.Regex;
import autark.text.grammar.TokenGrammar;
import autark.text.grammar.TokenVocabulary;
import autark.text.schema.JsonSchema;
import autark.text.template.CallFormat;
import autark.text.token.Tokenizer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Formats made ready for the vocabulary, the latest of them kept: requests with the same format
/// share what was found out about it.
final class Grammars {
    /// Grammars that are kept when no request uses them.
    static final int KEPT_MAX = 16;

    /// Memory for what is found out about one grammar.
    private static final long GRAMMAR_BYTES_MAX = 4L << 20;

    /// What an answer has to be.
    ///
    /// @param tools [Tools#none] if none is offered
    private record Wanted(Format format, Tools tools) {}

    private final Tokenizer tokenizer;
    private final CallMarks marks;
    private final Map<Wanted, TokenGrammar> kept = new LinkedHashMap<>(KEPT_MAX, 0.75f, true);
    private @Nullable TokenVocabulary vocabulary;
    private @Nullable TokenVocabulary vocabularyOfCalls;

    Grammars(Tokenizer tokenizer, CallMarks marks) {
        this.tokenizer = tokenizer;
        this.marks = marks;
    }

    /// The grammar of a format and of tools; none for free text without tools.
    ///
    /// @throws autark.text.grammar.GrammarException if it cannot be enforced
    Optional<TokenGrammar> of(Format format, Tools tools) {
        boolean mayCall = !tools.offered().isEmpty();
        if (format instanceof Format.Free && !mayCall) {
            return Optional.empty();
        }
        Wanted wanted = new Wanted(format, mayCall ? tools : Tools.none());
        synchronized (kept) {
            TokenGrammar known = kept.get(wanted);
            if (known != null) {
                return Optional.of(known);
            }
        }
        TokenGrammar grammar =
                TokenGrammar.of(
                        mayCall ? language(format, tools) : language(format),
                        mayCall ? vocabularyOfCalls() : vocabulary(),
                        GRAMMAR_BYTES_MAX);
        synchronized (kept) {
            kept.put(wanted, grammar);
            if (kept.size() > KEPT_MAX) {
                kept.remove(kept.keySet().iterator().next());
            }
        }
        return Optional.of(grammar);
    }

    /// Answers that may call tools. Where they have to, nothing is left that could have a format.
    private Language<?> language(Format format, Tools tools) {
        CallFormat calls = marks.format();
        Count count = tools.parallel() ? Count.SEVERAL : Count.ONE;
        return switch (tools.choice()) {
            case Tools.Choice.None _ -> throw new IllegalStateException("no tool may be called");
            case Tools.Choice.Named(String name) ->
                    CallLanguage.calls(calls, List.of(tools.named(name)), Count.ONE);
            case Tools.Choice.Required _ -> CallLanguage.calls(calls, tools.tools(), count);
            case Tools.Choice.Auto _ ->
                    format instanceof Format.Free
                            ? CallLanguage.callsOrText(calls, tools.tools(), count)
                            : CallLanguage.callsOr(language(format), calls, tools.tools(), count);
        };
    }

    /// What a format other than free text describes.
    static Language<?> language(Format format) {
        return switch (format) {
            case Format.Free _ -> throw new IllegalStateException("free text has no language");
            case Format.JsonObject _ -> JsonSchema.anyObject().language();
            case Format.JsonSchema(String schema) -> JsonSchema.parse(checked(schema)).language();
            case Format.Gbnf(String grammar) -> Gbnf.parse(checked(grammar));
            case Format.Pattern(String regex) -> Regex.matching(checked(regex)).language();
        };
    }

    private static String checked(String source) {
        if (source.length() > Format.SOURCE_CHARS_MAX) {
            throw new EngineException(
                    "format: found a source of %d characters, expected at most %d"
                            .formatted(source.length(), Format.SOURCE_CHARS_MAX));
        }
        return source;
    }

    private synchronized TokenVocabulary vocabulary() {
        if (vocabulary == null) {
            vocabulary = TokenVocabulary.of(tokenizer);
        }
        return vocabulary;
    }

    private synchronized TokenVocabulary vocabularyOfCalls() {
        if (vocabularyOfCalls == null) {
            vocabularyOfCalls = TokenVocabulary.of(tokenizer, marks.tokens());
        }
        return vocabularyOfCalls;
    }
}
