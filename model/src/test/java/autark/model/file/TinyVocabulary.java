package autark.model.file;

import java.util.ArrayList;
import java.util.List;

/// A small vocabulary of one kind, and a chat template.
///
/// @param kind as `tokenizer.ggml.model` spells it
/// @param size number of tokens
record TinyVocabulary(
        String kind, String preTokenizer, int size, List<String> tokens, List<String> merges) {
    private static final int CONTROL = 3;
    private static final int BYTE = 6;
    private static final int NORMAL = 1;

    /// No tokenizer, but so many tokens.
    static TinyVocabulary none(int size) {
        return new TinyVocabulary("no_vocab", "", size, List.of(), List.of());
    }

    /// Byte-pair encoding over the usual letters for bytes.
    static TinyVocabulary bpe(String preTokenizer) {
        List<String> tokens = new ArrayList<>(List.of("<|end|>", "<|start|>"));
        for (int value = 0; value < 256; value++) {
            tokens.add(Character.toString(letter(value)));
        }
        List<String> merges = List.of("h e", "l l", "he ll", "hell o", "Ġ w", "o r");
        merges.forEach(merge -> tokens.add(merge.replace(" ", "")));
        return new TinyVocabulary("gpt2", preTokenizer, tokens.size(), tokens, merges);
    }

    /// SentencePiece pieces with scores and byte tokens.
    static TinyVocabulary spm() {
        List<String> tokens = new ArrayList<>(List.of("<unk>", "<s>", "</s>"));
        for (int value = 0; value < 256; value++) {
            tokens.add("<0x%02X>".formatted(value));
        }
        tokens.addAll(List.of("▁", "h", "e", "l", "o", "he", "ll", "hell", "hello", "▁hello"));
        return new TinyVocabulary("llama", "default", tokens.size(), tokens, List.of());
    }

    private static int letter(int value) {
        boolean printable =
                (value >= 0x21 && value <= 0x7E)
                        || (value >= 0xA1 && value <= 0xAC)
                        || value >= 0xAE;
        if (printable) {
            return value;
        }
        int unprintableBefore =
                value < 0x21 ? value : value < 0xA1 ? value - 0x7F + 0x21 : 0x21 + 0x22;
        return 0x100 + unprintableBefore;
    }

    void putInto(GgufImage image) {
        image.put("tokenizer.ggml.model", kind);
        if (tokens.isEmpty()) {
            return;
        }
        image.put("tokenizer.ggml.pre", preTokenizer);
        image.put("tokenizer.ggml.tokens", tokens);
        List<GgufImage.Value> types = new ArrayList<>();
        List<GgufImage.Value> scores = new ArrayList<>();
        for (String token : tokens) {
            boolean isByte = token.startsWith("<0x");
            boolean isControl = token.startsWith("<") && !isByte && token.length() > 2;
            types.add(
                    new GgufImage.Bits(
                            Integer.BYTES, isByte ? BYTE : isControl ? CONTROL : NORMAL));
            scores.add(
                    new GgufImage.Bits(
                            Float.BYTES,
                            Float.floatToRawIntBits((float) -types.size()) & 0xFFFF_FFFFL));
        }
        image.put(
                "tokenizer.ggml.token_type",
                GgufImage.ARRAY,
                new GgufImage.Array(GgufImage.INT32, types));
        if (merges.isEmpty()) {
            image.put(
                    "tokenizer.ggml.scores",
                    GgufImage.ARRAY,
                    new GgufImage.Array(GgufImage.FLOAT32, scores));
        } else {
            image.put("tokenizer.ggml.merges", merges);
        }
        image.put("tokenizer.ggml.bos_token_id", GgufImage.UINT32, 1);
        image.put("tokenizer.ggml.eos_token_id", GgufImage.UINT32, merges.isEmpty() ? 2 : 0);
        image.put("tokenizer.ggml.add_bos_token", GgufImage.BOOL, merges.isEmpty() ? 1 : 0);
        image.put(
                "tokenizer.chat_template",
                "{% for m in messages %}{{ '<|start|>' + m.role + '\\n' + m.content }}{% endfor %}");
    }
}
