package autark.server.openai;

import autark.server.http.ApiException;
import autark.server.http.Fields;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// A request in a file of requests.
///
/// @param customId by which the client knows it
/// @param text the line; read anew when it is its turn, for a text takes less room
record BatchLine(String customId, String text) {
    /// Most lines of a file.
    static final int COUNT_MAX = 50_000;

    private static final int ERRORS_MAX = 100;
    private static final int ID_CHARS_MAX = 512;

    /// The lines of a file, and what is wrong with some.
    ///
    /// @param errors as a batch tells them
    record Lines(List<BatchLine> lines, List<ObjectNode> errors) {}

    /// Reads all lines; empty ones do not count.
    ///
    /// @param url that all have to name
    static Lines read(byte[] file, String url) {
        List<BatchLine> lines = new ArrayList<>();
        List<ObjectNode> errors = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        int number = 0;
        for (String text : new String(file, StandardCharsets.UTF_8).split("\n", -1)) {
            number++;
            if (text.isBlank()) {
                continue;
            }
            try {
                BatchLine line = line(text, url);
                if (!ids.add(line.customId())) {
                    throw ApiException.field(
                                    "custom_id", "custom_id: found it in another line, too")
                            .withCode("duplicate_custom_id");
                }
                if (lines.size() == COUNT_MAX) {
                    throw ApiException.of(
                                    ApiException.Kind.INVALID,
                                    "found more than %d requests".formatted(COUNT_MAX))
                            .withCode("too_many_requests");
                }
                lines.add(line);
            } catch (ApiException e) {
                errors.add(error(number, e));
            }
            if (errors.size() == ERRORS_MAX) {
                break;
            }
        }
        if (lines.isEmpty() && errors.isEmpty()) {
            errors.add(
                    error(
                            1,
                            ApiException.of(
                                            ApiException.Kind.INVALID,
                                            "found no request, expected one a line")
                                    .withCode("empty_file")));
        }
        return new Lines(lines, errors);
    }

    /// The body of the request.
    Fields body() {
        return Fields.of(parsed(text).any("body").orElseThrow(), "");
    }

    private static Fields parsed(String text) {
        return Fields.of(text.getBytes(StandardCharsets.UTF_8));
    }

    private static BatchLine line(String text, String url) {
        Fields fields = parsed(text);
        String id = fields.requiredText("custom_id");
        if (id.isEmpty() || id.length() > ID_CHARS_MAX) {
            throw fields.invalid(
                    "custom_id", "expected 1 to %d characters".formatted(ID_CHARS_MAX));
        }
        if (fields.word("method", Set.of("POST")).isEmpty()) {
            throw fields.missing("method");
        }
        String named = fields.requiredText("url");
        if (!named.equals(url)) {
            throw fields.invalid("url", "expected the endpoint of the batch, " + url)
                    .withCode("mismatched_endpoint");
        }
        Fields body = fields.object("body").orElseThrow(() -> fields.missing("body"));
        body.requiredText("model");
        fields.end();
        return new BatchLine(id, text);
    }

    private static ObjectNode error(int number, ApiException failure) {
        ObjectNode error = JsonNodeFactory.instance.objectNode();
        error.put("code", failure.code().isEmpty() ? "invalid_request" : failure.code());
        error.put("line", number);
        error.put("message", failure.getMessage());
        if (failure.field().isEmpty()) {
            error.putNull("param");
        } else {
            error.put("param", failure.field());
        }
        return error;
    }
}
