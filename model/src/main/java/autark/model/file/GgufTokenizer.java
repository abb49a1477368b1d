package autark.model.file;

import autark.text.token.SpecialRole;
import autark.text.token.TokenizerFlag;
import autark.text.token.TokenizerSpec;
import autark.text.token.Utf8Strings;
import autark.text.token.Vocabulary;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What the `tokenizer.ggml` keys of a model file say about its tokenizer.
public final class GgufTokenizer {
    private static final String PREFIX = "tokenizer.ggml.";
    private static final String MODEL = PREFIX + "model";
    private static final Set<String> NO_TOKENIZER = Set.of("no_vocab", "none");

    private final Metadata metadata;

    private GgufTokenizer(Metadata metadata) {
        this.metadata = metadata;
    }

    /// The specification of the file's tokenizer, or empty if the file has none.
    ///
    /// @throws ModelFormatException if a key has another type than expected
    public static Optional<TokenizerSpec> spec(Gguf file) {
        Metadata metadata = file.metadata();
        boolean absent = !metadata.has(MODEL) || NO_TOKENIZER.contains(metadata.string(MODEL));
        return absent ? Optional.empty() : Optional.of(new GgufTokenizer(metadata).read());
    }

    private TokenizerSpec read() {
        return new TokenizerSpec(
                metadata.string(MODEL),
                metadata.optionalString(PREFIX + "pre").orElse(""),
                metadata.optionalString("general.name").orElse(""),
                new Vocabulary(strings("tokens"), scores(), types(), strings("merges")),
                specialIds(),
                flags());
    }

    private Utf8Strings strings(String name) {
        String key = PREFIX + name;
        return metadata.has(key) ? metadata.utf8Strings(key) : Utf8Strings.empty();
    }

    private float[] scores() {
        String key = PREFIX + "scores";
        return metadata.has(key) ? metadata.floats(key) : new float[0];
    }

    private int[] types() {
        String key = PREFIX + "token_type";
        return metadata.has(key) ? metadata.ints(key) : new int[0];
    }

    private Map<SpecialRole, Integer> specialIds() {
        Map<SpecialRole, Integer> ids = new EnumMap<>(SpecialRole.class);
        for (SpecialRole role : SpecialRole.values()) {
            for (String keyName : keyNames(role)) {
                putId(ids, role, keyName);
            }
        }
        return ids;
    }

    /// Ids that no vocabulary can have, such as 2^32 - 1 for "none", are left out.
    private void putId(Map<SpecialRole, Integer> ids, SpecialRole role, String keyName) {
        String key = PREFIX + keyName + "_token_id";
        if (metadata.has(key)) {
            long id = metadata.longValue(key);
            if (id >= 0 && id < Vocabulary.TOKEN_COUNT_MAX) {
                ids.put(role, (int) id);
            }
        }
    }

    /// The names of a role's key without what is common to all; of two in one file the last counts.
    private static List<String> keyNames(SpecialRole role) {
        return switch (role) {
            case BEGIN_OF_SEQUENCE -> List.of("bos");
            case END_OF_SEQUENCE -> List.of("eos");
            case END_OF_TURN -> List.of("eot");
            case END_OF_MESSAGE -> List.of("eom");
            case UNKNOWN -> List.of("unknown");
            // The format's own spelling.
            case SEPARATOR -> List.of("seperator");
            case PADDING -> List.of("padding");
            case MASK -> List.of("mask");
            case FIM_PREFIX -> List.of("fim_pre", "prefix");
            case FIM_SUFFIX -> List.of("fim_suf", "suffix");
            case FIM_MIDDLE -> List.of("fim_mid", "middle");
            case FIM_PADDING -> List.of("fim_pad");
            case FIM_REPOSITORY -> List.of("fim_rep");
            case FIM_FILE_SEPARATOR -> List.of("fim_sep");
        };
    }

    private Map<TokenizerFlag, Boolean> flags() {
        Map<TokenizerFlag, Boolean> flags = new EnumMap<>(TokenizerFlag.class);
        for (TokenizerFlag flag : TokenizerFlag.values()) {
            String key = PREFIX + keyName(flag);
            if (metadata.has(key)) {
                flags.put(flag, metadata.bool(key));
            }
        }
        return flags;
    }

    private static String keyName(TokenizerFlag flag) {
        return switch (flag) {
            case ADD_BEGIN_OF_SEQUENCE -> "add_bos_token";
            case ADD_END_OF_SEQUENCE -> "add_eos_token";
            case ADD_SPACE_PREFIX -> "add_space_prefix";
            case LOWERCASE -> "normalizer.lowercase";
            case STRIP_ACCENTS -> "normalizer.strip_accents";
        };
    }
}
