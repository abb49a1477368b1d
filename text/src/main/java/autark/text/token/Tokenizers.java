package autark.text.token;

import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Map;

/// Makes the tokenizer that a specification asks for.
final class Tokenizers {
    private Tokenizers() {}

    static Tokenizer create(TokenizerSpec spec) {
        return switch (spec.model()) {
            case "gpt2" -> bytePair(spec);
            case "llama" -> sentencePiece(spec);
            case "bert" -> wordPiece(spec);
            default ->
                    throw new TokenizerException(
                            "tokenizer model '%s' is not supported, expected gpt2, llama or bert"
                                    .formatted(spec.model()));
        };
    }

    private static Tokenizer bytePair(TokenizerSpec spec) {
        PreTokenizer preTokenizer = PreTokenizer.named(spec.preTokenizer());
        TokenTable table = new TokenTable(spec.vocabulary());
        SpecialNames.Roles roles = roles(table, spec, Map.of());
        BytePairEncoder.Rules rules =
                new BytePairEncoder.Rules(table, spec.vocabulary().merges, preTokenizer);
        boolean addsBeginOfSequence = preTokenizer.has(PreTokenizer.Trait.ADDS_BEGIN_OF_SEQUENCE);
        return new VocabularyTokenizer(
                table,
                roles,
                SpecialSpaces.find(table, spec),
                () -> new BytePairEncoder(rules),
                new VocabularyTokenizer.Conventions(
                        ByteAlphabet::decode,
                        false,
                        flag(spec, TokenizerFlag.ADD_BEGIN_OF_SEQUENCE, addsBeginOfSequence),
                        flag(spec, TokenizerFlag.ADD_END_OF_SEQUENCE, false)));
    }

    private static Tokenizer sentencePiece(TokenizerSpec spec) {
        TokenTable table = new TokenTable(spec.vocabulary());
        SpecialNames.Roles roles =
                roles(
                        table,
                        spec,
                        Map.of(
                                SpecialRole.UNKNOWN, 0,
                                SpecialRole.BEGIN_OF_SEQUENCE, 1,
                                SpecialRole.END_OF_SEQUENCE, 2));
        boolean addsSpacePrefix = flag(spec, TokenizerFlag.ADD_SPACE_PREFIX, true);
        SentencePieceEncoder.Rules rules =
                new SentencePieceEncoder.Rules(
                        table,
                        spec.vocabulary().scores,
                        addsSpacePrefix,
                        required(roles, SpecialRole.UNKNOWN));
        return new VocabularyTokenizer(
                table,
                roles,
                SpecialSpaces.find(table, spec),
                () -> new SentencePieceEncoder(rules),
                new VocabularyTokenizer.Conventions(
                        Tokenizers::withSpaces,
                        addsSpacePrefix,
                        flag(spec, TokenizerFlag.ADD_BEGIN_OF_SEQUENCE, true),
                        flag(spec, TokenizerFlag.ADD_END_OF_SEQUENCE, false)));
    }

    private static Tokenizer wordPiece(TokenizerSpec spec) {
        TokenTable table = new TokenTable(spec.vocabulary());
        SpecialNames.Roles roles =
                roles(
                        table,
                        spec,
                        Map.of(
                                SpecialRole.PADDING, 0,
                                SpecialRole.UNKNOWN, 100,
                                SpecialRole.BEGIN_OF_SEQUENCE, 101,
                                SpecialRole.SEPARATOR, 102,
                                SpecialRole.MASK, 103));
        boolean lowercase = flag(spec, TokenizerFlag.LOWERCASE, true);
        WordPieceEncoder.Rules rules =
                new WordPieceEncoder.Rules(
                        table,
                        lowercase,
                        flag(spec, TokenizerFlag.STRIP_ACCENTS, lowercase),
                        required(roles, SpecialRole.UNKNOWN));
        return new VocabularyTokenizer(
                table,
                roles,
                SpecialSpaces.find(table, spec),
                () -> new WordPieceEncoder(rules),
                new VocabularyTokenizer.Conventions(
                        Tokenizers::withSpaces,
                        false,
                        flag(spec, TokenizerFlag.ADD_BEGIN_OF_SEQUENCE, true),
                        flag(spec, TokenizerFlag.ADD_END_OF_SEQUENCE, false)));
    }

    private static byte[] withSpaces(String text) {
        return text.replace('▁', ' ').getBytes(StandardCharsets.UTF_8);
    }

    private static boolean flag(TokenizerSpec spec, TokenizerFlag flag, boolean fallback) {
        return spec.flags().getOrDefault(flag, fallback);
    }

    /// The roles that the file gives, else those that are usual for the kind. An id outside the
    /// vocabulary counts as not given: files in use carry such ids for padding.
    private static SpecialNames.Roles roles(
            TokenTable table, TokenizerSpec spec, Map<SpecialRole, Integer> usual) {
        Map<SpecialRole, Integer> given = new EnumMap<>(SpecialRole.class);
        given.putAll(usual);
        given.values().removeIf(token -> token >= table.size());
        spec.specialIds()
                .forEach((role, token) -> {
                    if (token >= 0 && token < table.size()) {
                        given.put(role, token);
                    }
                });
        return SpecialNames.resolve(table, given);
    }

    private static int required(SpecialNames.Roles roles, SpecialRole role) {
        Integer token = roles.tokens().get(role);
        if (token == null) {
            throw new TokenizerException("the vocabulary has no token for " + role);
        }
        return token;
    }
}
