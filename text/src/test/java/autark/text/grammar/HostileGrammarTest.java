package autark.text.grammar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/// Grammars and patterns that mean harm: each is refused or becomes a language, soon.
final class HostileGrammarTest {
    private static final int MUTANTS = 20_000;
    private static final Duration LONGEST = Duration.ofSeconds(1);

    private static final String[] GRAMMARS = {
        GbnfTest.JSON,
        "root ::= (\"a\" | b{2,20})+ [^\\x00-\\x1F]\nb ::= \"(\" root \")\" | \"\" # end\n",
        "root ::= e e e\ne ::= t (\"+\" t)*\nt ::= [0-9]{1,9} | \"(\" e \")\"\n",
        "root ::= \"\\u00e9\" . \"\\U0001F601\"? a\na ::= \"x\" a \"y\" | \"x\" a \"z\" | \"\"\n",
    };

    private static final String[] PATTERNS = {
        "^(\\d{4})-(0[1-9]|1[0-2])-([0-2]\\d|3[01])$",
        "^[\\w.+-]+@[a-z\\d-]+(\\.[a-z\\d-]+)*\\.[a-z]+$",
        "(?:(?<name>a|b{2,}|\\p{Script=Greek}+?)*|[^\\u0041-\\x5A]{0,30})$",
        "^(([^<>()\\[\\]\\\\.,;:\\s@\"]+)|(\".+\"))@x$",
    };

    private static final String[] SPLICES = {
        "*", "+", "?", "{2}", "{0,}", "{9}", "{99}", "{999}", "(", ")", "[", "]", "[^", "|", "\\",
        "\\d", "\\p{L}", "\"", "::=", "\n", "root", "a", "e", ".", "^", "$", "-", "#", "(?:", "(?=",
        "\\u{", "\\ud800", "\ud800", "😁", "\0", "{", "}", ",", "a ::= ", "\\1", "<"
    };

    /// A text with a few pieces cut out, doubled or put in.
    private static String mutant(String text, SplittableRandom random) {
        StringBuilder mutant = new StringBuilder(text);
        for (int changes = random.nextInt(1, 6); changes > 0; changes--) {
            int from = random.nextInt(mutant.length() + 1);
            int to = Math.min(mutant.length(), from + random.nextInt(12));
            switch (random.nextInt(4)) {
                case 0 -> mutant.delete(from, to);
                case 1 -> mutant.insert(from, mutant.substring(from, to));
                case 2 -> mutant.insert(from, SPLICES[random.nextInt(SPLICES.length)]);
                default -> {
                    String moved = mutant.substring(from, to);
                    mutant.delete(from, to);
                    mutant.insert(random.nextInt(mutant.length() + 1), moved);
                }
            }
        }
        return mutant.toString();
    }

    /// How many mutants are languages.
    private static int mutate(String[] texts, Consumer<String> parser) {
        int languages = 0;
        for (long seed = 1; seed <= MUTANTS; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            String mutant = mutant(texts[random.nextInt(texts.length)], random);
            long start = System.nanoTime();
            try {
                parser.accept(mutant);
                languages++;
            } catch (GrammarException e) {
                assertThat(e.getMessage()).as("seed %d", seed).isNotBlank().hasSizeLessThan(500);
            } catch (RuntimeException | Error e) {
                throw new AssertionError("seed %d: %s".formatted(seed, mutant), e);
            }
            assertThat(System.nanoTime() - start)
                    .as("nanoseconds for seed %d: %s", seed, mutant)
                    .isLessThan(LONGEST.toNanos());
        }
        return languages;
    }

    @Test
    void mutatedGrammarsAreRefusedOrRead() {
        int languages = mutate(GRAMMARS, grammar -> follow(Gbnf.parse(grammar)));
        assertThat(languages).isBetween(1_000, MUTANTS - 1_000);
    }

    @Test
    void mutatedPatternsAreRefusedOrRead() {
        int languages =
                mutate(
                        PATTERNS,
                        pattern -> {
                            Regex regex = Regex.searching(pattern);
                            if (!regex.isEmpty()) {
                                follow(regex.language());
                            }
                        });
        assertThat(languages).isBetween(1_000, MUTANTS - 1_000);
    }

