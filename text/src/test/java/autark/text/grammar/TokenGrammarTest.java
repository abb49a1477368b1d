package autark.text.grammar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import autark.text.token.SpecialRole;
import autark.text.token.Tokenizer;
import autark.text.token.TokenizerFlag;
import autark.text.token.TokenizerSpec;
import autark.text.token.Utf8Strings;
import autark.text.token.Vocabulary;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TokenGrammarTest {
    private static final int NORMAL = 1;
    private static final int CONTROL = 3;
    private static final int USER_DEFINED = 4;
    private static final int UNUSED = 5;
    private static final int BYTE = 6;
    private static final long CACHE_BYTES = 1 << 20;

    /// Unknown, begin, end, all bytes, then the given pieces.
    private static Tokenizer sentencePiece(Map<TokenizerFlag, Boolean> flags, List<String> pieces) {
        List<String> texts = new ArrayList<>(List.of("<unk>", "<s>", "</s>"));
        List<Integer> types = new ArrayList<>(List.of(2, CONTROL, CONTROL));
        for (int value = 0; value < 256; value++) {
            texts.add("<0x%02X>".formatted(value));
            types.add(BYTE);
        }
        for (String piece : pieces) {
            texts.add(piece);
            types.add(NORMAL);
        }
        texts.add("<unused>");
        types.add(UNUSED);
        texts.add("<tool>");
        types.add(USER_DEFINED);
        return tokenizer("llama", texts, types, flags);
    }

    private static Tokenizer tokenizer(
            String model,
            List<String> texts,
            List<Integer> types,
            Map<TokenizerFlag, Boolean> flags) {
        int[] codes = new int[types.size()];
        for (int i = 0; i < codes.length; i++) {
            codes[i] = types.get(i);
        }
        return Tokenizer.of(
                new TokenizerSpec(
                        model,
                        model.equals("gpt2") ? "gpt-2" : "",
                        "",
                        new Vocabulary(
                                Utf8Strings.of(texts),
                                new float[texts.size()],
                                codes,
                                Utf8Strings.of(List.of())),
                        model.equals("llama")
                                ? Map.of(SpecialRole.END_OF_SEQUENCE, 2)
                                : Map.of(SpecialRole.UNKNOWN, 0),
                        flags));
    }

    private static Tokenizer random(SplittableRandom random) {
        int[] letters = "abc1é😁\"▁{}:,[]".codePoints().toArray();
        Set<String> pieces = new HashSet<>();
        for (int i = 0; i < 120; i++) {
            StringBuilder piece = new StringBuilder();
            for (int length = random.nextInt(1, 5); length > 0; length--) {
                piece.appendCodePoint(letters[random.nextInt(letters.length)]);
            }
            pieces.add(piece.toString());
        }
        return sentencePiece(
                Map.of(TokenizerFlag.ADD_SPACE_PREFIX, random.nextBoolean()),
                pieces.stream().sorted().toList());
    }

    /// The tokens after which the text so far still begins a text of the language, found by reading
    /// what the tokenizer's decoder makes of all tokens so far.
    private static <S> long[] byReading(
            Language<S> language, Tokenizer tokenizer, List<Integer> before) {
        long[] mask = new long[(tokenizer.vocabSize() + 63) / 64];
        for (int token = 0; token < tokenizer.vocabSize(); token++) {
            boolean allowed;
            if (tokenizer.endOfTurn().contains(token)) {
                allowed = Languages.contains(language, text(tokenizer, before));
            } else {
                allowed =
                        tokenizer.bytes(token).length > 0
                                && Languages.after(language, text(tokenizer, before, token))
                                        .isPresent();
            }
            if (allowed) {
                mask[token >> 6] |= 1L << token;
            }
        }
        return mask;
    }

    private static byte[] text(Tokenizer tokenizer, List<Integer> before, int... more) {
        int[] tokens = new int[before.size() + more.length];
        for (int i = 0; i < before.size(); i++) {
            tokens[i] = before.get(i);
        }
        System.arraycopy(more, 0, tokens, before.size(), more.length);
        return tokenizer.decode(tokens);
    }

    private static List<Integer> tokens(long[] mask) {
        List<Integer> tokens = new ArrayList<>();
        for (int token = 0; token < mask.length * 64; token++) {
            if ((mask[token >> 6] >> token & 1) != 0) {
                tokens.add(token);
            }
        }
        return tokens;
    }

    @Test
    void masksAreWhatReadingEachTokenGives() {
        int allowed = 0;
        for (long seed = 1; seed <= 50; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            Tokenizer tokenizer = random(random);
            allowed += checkMasks(language(random), tokenizer, random, CACHE_BYTES, seed);
        }
        assertThat(allowed).isGreaterThan(7_000);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 2_000, 20_000})
    void masksAreRightHoweverSmallTheCache(long cacheBytes) {
        for (long seed = 1; seed <= 6; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            Tokenizer tokenizer = random(random);
            checkMasks(language(random), tokenizer, random, cacheBytes, seed);
        }
    }

    private static Language<?> language(SplittableRandom random) {
        return switch (random.nextInt(3)) {
            case 0 -> Gbnf.parse(GbnfTest.JSON);
            case 1 -> Gbnf.parse(new NaiveGrammar(random).source());
            default -> Regex.matching("( ?[abcé😁1]{1,3}(\"[^\"]*\")?)*").language();
        };
    }

    /// Follows a random answer; how many tokens were allowed on the way.
    private static int checkMasks(
            Language<?> language,
            Tokenizer tokenizer,
            SplittableRandom random,
            long cacheBytes,
            long seed) {
        TokenVocabulary vocabulary = TokenVocabulary.of(tokenizer);
        TokenGrammar grammar = TokenGrammar.of(language, vocabulary, cacheBytes);
        GrammarCursor cursor = grammar.start();
        List<Integer> before = new ArrayList<>();
        long[] mask = new long[vocabulary.maskWords()];
        Arrays.fill(mask, -1L);
        int allowed = 0;
        for (int step = 0; step < 8; step++) {
            cursor.mask(mask);
            List<Integer> tokens = tokens(mask);
            assertThat(tokens)
                    .as("seed %d, step %d", seed, step)
                    .isEqualTo(tokens(byReading(language, tokenizer, before)));
            assertThat(cursor.complete())
                    .isEqualTo(Languages.contains(language, text(tokenizer, before)));
            allowed += tokens.size();
            for (int token = 0; token < tokenizer.vocabSize(); token++) {
                assertThat(cursor.copy().accept(token))
                        .as("seed %d, step %d, token %d", seed, step, token)
                        .isEqualTo(tokens.contains(token));
            }
            tokens.removeAll(tokenizer.endOfTurn());
            if (tokens.isEmpty()) {
                return allowed;
            }
            int token = tokens.get(random.nextInt(tokens.size()));
            assertThat(cursor.accept(token)).isTrue();
            before.add(token);
        }
        return allowed;
    }

    private static final List<String> PIECES = List.of("▁", "▁a", "a", "▁▁a", "▁b", "b");

    private static List<String> pieces(Tokenizer tokenizer, GrammarCursor cursor) {
        long[] mask = new long[(tokenizer.vocabSize() + 63) / 64];
        cursor.mask(mask);
        return tokens(mask).stream().map(tokenizer::piece).filter(PIECES::contains).toList();
    }

    private static int id(Tokenizer tokenizer, String piece) {
        for (int token = 0; token < tokenizer.vocabSize(); token++) {
            if (tokenizer.piece(token).equals(piece)) {
                return token;
            }
        }
        throw new IllegalArgumentException(piece);
    }

    @Test
    void theSpaceBeforeATextIsNoText() {
        Tokenizer tokenizer = sentencePiece(Map.of(), PIECES);
        TokenGrammar grammar =
                TokenGrammar.of(
                        Gbnf.parse("root ::= \"a b\""), TokenVocabulary.of(tokenizer), CACHE_BYTES);
        GrammarCursor cursor = grammar.start();
        assertThat(pieces(tokenizer, cursor)).containsExactly("▁", "▁a", "a");
        assertThat(pieces(tokenizer, grammar.startContinuation())).containsExactly("a");
        assertThat(cursor.accept(id(tokenizer, "▁▁a"))).isFalse();
        assertThat(cursor.accept(id(tokenizer, "▁"))).isTrue();
        assertThat(pieces(tokenizer, cursor)).containsExactly("a");
        GrammarCursor copy = grammar.start();
        assertThat(copy.acceptText(new byte[0])).isTrue();
        assertThat(copy.accept(id(tokenizer, "▁a"))).isTrue();
        assertThat(pieces(tokenizer, copy)).containsExactly("▁", "▁b");
        assertThat(copy.acceptText(" b".getBytes(StandardCharsets.UTF_8))).isTrue();
        assertThat(copy.complete()).isTrue();
    }

    @Test
    void aTurnEndsWhereTheTextIsComplete() {
        Tokenizer tokenizer = sentencePiece(Map.of(), PIECES);
        int end = 2;
        GrammarCursor cursor =
                TokenGrammar.of(
                                Gbnf.parse("root ::= \"a\"+"),
                                TokenVocabulary.of(tokenizer),
                                CACHE_BYTES)
                        .start();
        assertThat(cursor.accept(end)).isFalse();
        assertThat(cursor.completion()).asString(StandardCharsets.UTF_8).isEqualTo("a");
        assertThat(cursor.acceptText("x".getBytes(StandardCharsets.UTF_8))).isFalse();
        assertThat(cursor.acceptText("a".getBytes(StandardCharsets.UTF_8))).isTrue();
        assertThat(cursor.accept(end)).isTrue();
        assertThat(cursor.completion()).isEmpty();
        assertThat(cursor.accept(id(tokenizer, "a"))).isTrue();
        for (int token : new int[] {0, 1, id(tokenizer, "<unused>"), id(tokenizer, "<tool>")}) {
            assertThat(cursor.accept(token)).isFalse();
        }
    }

    @Test
    void aWordPieceStandsForItsTextWithASpace() {
        Tokenizer tokenizer =
                tokenizer(
                        "bert",
                        List.of("[UNK]", "▁a", "b", "▁b"),
                        List.of(CONTROL, NORMAL, NORMAL, NORMAL),
                        Map.of());
        GrammarCursor cursor =
                TokenGrammar.of(
                                Gbnf.parse("root ::= \" ab\" \" b\"?"),
                                TokenVocabulary.of(tokenizer),
                                CACHE_BYTES)
                        .start();
        assertThat(pieces(tokenizer, cursor)).containsExactly("▁a");
        assertThat(cursor.accept(1)).isTrue();
        assertThat(cursor.accept(3)).isFalse();
        assertThat(cursor.accept(2)).isTrue();
        assertThat(cursor.complete()).isTrue();
        assertThat(cursor.accept(3)).isTrue();
    }

    @Test
    void wrongUseIsRefused() {
        Tokenizer tokenizer = sentencePiece(Map.of(), PIECES);
        TokenVocabulary vocabulary = TokenVocabulary.of(tokenizer);
        Language<?> language = Gbnf.parse("root ::= \"a\"");
        GrammarCursor cursor = TokenGrammar.of(language, vocabulary, CACHE_BYTES).start();
        assertThatThrownBy(() -> cursor.mask(new long[1]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1 words, expected 5");
        assertThatThrownBy(() -> cursor.accept(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> cursor.accept(vocabulary.size()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> TokenGrammar.of(language, vocabulary, -1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() ->
                        TokenGrammar.of(Regex.matching("[]").language(), vocabulary, CACHE_BYTES))
                .isInstanceOf(GrammarException.class);
    }

    @Test
    void theCacheStaysWithinItsLimit() {
        Tokenizer tokenizer = sentencePiece(Map.of(), PIECES);
        long cap = 50_000;
        TokenGrammar grammar =
                TokenGrammar.of(
                        Gbnf.parse("root ::= \"a\"{1500}"), TokenVocabulary.of(tokenizer), cap);
        GrammarCursor cursor = grammar.start();
        long[] mask = new long[grammar.vocabulary().maskWords()];
        long most = 0;
        for (int i = 0; i < 1_500; i++) {
            cursor.mask(mask);
            assertThat(cursor.accept(id(tokenizer, "a"))).isTrue();
            most = Math.max(most, grammar.states().bytes());
        }
        assertThat(cursor.complete()).isTrue();
        assertThat(most).isBetween(cap / 2, cap);
    }

    /// An answer that may be split among thousands of repetitions: each state is large.
    @Test
    void largeStatesCountForMore() {
        Tokenizer tokenizer = sentencePiece(Map.of(), PIECES);
        Language<?> language = Gbnf.parse("root ::= e{400}\ne ::= [ab]{1,20}");
        TokenGrammar grammar =
                TokenGrammar.of(language, TokenVocabulary.of(tokenizer), CACHE_BYTES);
        GrammarCursor cursor = grammar.start();
        long small = grammar.states().bytes();
        assertThat(cursor.acceptText("a".getBytes(StandardCharsets.UTF_8))).isTrue();
        long first = grammar.states().bytes() - small;
        assertThat(cursor.acceptText("a".repeat(200).getBytes(StandardCharsets.UTF_8))).isTrue();
        long before = grammar.states().bytes();
        assertThat(cursor.acceptText("a".getBytes(StandardCharsets.UTF_8))).isTrue();
        assertThat(grammar.states().bytes() - before).isGreaterThan(4 * first);
    }

    @Test
    void answersOfManyThreadsShareWhatIsFound() throws Exception {
        SplittableRandom random = new SplittableRandom(7);
        Tokenizer tokenizer = random(random);
        TokenVocabulary vocabulary = TokenVocabulary.of(tokenizer);
        Language<?> language = Gbnf.parse(GbnfTest.JSON);
        List<Long> alone = walk(TokenGrammar.of(language, vocabulary, CACHE_BYTES));
        for (long cap : new long[] {CACHE_BYTES, 30_000}) {
            TokenGrammar shared = TokenGrammar.of(language, vocabulary, cap);
            try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
                List<Callable<List<Long>>> walks = new ArrayList<>();
                for (int i = 0; i < 16; i++) {
                    walks.add(() -> walk(shared));
                }
                for (Future<List<Long>> walk : threads.invokeAll(walks)) {
                    assertThat(walk.get()).isEqualTo(alone);
                }
            }
        }
    }

    /// Hashes of the masks along some answers.
    private static List<Long> walk(TokenGrammar grammar) {
        List<Long> hashes = new ArrayList<>();
        long[] mask = new long[grammar.vocabulary().maskWords()];
        for (long seed = 1; seed <= 20; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            GrammarCursor cursor = grammar.start();
            for (int step = 0; step < 30; step++) {
                cursor.mask(mask);
                hashes.add((long) Arrays.hashCode(mask));
                List<Integer> tokens = tokens(mask);
                if (tokens.isEmpty() || !cursor.accept(tokens.get(random.nextInt(tokens.size())))) {
                    break;
                }
            }
        }
        return hashes;
    }
}
