/// What an answer may look like: languages of texts, and the tokens that keep an answer inside one.
package autark.text.grammar;
