package autark.checks.program;

import static org.assertj.core.api.Assertions.assertThat;

import autark.checks.Repository;
import autark.model.file.Gguf;
import autark.model.file.GgufTokenizer;
import autark.text.grammar.Gbnf;
import autark.text.grammar.GrammarCursor;
import autark.text.grammar.Language;
import autark.text.grammar.TokenGrammar;
import autark.text.grammar.TokenVocabulary;
import autark.text.token.Tokenizer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Token masks over published vocabularies, equal to what reading the bytes of each token gives, at
/// several places of JSON texts. The vocabularies are other people's and may not lie in this
/// repository; where they are not, this test is not selected.
@EnabledIf("vocabulariesArePresent")
class GoldenMasksTest {
    private static final Path FOLDER =
            Repository.root().resolveSibling("shared").resolve("golden/tokenizers");

    private static final Language<?> JSON =
            Gbnf.parse(
                    """
                    root   ::= ws value
                    value  ::= (object | array | string | number | "true" | "false" | "null") ws
                    object ::= "{" ws (pair ("," ws pair)*)? "}"
                    pair   ::= string ws ":" ws value
                    array  ::= "[" ws (value ("," ws value)*)? "]"
                    string ::= "\\"" ([^"\\\\\\x00-\\x1F] | "\\\\" (["\\\\/bfnrt] | "u" [0-9a-f]{4}))* "\\""
                    number ::= "-"? ("0" | [1-9] [0-9]*) ("." [0-9]+)? ([eE] [-+]? [0-9]+)?
                    ws     ::= [ \\t\\n]*
                    """);

    private static final List<String> PLACES =
            List.of("", "{", "{\"name\": \"", "{\"a\": [1", "[\"caf\u00e9 \\", "[{}", "[tr", "[1]");

    static boolean vocabulariesArePresent() {
        return Files.isDirectory(FOLDER);
    }

    static List<Path> vocabularies() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.filter(file -> file.toString().endsWith(".gguf")).sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("vocabularies")
    void masksAreWhatReadingEachTokenGives(Path file) {
        Tokenizer tokenizer = tokenizer(file);
        TokenGrammar grammar =
                TokenGrammar.of(
                        JSON, TokenVocabulary.of(tokenizer), TokenGrammar.CACHE_BYTES_USUAL);
        long allowed = 0;
        for (String place : PLACES) {
            allowed += check(JSON, tokenizer, grammar.start(), place);
        }
        assertThat(allowed).isGreaterThan(tokenizer.vocabSize());
    }

    /// How many tokens are allowed after `place`.
    private static <S> long check(
            Language<S> language, Tokenizer tokenizer, GrammarCursor cursor, String place) {
        byte[] before = place.getBytes(StandardCharsets.UTF_8);
        assertThat(cursor.acceptText(before)).isTrue();
        S state = read(language, language.start(), before).orElseThrow();
        long[] mask = new long[(tokenizer.vocabSize() + Long.SIZE - 1) / Long.SIZE];
        cursor.mask(mask);
        long allowed = 0;
        for (int token = 0; token < tokenizer.vocabSize(); token++) {
            byte[] text = tokenizer.bytes(token);
            boolean expected =
                    tokenizer.endOfTurn().contains(token)
                            ? language.complete(state)
                            : text.length > 0
                                    && read(
                                                    language,
                                                    state,
                                                    place.isEmpty()
                                                            ? tokenizer.decode(token)
                                                            : text)
                                            .isPresent();
            if ((mask[token >> 6] >> token & 1) != 0 != expected) {
                throw new AssertionError(
                        "token %d after '%s': expected %s".formatted(token, place, expected));
            }
            allowed += expected ? 1 : 0;
        }
        return allowed;
    }

    private static <S> Optional<S> read(Language<S> language, S from, byte[] text) {
        Optional<S> state = Optional.of(from);
        for (int i = 0; i < text.length && state.isPresent(); i++) {
            state = language.next(state.get(), text[i]);
        }
        return state;
    }

    private static Tokenizer tokenizer(Path file) {
        try (Gguf gguf = Gguf.open(file)) {
            return Tokenizer.of(GgufTokenizer.spec(gguf).orElseThrow());
        }
    }
}
