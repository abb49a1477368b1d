/// Tokenizers: text to token ids and back.
package autark.text.token;
