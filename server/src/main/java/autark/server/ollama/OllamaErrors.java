package autark.server.ollama;

import autark.server.http.ApiException;
import autark.server.http.ErrorForm;
import autark.server.http.Reply;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Failures as Ollama tells them: `{"error": "text"}`.
final class OllamaErrors implements ErrorForm {
    private static final int BUSY = 503;

    @Override
    public Reply reply(ApiException failure, String requestId) {
        boolean busy = failure.kind() == ApiException.Kind.OVERLOADED;
        return Reply.json(body(failure)).withStatus(busy ? BUSY : failure.kind().status());
    }

    /// The failure alone, for a stream that has begun.
    static ObjectNode body(ApiException failure) {
        return JsonNodeFactory.instance.objectNode().put("error", failure.getMessage());
    }
}
