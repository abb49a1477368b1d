package autark.text.token;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// Makes the tokenizer that a specification asks for.
final class Tokenizers {
    private final TokenizerSpec spec;
    private final TokenTable table;

    private Tokenizers(TokenizerSpec spec) {
        this.spec = spec;
        this.table = new TokenTable(spec.vocabulary());
    }

    static Tokenizer create(TokenizerSpec spec) {
        return switch (spec.model()) {
            case "gpt2" -> new Tokenizers(spec).bytePair(PreTokenizer.named(spec.preTokenizer()));
            case "llama" -> new Tokenizers(spec).sentencePiece();
            case "bert" -> new Tokenizers(spec).wordPiece();
            default ->
                    throw new TokenizerException(
                            "tokenizer model '%s' is not supported, expected gpt2, llama or bert"
                                    .formatted(spec.model()));
        };
    }

    private Tokenizer bytePair(PreTokenizer preTokenizer) {
        SpecialNames.Roles roles = roles(Map.of());
        Coding coding = new BytePairCoding(table, spec.vocabulary().merges, preTokenizer);
        boolean addsBeginOfSequence = preTokenizer.has(PreTokenizer.Trait.ADDS_BEGIN_OF_SEQUENCE);
        return tokenizer(roles, coding, addsBeginOfSequence);
    }

    private Tokenizer sentencePiece() {
        SpecialNames.Roles roles =
                roles(
                        Map.of(
                                SpecialRole.UNKNOWN, 0,
                                SpecialRole.BEGIN_OF_SEQUENCE, 1,
                                SpecialRole.END_OF_SEQUENCE, 2));
        Coding coding =
                new SentencePieceCoding(
                        table,
                        spec.vocabulary().scores,
                        flag(TokenizerFlag.ADD_SPACE_PREFIX, true),
                        unknownToken(roles));
        return tokenizer(roles, coding, true);
    }

    private Tokenizer wordPiece() {
        SpecialNames.Roles roles =
                roles(
                        Map.of(
                                SpecialRole.PADDING, 0,
                                SpecialRole.UNKNOWN, 100,
                                SpecialRole.BEGIN_OF_SEQUENCE, 101,
                                SpecialRole.SEPARATOR, 102,
                                SpecialRole.MASK, 103));
        boolean lowercase = flag(TokenizerFlag.LOWERCASE, true);
        Coding coding =
                new WordPieceCoding(
                        table,
                        lowercase,
                        flag(TokenizerFlag.STRIP_ACCENTS, lowercase),
                        unknownToken(roles));
        return tokenizer(roles, coding, true);
    }

    /// The roles that the file gives, else those that are usual for the kind. An id outside the
    /// vocabulary counts as not given: files in use carry such ids, mostly for padding.
    private SpecialNames.Roles roles(Map<SpecialRole, Integer> usual) {
        Map<SpecialRole, Integer> given = new EnumMap<>(SpecialRole.class);
        for (SpecialRole role : SpecialRole.values()) {
            for (Map<SpecialRole, Integer> source : List.of(usual, spec.specialIds())) {
                int token = source.getOrDefault(role, StringIndex.ABSENT);
                if (token >= 0 && token < table.size()) {
                    given.put(role, token);
                }
            }
        }
        return SpecialNames.resolve(table, given);
    }

    private static int unknownToken(SpecialNames.Roles roles) {
        Integer token = roles.tokens().get(SpecialRole.UNKNOWN);
        if (token == null) {
            throw new TokenizerException("the vocabulary has no token for what is unknown");
        }
        return token;
    }

    private boolean flag(TokenizerFlag flag, boolean fallback) {
        return spec.flags().getOrDefault(flag, fallback);
    }

    private Tokenizer tokenizer(
            SpecialNames.Roles roles, Coding coding, boolean addsBeginOfSequence) {
        return new VocabularyTokenizer(
                table,
                roles,
                SpecialSpaces.find(table, spec),
                coding,
                new VocabularyTokenizer.Frame(
                        flag(TokenizerFlag.ADD_BEGIN_OF_SEQUENCE, addsBeginOfSequence),
                        flag(TokenizerFlag.ADD_END_OF_SEQUENCE, false)));
    }
}
