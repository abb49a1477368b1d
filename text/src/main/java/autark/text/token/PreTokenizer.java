package autark.text.token;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// How a text is cut into words before byte pairs are joined; no pair crosses a cut. Model files
/// give only a name, so this is the table of names, taken from the tables of llama.cpp: files that
/// carry a name were written for its reading.
///
/// The patterns of a pre-tokenizer are applied one after the other, each to the pieces that the one
/// before left; what a pattern matches and what lies between two matches are pieces. They are
/// written so that matching a piece takes time proportional to its length: repetitions are
/// possessive or step back over a single class, and no group is repeated. `\s`, `\p{L}` and the
/// like mean what Unicode says, in the version of the running JDK.
// Lists and sets come from List.of and Set.of; the checker cannot know.
@SuppressWarnings("ImmutableEnumChecker")
enum PreTokenizer {
    DEFAULT(
            names("", "default"),
            none(),
            "[\\p{P}$+<=>^~|]++",
            Patterns.GPT_2,
            "\\p{N}++",
            "[0-9][0-9][0-9]"),
    GPT_2(
            names(
                    "gpt-2",
                    "phi-2",
                    "mpt",
                    "olmo",
                    "jais",
                    "trillion",
                    "granite-docling",
                    "gigachat",
                    "a.x-4.0",
                    "mellum",
                    "modern-bert",
                    "exaone4",
                    "jina-es",
                    "jina-de",
                    "jina-v1-en",
                    "jina-v2-es",
                    "jina-v2-de",
                    "jina-v2-code",
                    "roberta-bpe"),
            none(),
            Patterns.GPT_2),
    SMOLLM(
            names(
                    "smollm",
                    "starcoder",
                    "refact",
                    "command-r",
                    "codeshell",
                    "exaone",
                    "minerva-7b",
                    "mellum2"),
            none(),
            "\\p{N}",
            Patterns.GPT_2),
    FALCON(names("falcon"), none(), "[\\p{P}$+<=>^~|`]++", Patterns.GPT_2, "[0-9][0-9][0-9]"),
    LLAMA_3(
            names(
                    "llama-bpe",
                    "llama3",
                    "llama-v3",
                    "falcon3",
                    "falcon-h1",
                    "pixtral",
                    "midm-2.0",
                    "lfm2",
                    "jina-v5-nano"),
            Set.of(Trait.KEEPS_WHOLE_WORDS, Trait.ADDS_BEGIN_OF_SEQUENCE),
            Patterns.WORDS_BEFORE_NUMBERS + "\\p{N}{1,3}+" + Patterns.OTHERS_AFTER_NUMBERS),
    GLM_4(
            names("glm4", "glm5"),
            keepsWholeWords(),
            Patterns.WORDS_BEFORE_NUMBERS + "\\p{N}{1,3}+" + Patterns.OTHERS_AFTER_NUMBERS),
    DBRX(
            names("dbrx", "smaug-bpe", "chatglm-bpe"),
            none(),
            Patterns.WORDS_BEFORE_NUMBERS + "\\p{N}{1,3}+" + Patterns.OTHERS_AFTER_NUMBERS),
    JAIS_2(
            names("jais-2"),
            none(),
            Patterns.ANY_CASE_CONTRACTION
                    + "|[^\\r\\n\\p{L}\\p{N}]?+\\p{L}++|\\p{N}{1,3}+| ?[^\\s\\p{L}\\p{N}]++[\\r\\n]*+"
                    + "|\\s*[\\r\\n]++|\\s{512}(?!\\S)|\\s{256}(?!\\S)|\\s{128}(?!\\S)|\\s{64}(?!\\S)"
                    + "|\\s{32}(?!\\S)|\\s{16}(?!\\S)|\\s{8}(?!\\S)|\\s{4}(?!\\S)|\\s{1,2}(?!\\S)|\\s"),
    MINICPM_5(
            names("minicpm5"),
            keepsWholeWords(),
            "\\p{N}{1,3}+",
            Patterns.WORDS_BEFORE_NUMBERS + "\\p{N}++" + Patterns.OTHERS_AFTER_NUMBERS),
    QWEN_2(
            names(
                    "qwen2",
                    "deepseek-r1-qwen",
                    "stablelm2",
                    "hunyuan",
                    "solar-open",
                    "megrez",
                    "kormo",
                    "f2llmv2",
                    "grok-2"),
            none(),
            Patterns.WORDS_BEFORE_NUMBERS + "\\p{N}" + Patterns.OTHERS_AFTER_NUMBERS),
    QWEN_35(
            names("qwen35"),
            none(),
            Patterns.ANY_CASE_CONTRACTION
                    + "|[^\\r\\n\\p{L}\\p{N}]?[\\p{L}\\p{M}]++|\\p{N}"
                    + "| ?[^\\s\\p{L}\\p{M}\\p{N}]++[\\r\\n]*+"
                    + Patterns.LINE_ENDS_AND_SPACES),
    UFAKZEKA(
            names("ufakzeka"),
            none(),
            "[^\\r\\n\\p{L}\\p{N}]?+\\p{L}++|\\p{N}| ?[^\\s\\p{L}\\p{N}]++[\\r\\n]*+"
                    + Patterns.LINE_ENDS_AND_SPACES),
    LAGUNA(
            names("laguna"),
            none(),
            Patterns.LINES,
            Patterns.WORDS_BEFORE_NUMBERS + "\\p{N}" + Patterns.OTHERS_AFTER_NUMBERS),
    BAILING_MOE(
            names("bailingmoe", "bailingmoe2", "llada-moe"),
            none(),
            Patterns.ANY_CASE_CONTRACTION
                    + "|[^\\r\\n\\p{L}\\p{N}]?+\\p{L}++|\\p{N}| ?[^\\s\\p{L}\\p{N}]++[\\r\\n]*+"
                    + "|\\s*[\\r\\n]|\\s+(?!\\S)|\\s++"),
    SEED_CODER(
            names("seed-coder"),
            none(),
            Patterns.ANY_CASE_CONTRACTION
                    + "|[^\\r\\n\\p{L}\\p{N}]?+\\p{L}++|\\p{N}| ?[^\\s\\p{L}\\p{N}\\r\\n]++"
                    + Patterns.LINE_ENDS_AND_SPACES),
    TEKKEN(
            names("tekken"),
            Set.of(Trait.KEEPS_WHOLE_WORDS, Trait.ADDS_BEGIN_OF_SEQUENCE),
            Patterns.CASED_WORDS + "\\p{N}" + Patterns.OTHERS_AND_SLASHES_AFTER_NUMBERS),
    GPT_4O(
            names("gpt-4o", "llama4", "kanana2", "talkie", "minimax-m2"),
            none(),
            Patterns.CASED_WORDS_WITH_CONTRACTIONS
                    + "\\p{N}{1,3}+"
                    + Patterns.OTHERS_AND_SLASHES_AFTER_NUMBERS),
    GRANITE_EMBEDDING(
            names("granite-embed-multi-97m"),
            keepsWholeWords(),
            Patterns.CASED_WORDS_WITH_MARKS
                    + "\\p{N}{1,3}+"
                    + Patterns.OTHERS_AND_SLASHES_AFTER_NUMBERS),
    YOUTU(
            names("youtu"),
            keepsWholeWords(),
            "[\\uAC00-\\uD7A3\\u3131-\\u318E]++"
                    + "|[\\uFF01\\u2026\\u201C\\u201D\\u2018\\u2019\\u2014\\uFF1A\\uFF1B\\uFF0C"
                    + "\\u3001-\\u303F\\uFE30-\\uFE4F]++|[\\u3105-\\u312F]++|"
                    + Patterns.HAN_AND_KANA,
            "[^\\r\\n\\p{L}\\p{N}]?[\\p{L}\\p{M}]++"
                    + Patterns.CONTRACTION_SUFFIX
                    + "|\\p{N}| ?[^\\s\\p{L}\\p{N}]++[\\r\\n/]*+"
                    + Patterns.LINE_ENDS_AND_SPACES),
    DEEPSEEK_LLM(
            names("deepseek-llm"),
            none(),
            "[\\r\\n]",
            "\\s?" + Patterns.CASED_LETTERS + "++",
            // U+3000 is white space in the reference's text, not a character of this class.
            "\\s?[!-/:-~\\uFF01-\\uFF0F\\uFF1A-\\uFF5E\\u2018-\\u201F\\u3001\\u3002]++",
            // The look-behind keeps the search from trying each place within a long run.
            "(?<!\\s)\\s++\\z",
            Patterns.CJK_AND_BETWEEN,
            "\\p{N}++"),
    DEEPSEEK_CODER(
            names("deepseek-coder"),
            none(),
            "[\\r\\n]",
            "\\s?\\p{L}++",
            "\\s?\\p{P}++",
            Patterns.CJK_AND_BETWEEN,
            "\\p{N}"),
    DEEPSEEK_3(
            names("deepseek-v3", "hunyuan-dense", "joyai-llm", "hy_v4"),
            none(),
            "\\p{N}{1,3}+",
            Patterns.HAN_AND_KANA,
            Patterns.DEEPSEEK_3_WORDS + "[\\r\\n]*+" + Patterns.LINE_ENDS_AND_SPACES),
    SPARK_2_5(
            names("spark2_5"),
            none(),
            "\\p{N}{1,3}+",
            Patterns.HAN_AND_KANA,
            Patterns.DEEPSEEK_3_WORDS + "|[\\r\\n]|\\s+(?!\\S)|\\s++",
            "\\p{N}"),
    BLOOM(names("bloom", "poro-chat", "gpt3-finnish"), none(), Patterns.BLOOM),
    VIKING(names("viking"), none(), Patterns.BLOOM, "\\p{N}"),
    CHAMELEON(
            names("chameleon"),
            Set.of(Trait.ADDS_BEGIN_OF_SEQUENCE),
            "<sentinel:[0-9]++>",
            "IMGIMG[A-I]{1,4}Z",
            "[\\t\\n]|    |  ",
            "\\p{N}",
            "[\\p{P}!-/:-@\\[-`{-~]",
            Patterns.GPT_2);

