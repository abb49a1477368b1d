package autark.text.token;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// Which special tokens swallow the white space beside them. Model files do not say so; llama.cpp
/// tells it from the names of the model and of the pre-tokenizer, and so does this.
final class SpecialSpaces {
    private static final Set<String> PHI_3_KEEPS_SPACE = Set.of("<unk>", "<s>", "<|endoftext|>");
    private static final Set<String> MASK_BY_PRE_TOKENIZER =
            Set.of("jina-v2-de", "jina-v2-es", "jina-v2-code");

    private SpecialSpaces() {}

    /// All tokens of the vocabulary that are matched as a whole.
    static List<SpecialTokens.Special> find(TokenTable table, TokenizerSpec spec) {
        String modelName = spec.modelName().toLowerCase(Locale.ROOT);
        boolean phi3 = modelName.contains("phi-3") || modelName.contains("phi3");
        String mask =
                MASK_BY_PRE_TOKENIZER.contains(spec.preTokenizer())
                        ? "<mask>"
                        : modelName.contains("modern-bert") ? "[MASK]" : "";
        List<SpecialTokens.Special> specials = new ArrayList<>();
        for (int token = 0; token < table.size(); token++) {
            if (table.type(token).isMatchedWhole() && table.texts().length(token) > 0) {
                String text = table.text(token);
                specials.add(
                        new SpecialTokens.Special(
                                token,
                                text,
                                text.equals(mask),
                                phi3 && !PHI_3_KEEPS_SPACE.contains(text)));
            }
        }
        return specials;
    }
}
