package autark.server.openai;

import autark.server.http.Fields;
import tools.jackson.databind.node.ObjectNode;

/// A route that writes text, for those who want the whole answer.
@FunctionalInterface
interface Endpoint {
    /// The answer to a request.
    ///
    /// @throws autark.server.http.ApiException if it cannot be honoured or fails
    ObjectNode answer(Asker asker, Fields body);
}