    /// What a pre-tokenizer's name says beside the cuts.
    enum Trait {
        /// A word that is a token is that token, whatever its pairs would join to.
        KEEPS_WHOLE_WORDS,
        /// A begin-of-sequence token stands before each text, unless the file says otherwise.
        ADDS_BEGIN_OF_SEQUENCE
    }

    private final List<String> names;
    private final Set<Trait> traits;
    private final List<String> patterns;

    PreTokenizer(List<String> names, Set<Trait> traits, String... patterns) {
        this.names = names;
        this.traits = traits;
        this.patterns = List.of(patterns);
    }

    private static List<String> names(String... names) {
        return List.of(names);
    }

    private static Set<Trait> none() {
        return Set.of();
    }

    private static Set<Trait> keepsWholeWords() {
        return Set.of(Trait.KEEPS_WHOLE_WORDS);
    }

    /// @throws TokenizerException listing the known names if this is none of them
    static PreTokenizer named(String name) {
        Set<String> known = new TreeSet<>();
        for (PreTokenizer preTokenizer : values()) {
            if (preTokenizer.names.contains(name)) {
                return preTokenizer;
            }
            known.addAll(preTokenizer.names);
        }
        known.remove("");
        throw new TokenizerException(
                "unknown pre-tokenizer '%s', expected one of %s"
                        .formatted(name, String.join(", ", known)));
    }

    /// The names in model files that mean this one.
    List<String> names() {
        return names;
    }

    boolean has(Trait trait) {
        return traits.contains(trait);
    }

    List<Pattern> compile() {
        List<Pattern> compiled = new ArrayList<>();
        for (String pattern : patterns) {
            compiled.add(Pattern.compile(pattern, Pattern.UNICODE_CHARACTER_CLASS));
        }
        return compiled;
    }
}
