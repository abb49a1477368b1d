package autark.server.openai;

import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// What became of a line of a batch.
///
/// @param failed whether it belongs to the errors
/// @param text a line of the output or of the errors
record BatchOutcome(boolean failed, String text) {
    static final int OK = 200;

    /// What an endpoint says.
    ///
    /// @param request the id of the request
    /// @param status of HTTP
    static BatchOutcome of(BatchLine line, String request, int status, ObjectNode body) {
        ObjectNode told = head(line, request);
        ObjectNode response = told.putObject("response");
        response.put("status_code", status);
        response.put("request_id", request);
        response.set("body", body);
        told.putNull("error");
        return new BatchOutcome(status != OK, told + "\n");
    }

    /// What was not begun in time.
    static BatchOutcome expired(BatchLine line, String request) {
        ObjectNode told = head(line, request);
        told.putNull("response");
        ObjectNode error = told.putObject("error");
        error.put("code", "batch_expired");
        error.put("message", "the time of the batch was over before the request was run");
        return new BatchOutcome(true, told + "\n");
    }

    private static ObjectNode head(BatchLine line, String request) {
        ObjectNode told = JsonNodeFactory.instance.objectNode();
        told.put("id", request);
        told.put("custom_id", line.customId());
        return told;
    }
}
