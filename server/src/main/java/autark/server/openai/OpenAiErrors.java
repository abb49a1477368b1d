package autark.server.openai;

import autark.engine.EngineException;
import autark.engine.sample.SamplingException;
import autark.server.http.ApiException;
import autark.server.http.ErrorForm;
import autark.server.http.Reply;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Failures as OpenAI tells them: `{"error": {"message", "type", "param", "code"}}`.
final class OpenAiErrors implements ErrorForm {
    private static final Logger LOGGER = System.getLogger(OpenAiErrors.class.getName());

    @Override
    public Reply reply(ApiException failure, String requestId) {
        return Reply.json(body(failure)).withStatus(failure.kind().status());
    }

    /// What is told of a failure once an answer has begun.
    static ApiException failure(RuntimeException cause) {
        return switch (cause) {
            case ApiException e -> e;
            case SamplingException e ->
                    ApiException.of(ApiException.Kind.INVALID, String.valueOf(e.getMessage()));
            case EngineException e ->
                    ApiException.of(ApiException.Kind.INTERNAL, String.valueOf(e.getMessage()));
            default -> {
                LOGGER.log(Level.ERROR, "an answer failed", cause);
                yield ApiException.of(ApiException.Kind.INTERNAL, "the answer failed");
            }
        };
    }

    /// The failure alone, for a stream that has begun.
    static ObjectNode body(ApiException failure) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        ObjectNode error = body.putObject("error");
        error.put("message", failure.getMessage());
        error.put("type", type(failure.kind()));
        put(error, "param", failure.field());
        put(error, "code", failure.code());
        return body;
    }

    private static void put(ObjectNode error, String name, String text) {
        if (text.isEmpty()) {
            error.putNull(name);
        } else {
            error.put(name, text);
        }
    }

    private static String type(ApiException.Kind kind) {
        return switch (kind) {
            case INVALID,
                    METHOD_NOT_ALLOWED,
                    CONFLICT,
                    TOO_LARGE,
                    UNSUPPORTED_MEDIA_TYPE,
                    NOT_IMPLEMENTED ->
                    "invalid_request_error";
            case UNAUTHENTICATED -> "authentication_error";
            case FORBIDDEN -> "permission_error";
            case NOT_FOUND -> "not_found_error";
            case LIMITED, OVERLOADED -> "rate_limit_error";
            case INTERNAL, UNAVAILABLE -> "api_error";
        };
    }
}
