package autark.bench;

import autark.model.file.Gguf;
import autark.model.file.GgufTokenizer;
import autark.text.grammar.Gbnf;
import autark.text.grammar.GrammarCursor;
import autark.text.grammar.Language;
import autark.text.grammar.Regex;
import autark.text.grammar.TokenGrammar;
import autark.text.grammar.TokenVocabulary;
import autark.text.token.Tokenizer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/// Token masks along an answer of 151 tokens or so, in microseconds for the whole answer, and
/// single masks that nobody asked for before. The vocabulary is that of the default model, or of a
/// GGUF file: `-p vocabulary=FILE`.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class GrammarBenchmark {
    private static final String JSON =
            """
            root   ::= value
            value  ::= (object | array | string | number | "true" | "false" | "null") ws
            object ::= "{" ws ( string ":" ws value ("," ws string ":" ws value)* )? "}"
            array  ::= "[" ws ( value ("," ws value)* )? "]"
            string ::= "\\"" ( [^"\\\\\\x7F\\x00-\\x1F] | "\\\\" (["\\\\/bfnrt] | "u" [0-9a-fA-F]{4}) )* "\\""
            number ::= "-"? ("0" | [1-9] [0-9]*) ("." [0-9]+)? ([eE] [-+]? [0-9]+)?
            ws     ::= [ \\t\\n]*
            """;

    private static final String ANSWER =
            """
            {
              "name": "Ada Lovelace",
              "born": 1815,
              "occupation": ["mathematician", "writer"],
              "summary": "She wrote the first program meant for a machine, and saw further than \
            its maker that numbers may stand for anything.",
              "works": [
                {"title": "Sketch of the Analytical Engine", "year": 1843, "notes": true},
                {"title": "Notes A to G \\u2014 by the translator", "year": 1843, "notes": null}
              ],
              "address": {"city": "London", "country": "England", "coordinates": [51.5, -0.12]}
            }\
            """;

    private static final long CACHE_BYTES = TokenGrammar.CACHE_BYTES_USUAL;

    /// A GGUF file, or nothing for the default model.
    @Param("")
    String vocabulary = "";

    private final Language<?> json = Gbnf.parse(JSON);
    private final Language<?> bounded = Regex.matching("\"[^\"\\\\]{0,2000}\"").language();
    private TokenVocabulary tokens = TokenVocabulary.of(tokenizer(DefaultModelFile.path()));
    private Tokenizer tokenizer = tokenizer(DefaultModelFile.path());
    private TokenGrammar grammar = TokenGrammar.of(json, tokens, CACHE_BYTES);
    private int[] answer = {};
    private long[] mask = {};

    @Setup
    public void setUp() {
        if (!vocabulary.isEmpty()) {
            tokenizer = tokenizer(Path.of(vocabulary));
        }
        tokens = TokenVocabulary.of(tokenizer);
        grammar = TokenGrammar.of(json, tokens, CACHE_BYTES);
        answer = tokenizer.encode(ANSWER, Tokenizer.Specials.AS_TEXT);
        mask = new long[tokens.maskWords()];
    }

    private static Tokenizer tokenizer(Path file) {
        try (Gguf gguf = Gguf.open(file)) {
            return Tokenizer.of(GgufTokenizer.spec(gguf).orElseThrow());
        }
    }

    private long[] follow(TokenGrammar followed) {
        GrammarCursor cursor = followed.start();
        for (int token : answer) {
            cursor.mask(mask);
            if (!cursor.accept(token)) {
                throw new IllegalStateException("the answer leaves the grammar");
            }
        }
        return mask;
    }

    /// The first answer of a grammar.
    @Benchmark
    public long[] firstAnswer() {
        return follow(TokenGrammar.of(json, tokens, CACHE_BYTES));
    }

    /// An answer after others.
    @Benchmark
    public long[] nextAnswer() {
        return follow(grammar);
    }

    /// The mask inside a free string, where most tokens are allowed.
    @Benchmark
    public long[] stringMask() {
        return maskAfter(json, "{\"a\": \"");
    }

    /// The mask inside a string whose length is counted: no two places are the same.
    @Benchmark
    public long[] boundedStringMask() {
        return maskAfter(bounded, "\"");
    }

    private long[] maskAfter(Language<?> language, String text) {
        GrammarCursor cursor = TokenGrammar.of(language, tokens, CACHE_BYTES).start();
        cursor.acceptText(text.getBytes(StandardCharsets.UTF_8));
        cursor.mask(mask);
        return mask;
    }

    /// Laying out a vocabulary.
    @Benchmark
    public TokenVocabulary layOut() {
        return TokenVocabulary.of(tokenizer);
    }
}
