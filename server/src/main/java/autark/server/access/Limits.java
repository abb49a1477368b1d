package autark.server.access;

import autark.server.http.Fields;
import java.util.OptionalLong;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What a key may use. What is absent is not limited.
///
/// @param requestsPerMinute answers begun in any sixty seconds
/// @param tokensPerMinute tokens set aside in any sixty seconds
/// @param tokensPerDay tokens in a calendar day, in UTC
/// @param concurrent answers that are being written at the same time
/// @param answerTokens most tokens that a request may ask for, all its choices together
public record Limits(
        OptionalLong requestsPerMinute,
        OptionalLong tokensPerMinute,
        OptionalLong tokensPerDay,
        OptionalLong concurrent,
        OptionalLong answerTokens) {
    private static final long MAX = 1L << 50;

    /// Nothing is limited.
    public static Limits none() {
        OptionalLong none = OptionalLong.empty();
        return new Limits(none, none, none, none, none);
    }

    /// @throws autark.server.http.ApiException if a field is none of these, or no number from 1
    static Limits of(Fields fields) {
        Limits limits =
                new Limits(
                        fields.longInteger("requests_per_minute", 1, MAX),
                        fields.longInteger("tokens_per_minute", 1, MAX),
                        fields.longInteger("tokens_per_day", 1, MAX),
                        fields.longInteger("concurrent", 1, MAX),
                        fields.longInteger("answer_tokens", 1, MAX));
        fields.end();
        return limits;
    }

    JsonNode toJson(ObjectNode object) {
        requestsPerMinute.ifPresent(limit -> object.put("requests_per_minute", limit));
        tokensPerMinute.ifPresent(limit -> object.put("tokens_per_minute", limit));
        tokensPerDay.ifPresent(limit -> object.put("tokens_per_day", limit));
        concurrent.ifPresent(limit -> object.put("concurrent", limit));
        answerTokens.ifPresent(limit -> object.put("answer_tokens", limit));
        return object;
    }
}
