package autark.server.http;

import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Reads the JSON of requests within limits: the only way in. Duplicate keys and anything behind
/// the value are refused.
public final class JsonBody {
    public static final int DEPTH_MAX = 64;
    public static final int NUMBER_CHARS_MAX = 100;
    public static final int NAME_CHARS_MAX = 1024;

    /// Brackets, names and values: in memory each takes many times the bytes that it came in.
    public static final long TOKENS_MAX = 1 << 20;

    private static final JsonMapper MAPPER =
            JsonMapper.builder(
                            JsonFactory.builder()
                                    .streamReadConstraints(
                                            StreamReadConstraints.builder()
                                                    .maxNestingDepth(DEPTH_MAX)
                                                    .maxNumberLength(NUMBER_CHARS_MAX)
                                                    .maxNameLength(NAME_CHARS_MAX)
                                                    .maxTokenCount(TOKENS_MAX)
                                                    .maxStringLength(Integer.MAX_VALUE)
                                                    .build())
                                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                                    .build())
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .build();

    private JsonBody() {}

    /// @throws ApiException if it is no JSON within the limits
    public static JsonNode read(byte[] body) {
        if (body.length == 0) {
            throw ApiException.of(
                    ApiException.Kind.INVALID, "found an empty body, expected a JSON object");
        }
        try {
            return MAPPER.readTree(body);
        } catch (JacksonException e) {
            throw ApiException.of(
                    ApiException.Kind.INVALID,
                    "the body is no JSON that is accepted here: " + e.getOriginalMessage());
        } catch (NumberFormatException e) {
            // of an exponent beyond those of a BigDecimal, for which Jackson has no error of its
            // own
            throw ApiException.of(
                    ApiException.Kind.INVALID,
                    "the body has a number that is too large or too small to be read");
        }
    }
}
