package autark.text.token;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// A small vocabulary in the making.
final class SpecBuilder {
    private record Entry(String text, int typeCode, float score) {}

    private final String model;
    private String preTokenizer = "";
    private String modelName = "";
    private final List<Entry> entries = new ArrayList<>();
    private int scoresMissing;
    private int typesMissing;
    private final List<String> merges = new ArrayList<>();
    private final Map<SpecialRole, Integer> specialIds = new EnumMap<>(SpecialRole.class);
    private final Map<TokenizerFlag, Boolean> flags = new EnumMap<>(TokenizerFlag.class);

    SpecBuilder(String model) {
        this.model = model;
    }

    /// Byte-level, with a token for each byte in the order of the bytes.
    static SpecBuilder bytePair(String preTokenizer) {
        SpecBuilder builder = new SpecBuilder("gpt2");
        builder.preTokenizer = preTokenizer;
        for (int value = 0; value < 256; value++) {
            builder.token(letter(value), TokenType.NORMAL, 0);
        }
        return builder;
    }

    /// SentencePiece: unknown, begin, end, a token for each byte.
    static SpecBuilder sentencePiece() {
        SpecBuilder builder = new SpecBuilder("llama");
        builder.token("<unk>", TokenType.UNKNOWN, 0);
        builder.token("<s>", TokenType.CONTROL, 0);
        builder.token("</s>", TokenType.CONTROL, 0);
        for (int value = 0; value < 256; value++) {
            builder.token("<0x%02X>".formatted(value), TokenType.BYTE, 0);
        }
        return builder;
    }

    static SpecBuilder wordPiece(String... words) {
        SpecBuilder builder = new SpecBuilder("bert");
        builder.token("[UNK]", TokenType.CONTROL, 0);
        for (String word : words) {
            builder.token(word, TokenType.NORMAL, 0);
        }
        return builder.role(SpecialRole.UNKNOWN, 0);
    }

    /// The character of a byte in a byte-level vocabulary.
    static String letter(int value) {
        ByteBuilder bytes = new ByteBuilder();
        bytes.append(value);
        ByteBuilder letter = new ByteBuilder();
        ByteAlphabet.encode(bytes, letter);
        return new String(letter.toArray(), StandardCharsets.UTF_8);
    }

    SpecBuilder preTokenizer(String name) {
        preTokenizer = name;
        return this;
    }

    SpecBuilder modelName(String name) {
        modelName = name;
        return this;
    }

    SpecBuilder token(String text, TokenType type, float score) {
        entries.add(new Entry(text, List.of(TokenType.values()).indexOf(type), score));
        return this;
    }

    SpecBuilder control(String... texts) {
        for (String text : texts) {
            token(text, TokenType.CONTROL, 0);
        }
        return this;
    }

    SpecBuilder userDefined(String... texts) {
        for (String text : texts) {
            token(text, TokenType.USER_DEFINED, 0);
        }
        return this;
    }

    /// Merges together with the tokens that they make.
    SpecBuilder merges(String... pairs) {
        for (String pair : pairs) {
            merge(pair);
            token(pair.replace(" ", ""), TokenType.NORMAL, 0);
        }
        return this;
    }

    /// A merge alone.
    SpecBuilder merge(String pair) {
        merges.add(pair);
        return this;
    }

    SpecBuilder without(String token) {
        entries.removeIf(entry -> entry.text().equals(token));
        return this;
    }

    SpecBuilder type(String token, int code) {
        entries.replaceAll(entry ->
                entry.text().equals(token) ? new Entry(token, code, entry.score()) : entry);
        return this;
    }

    SpecBuilder score(String token, float score) {
        entries.replaceAll(entry ->
                entry.text().equals(token) ? new Entry(token, entry.typeCode(), score) : entry);
        return this;
    }

    SpecBuilder dropLastScore() {
        scoresMissing++;
        return this;
    }

    SpecBuilder dropLastType() {
        typesMissing++;
        return this;
    }

    SpecBuilder role(SpecialRole role, int token) {
        specialIds.put(role, token);
        return this;
    }

    SpecBuilder flag(TokenizerFlag flag, boolean value) {
        flags.put(flag, value);
        return this;
    }

    int id(String token) {
        return entries.stream().map(Entry::text).toList().indexOf(token);
    }

    int[] ids(String... texts) {
        int[] ids = new int[texts.length];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = id(texts[i]);
        }
        return ids;
    }

    TokenizerSpec spec() {
        float[] scores = new float[entries.size() - scoresMissing];
        for (int i = 0; i < scores.length; i++) {
            scores[i] = entries.get(i).score();
        }
        int[] types =
                entries.stream()
                        .limit(entries.size() - typesMissing)
                        .mapToInt(Entry::typeCode)
                        .toArray();
        Utf8Strings tokens = Utf8Strings.of(entries.stream().map(Entry::text).toList());
        return new TokenizerSpec(
                model,
                preTokenizer,
                modelName,
                new Vocabulary(tokens, scores, types, Utf8Strings.of(merges)),
                specialIds,
                flags);
    }

    Tokenizer build() {
        return Tokenizer.of(spec());
    }
}
