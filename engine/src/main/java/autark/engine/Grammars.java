package autark.engine;

import autark.text.grammar.Gbnf;
import autark.text.grammar.Language;
import autark.text.grammar.Regex;
import autark.text.grammar.TokenGrammar;
import autark.text.grammar.TokenVocabulary;
import autark.text.schema.JsonSchema;
import autark.text.token.Tokenizer;
import java.util.LinkedHashMap;
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

    private final Tokenizer tokenizer;
    private final Map<Format, TokenGrammar> kept = new LinkedHashMap<>(KEPT_MAX, 0.75f, true);
    private @Nullable TokenVocabulary vocabulary;

    Grammars(Tokenizer tokenizer) {
        this.tokenizer = tokenizer;
    }

    /// The grammar of a format; none for free text.
    ///
    /// @throws autark.text.grammar.GrammarException if it cannot be enforced
    Optional<TokenGrammar> of(Format format) {
        if (format instanceof Format.Free) {
            return Optional.empty();
        }
        synchronized (kept) {
            TokenGrammar known = kept.get(format);
            if (known != null) {
                return Optional.of(known);
            }
        }
        TokenGrammar grammar = TokenGrammar.of(language(format), vocabulary(), GRAMMAR_BYTES_MAX);
        synchronized (kept) {
            kept.put(format, grammar);
            if (kept.size() > KEPT_MAX) {
                kept.remove(kept.keySet().iterator().next());
            }
        }
        return Optional.of(grammar);
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
}
