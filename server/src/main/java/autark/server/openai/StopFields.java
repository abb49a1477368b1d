package autark.server.openai;

import autark.engine.Stop;
import autark.server.http.Fields;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// Reads when an answer ends.
final class StopFields {
    private static final int TOKENS_MAX = 64;

    private StopFields() {}

    /// @param limits names of the field for the most tokens, the newest first; a client uses one
    /// @throws autark.server.http.ApiException if a field cannot be honoured
    static Stop read(Fields body, List<String> limits) {
        Stop stop = Stop.atEndOfTurn();
        String used = "";
        for (String limit : limits) {
            OptionalInt tokens = body.integer(limit, 1, Integer.MAX_VALUE);
            if (tokens.isEmpty()) {
                continue;
            }
            if (!used.isEmpty()) {
                throw body.invalid(
                        limit, "found it beside %s, expected one of them".formatted(used));
            }
            used = limit;
            stop = stop.withMaxTokens(tokens.getAsInt());
        }
        Stop limited = stop;
        Stop strings =
                Checked.at(
                        body,
                        "stop",
                        () -> limited.withStrings(body.texts("stop", Stop.STRING_COUNT_MAX)));
        return strings.withTokens(tokens(body));
    }

    private static Set<Integer> tokens(Fields body) {
        Set<Integer> tokens = new HashSet<>();
        for (JsonNode id : body.array("stop_token_ids", TOKENS_MAX)) {
            if (!id.isInt()) {
                throw body.invalid("stop_token_ids", "expected ids of tokens");
            }
            tokens.add(id.intValue());
        }
        return tokens;
    }
}