    /// A few steps, and the way out.
    private static <S> void follow(Language<S> language) {
        S state = language.start();
        for (byte value : "(12 a@b".getBytes(StandardCharsets.UTF_8)) {
            state = language.next(state, value).orElse(state);
        }
        byte[] rest = language.completion(state);
        if (rest.length > 200) {
            return;
        }
        for (byte value : rest) {
            state = language.next(state, value).orElseThrow();
        }
        assertThat(language.complete(state)).isTrue();
    }

    private static final String[] BASES = {"a", "[ab]", "\\w", "(a|ab)", "(a|a)", "(a?)", "."};
    private static final String[] WRAPS = {
        "((%s+)+)", "((%s*)*)", "((%s|%s)*)", "((%s{1,9})+)", "((%s+)*b?)"
    };

    /// Patterns on which matchers that try each way take exponential time.
    private static String redos(SplittableRandom random) {
        String pattern = BASES[random.nextInt(BASES.length)];
        for (int depth = random.nextInt(1, 4); depth > 0; depth--) {
            pattern = WRAPS[random.nextInt(WRAPS.length)].replace("%s", pattern);
        }
        return "^" + pattern + (random.nextBoolean() ? "c" : "[cd]$");
    }

    /// Each character is one step, whatever the pattern: steps are counted, not seconds.
    @Test
    void patternsThatSpinElsewhereTakeAStepACharacter() {
        String text = "a".repeat(20_000) + "x";
        int compiled = 0;
        for (long seed = 1; seed <= 1_000; seed++) {
            String pattern = redos(new SplittableRandom(seed));
            long start = System.nanoTime();
            try {
                Regex regex = Regex.searching(pattern);
                compiled++;
                assertThat(regex.stateCount()).as("seed %d: %s", seed, pattern).isLessThan(2_000);
                assertThat(regex.matches(text)).as("seed %d: %s", seed, pattern).isFalse();
            } catch (GrammarException e) {
                assertThat(e).as("seed %d: %s", seed, pattern).hasMessageContaining("too large");
            }
            assertThat(System.nanoTime() - start)
                    .as("nanoseconds for seed %d: %s", seed, pattern)
                    .isLessThan(LONGEST.toNanos());
        }
        assertThat(compiled).isGreaterThan(900);
    }

    @Test
    void whatIsTooLongIsRefused() {
        String longPattern = "a".repeat(RegexParser.PATTERN_CHARS_MAX + 1);
        assertThatThrownBy(() -> Regex.matching(longPattern)).hasMessageContaining("too large");
        String longGrammar = "#".repeat(Gbnf.SOURCE_CHARS_MAX + 1);
        assertThatThrownBy(() -> Gbnf.parse(longGrammar)).hasMessageContaining("too large");
        String deepPattern = "(".repeat(8_000) + ")".repeat(8_000);
        assertThatThrownBy(() -> Regex.matching(deepPattern)).isInstanceOf(GrammarException.class);
        String deepGrammar = "root ::= " + "(".repeat(50_000);
        assertThatThrownBy(() -> Gbnf.parse(deepGrammar)).isInstanceOf(GrammarException.class);
        String stars = "root ::= \"a\"" + "?".repeat(50_000);
        assertThatThrownBy(() -> Gbnf.parse(stars)).isInstanceOf(GrammarException.class);
        StringBuilder rules = new StringBuilder("root ::= \"a\"\n");
        for (int i = 0; i <= Gbnf.RULES_MAX; i++) {
            rules.append('r').append(i).append("::=\"\"\n");
        }
        assertThatThrownBy(() -> Gbnf.parse(rules.toString())).hasMessageContaining("too large");
    }

    @Test
    void chainsOfRulesAreNoRecursionOfOurs() {
        StringBuilder rules = new StringBuilder("root ::= r0\n");
        int count = Gbnf.RULES_MAX - 2;
        for (int i = 0; i < count; i++) {
            rules.append("r%d ::= r%d%n".formatted(i, i + 1));
        }
        rules.append("r%d ::= \"x\"".formatted(count));
        assertThat(Languages.contains(Gbnf.parse(rules.toString()), "x")).isTrue();
    }
}
