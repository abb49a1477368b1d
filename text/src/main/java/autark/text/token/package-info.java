/// Tokenizers: text to token ids and back.
///
/// [autark.text.token.Tokenizer] is what others see. Ids are those of llama.cpp: vocabularies are
/// published for it, and a model knows only the ids that it was trained with. What counts as a
/// letter or a number is what the running JDK's version of Unicode says, so that characters younger
/// than a vocabulary may be cut another way than its makers would.
package autark.text.token;
