package autark.engine;

import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.json.JsonMapper;

/// How Autark reads and writes JSON: one mapper, and with it one set of limits for whatever comes
/// from outside.
public final class Json {
    /// Nesting of arrays and objects.
    public static final int DEPTH_LIMIT = 64;

    /// Digits of one number.
    public static final int NUMBER_DIGIT_LIMIT = 100;

    /// Characters of one document.
    public static final int DOCUMENT_LIMIT = 32 << 20;

    private static final JsonFactory FACTORY =
            JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder()
                                    .maxNestingDepth(DEPTH_LIMIT)
                                    .maxNumberLength(NUMBER_DIGIT_LIMIT)
                                    .maxDocumentLength(DOCUMENT_LIMIT)
                                    .maxStringLength(DOCUMENT_LIMIT)
                                    .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build();

    private static final JsonMapper MAPPER = JsonMapper.builder(FACTORY).build();

    private Json() {}

    /// The mapper with Autark's limits. It refuses duplicate keys.
    public static JsonMapper mapper() {
        return MAPPER;
    }
}
