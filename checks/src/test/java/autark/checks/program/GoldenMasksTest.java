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
                TokenGrammar.of(JSON, TokenVocabulary.of(tokenizer), TokenGrammar.CACHE_BYTES_USUAL);
        long allowed = 0;
        for (String place : PLACES) {
            GrammarCursor cursor = grammar.start();
            assertThat(cursor.acceptText(place.getBytes(StandardCharsets.UTF_8))).isTrue();
            long[] mask = new long[grammar.vocabulary().maskWords()];
            cursor.mask(mask);
            for (int token = 0; token < tokenizer.vocabSize(); token++) {
                boolean expected =
                        tokenizer.endOfTurn().contains(token)
                                ? cursor.complete()
                                : follows(tokenizer, place, token);
                assertThat((mask[token >> 6] >> token & 1) != 0)
                        .as("token %d after %s", token, place)
                        .isEqualTo(expected);
                allowed += expected ? 1 : 0;
            }
        }
        assertThat(allowed).isGreaterThan(tokenizer.vocabSize());
    }

    /// Whether what the tokenizer's decoder makes of a token may follow.
    private static boolean follows(Tokenizer tokenizer, String place, int token) {
        byte[] bytes = tokenizer.bytes(token);
        boolean starts = place.isEmpty() && bytes.length > 0;
        byte[] text = starts ? tokenizer.decode(token) : bytes;
        return bytes.length > 0 && reads(JSON, place.getBytes(StandardCharsets.UTF_8), text);
    }

    private static <S> boolean reads(Language<S> language, byte[] place, byte[] bytes) {
        Optional<S> state = Optional.of(language.start());
        for (int i = 0; i < place.length + bytes.length && state.isPresent(); i++) {
            byte value = i < place.length ? place[i] : bytes[i - place.length];
            state = language.next(state.get(), value);
        }
        return state.isPresent();
    }

    private static Tokenizer tokenizer(Path file) {
        try (Gguf gguf = Gguf.open(file)) {
            return Tokenizer.of(GgufTokenizer.spec(gguf).orElseThrow());
        }
    }
}
