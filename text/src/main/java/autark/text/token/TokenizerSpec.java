package autark.text.token;

import java.util.Map;

/// Everything that a model file says about its tokenizer, free of any file format.
///
/// @param model the kind: `gpt2` (byte-level byte-pair encoding), `llama` (SentencePiece) or `bert`
///   (WordPiece)
/// @param preTokenizer the name of the pre-tokenizer of a `gpt2` kind, or empty if the file has
///   none
/// @param modelName the model's own name, or empty; a few families need it, because their files do
///   not say how special tokens treat the spaces beside them
/// @param specialIds the special tokens that the file names
/// @param flags the switches that the file sets
public record TokenizerSpec(
        String model,
        String preTokenizer,
        String modelName,
        Vocabulary vocabulary,
        Map<SpecialRole, Integer> specialIds,
        Map<TokenizerFlag, Boolean> flags) {
    public TokenizerSpec {
        specialIds = Map.copyOf(specialIds);
        flags = Map.copyOf(flags);
    }
}
