/// What an answer may look like: languages of texts, and the tokens that keep an answer inside one.
///
/// A [autark.text.grammar.Language] comes from a [autark.text.grammar.Regex] or a grammar in
/// llama.cpp's notation ([autark.text.grammar.Gbnf]). Joined with a vocabulary it is a
/// [autark.text.grammar.TokenGrammar], and each answer follows it by a
/// [autark.text.grammar.GrammarCursor]. All grammars and patterns are taken for hostile: what they
/// may cost is bounded by named limits.
package autark.text.grammar;
