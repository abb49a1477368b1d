package autark.cli;

import autark.engine.Json;
import autark.server.access.Books;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The books of the server in the data folder of the environment, as commands reach them: through
/// the server, if one runs.
record ServerBooks(Map<String, String> environment, Clock clock) {
    /// A request that is still to be filled in.
    ObjectNode request(String what) {
        return Json.mapper().createObjectNode().put("do", what);
    }

    /// What the answer to a request is.
    ///
    /// @throws autark.server.access.BooksException if it cannot be done
    JsonNode ask(JsonNode request) {
        return Books.ask(Books.standardFolder(environment), request, clock);
    }

    Instant now() {
        return clock.instant();
    }

    /// A name that somebody has chosen, without what moves the cursor of a terminal.
    static String printable(String name) {
        StringBuilder text = new StringBuilder();
        name.codePoints()
                .map(c -> Character.isISOControl(c) ? '?' : c)
                .forEach(text::appendCodePoint);
        return text.toString();
    }
}
