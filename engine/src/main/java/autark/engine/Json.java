package autark.engine;

import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.json.JsonMapper;

/// How Autark reads and writes JSON: one set of limits for whatever comes from outside, and
/// duplicate keys are refused.
public final class Json {
    /// Nesting of arrays and objects.
    public static final int DEPTH_LIMIT = 64;

    /// Digits of one number.
    public static final int NUMBER_DIGIT_LIMIT = 100;

    /// Characters of one document, and so of one string in it.
    public static final int DOCUMENT_CHARACTER_LIMIT = 32 << 20;

    private static final JsonFactory FACTORY =
            JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder()
                                    .maxNestingDepth(DEPTH_LIMIT)
                                    .maxNumberLength(NUMBER_DIGIT_LIMIT)
                                    .maxDocumentLength(DOCUMENT_CHARACTER_LIMIT)
                                    .maxStringLength(DOCUMENT_CHARACTER_LIMIT)
                                    .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build();

    private Json() {}

    /// Token streams. They load in a fifth of the mapper's time, so what every start needs is read
    /// with them.
    public static JsonFactory factory() {
        return FACTORY;
    }

    /// Trees and records.
    public static JsonMapper mapper() {
        return Loaded.MAPPER;
    }

    /// Loaded when the mapper is first asked for.
    private static final class Loaded {
        static final JsonMapper MAPPER = JsonMapper.builder(FACTORY).build();
    }
}
