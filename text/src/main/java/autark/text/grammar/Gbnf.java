package autark.text.grammar;

/// Grammars in llama.cpp's notation, GBNF: rules `name ::= ...` of literals, character classes,
/// groups, alternatives and repetitions, and recursion. An answer follows the rule `root`.
///
/// Recursion on the left is refused: written on the right, or as a repetition, it describes the
/// same texts. A rule that no finite text follows is refused too, used or not. Source of the
/// notation: `grammars/README.md` of llama.cpp; what it lets stand for tokens is not supported.
public final class Gbnf {
    /// Longest grammar, in UTF-16 units.
    public static final int SOURCE_CHARS_MAX = 1 << 18;

    /// Most rules of a grammar.
    public static final int RULES_MAX = 1 << 12;

    /// Groups inside groups.
    public static final int GROUP_DEPTH_MAX = 200;

    /// Most repetitions that a quantifier counts.
    public static final int REPEAT_MAX = 5_000;

    /// Parts of a grammar whose repetitions are written out.
    public static final int PARTS_MAX = 1 << 15;

    /// Rules begun inside one another while an answer is read.
    public static final int DEPTH_MAX = 1 << 11;

    /// Ways in which an answer so far can be understood.
    public static final int STACKS_MAX = 1 << 9;

    /// Longest text that a rule or an unfinished answer may need for its end, in bytes.
    public static final int COMPLETION_BYTES_MAX = 1 << 16;

    static final String ROOT = "root";

    private Gbnf() {}

    /// The language of a grammar.
    ///
    /// The language itself throws a [GrammarException] where an answer exceeds [#DEPTH_MAX],
    /// [#STACKS_MAX] or [#COMPLETION_BYTES_MAX].
    ///
    /// @throws GrammarException if the grammar is malformed, names rules that it does not define,
    ///   recurs on the left, has a rule that no text follows, or is too large
    public static Language<?> parse(String source) {
        GbnfParser.Rules rules = GbnfParser.parse(source);
        RuleNetwork network = RuleNetwork.of(rules);
        RuleLanguage language = new RuleLanguage(network);
        // An ambiguity beyond the limits shows at once if it is at the start.
        language.start();
        return language;
    }
}
