package autark.server.anthropic;

import autark.server.http.ApiException;
import autark.server.http.ErrorForm;
import autark.server.http.Reply;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Failures as Anthropic tells them: `{"type": "error", "error": {"type", "message"},
/// "request_id"}`.
final class AnthropicErrors implements ErrorForm {
    /// The header in which clients of this dialect look for the name of a request.
    static final String REQUEST_ID = "request-id";

    /// The status of a server that has too much to do.
    private static final int OVERLOADED = 529;

    @Override
    public Reply reply(ApiException failure, String requestId) {
        return Reply.json(body(failure, requestId))
                .withStatus(status(failure.kind()))
                .withHeader(REQUEST_ID, requestId);
    }

    /// The failure alone, for a stream that has begun.
    static ObjectNode body(ApiException failure, String requestId) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("type", "error");
        ObjectNode error = body.putObject("error");
        error.put("type", type(failure.kind()));
        error.put("message", failure.getMessage());
        body.put("request_id", requestId);
        return body;
    }

    private static int status(ApiException.Kind kind) {
        return switch (kind) {
            case OVERLOADED, UNAVAILABLE -> OVERLOADED;
            case INVALID,
                    UNAUTHENTICATED,
                    FORBIDDEN,
                    NOT_FOUND,
                    METHOD_NOT_ALLOWED,
                    CONFLICT,
                    TOO_LARGE,
                    UNSUPPORTED_MEDIA_TYPE,
                    INTERNAL,
                    LIMITED,
                    NOT_IMPLEMENTED ->
                    kind.status();
        };
    }

    private static String type(ApiException.Kind kind) {
        return switch (kind) {
            case INVALID, METHOD_NOT_ALLOWED, CONFLICT, UNSUPPORTED_MEDIA_TYPE, NOT_IMPLEMENTED ->
                    "invalid_request_error";
            case TOO_LARGE -> "request_too_large";
            case UNAUTHENTICATED -> "authentication_error";
            case FORBIDDEN -> "permission_error";
            case NOT_FOUND -> "not_found_error";
            case LIMITED -> "rate_limit_error";
            case OVERLOADED, UNAVAILABLE -> "overloaded_error";
            case INTERNAL -> "api_error";
        };
    }
}
