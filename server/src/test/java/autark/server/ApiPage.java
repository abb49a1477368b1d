package autark.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// A page that says of each field of a route whether it is honoured or refused, and how one tries
/// it out.
///
/// A route is a heading, `## POST /v1/chat/completions`, with a request in a block of `json` below
/// it, and a table whose rows are the fields:
///
/// ```
/// | field | example | | what happens |
/// |---|---|---|---|
/// | `top_p` | `0.9` | honoured | ... |
/// | `top_logprobs` | `2`, with `{"logprobs": true}` | honoured | ... |
/// | `messages[0].name` | `"Eve"` | refused | ... |
/// ```
///
/// A word in braces, in the path or the request, stands for a name that is known only when the
/// server runs.
///
/// The request gets the field with the value of the example, and the further fields if there are
/// some. Below `## GET /v1/files` the fields are parameters of the query, and there is no request.
/// Tables with another head are left alone.
public final class ApiPage {
    private static final Path FOLDER = Path.of("..", "docs", "reference");
    private static final Pattern HEADING = Pattern.compile("## (GET|POST|DELETE) (/\\S*)");
    private static final String TABLE = "| field | example | | what happens |";
    private static final Pattern ROW =
            Pattern.compile(
                    "\\| `([^`]+)` \\| `([^`]+)`(?:, with `([^`]+)`)? \\|"
                            + " (honoured|refused) \\| \\S.*\\|");
    private static final Pattern STEP = Pattern.compile("([^.\\[\\]]+)|\\[(\\d+)]");
    private static final JsonMapper JSON = JsonMapper.shared();

    private ApiPage() {}

    /// A row of a table.
    ///
    /// @param method of the route
    /// @param path of the route
    /// @param field its path in the body, or the name of a parameter
    /// @param example a value of it, in JSON
    /// @param honoured whether it is, or else refused
    /// @param body the request with the field; nothing for parameters
    public record Row(
            String method,
            String path,
            String field,
            String example,
            boolean honoured,
            Optional<ObjectNode> body) {
        /// Sends the request, and requires of the answer what the row says: success, or a refusal
        /// that names the field.
        ///
        /// @param server where it is, as `http://127.0.0.1:8080`
        /// @param names stand for the words in braces
        /// @return the answer
        public HttpResponse<String> check(
                HttpClient client, String server, Map<String, String> names)
                throws IOException, InterruptedException {
            HttpResponse<String> response =
                    client.send(request(server, names), HttpResponse.BodyHandlers.ofString());
            if (honoured) {
                assertThat(response.statusCode())
                        .as("%s: %s", this, response.body())
                        .isEqualTo(200);
            } else {
                assertThat(response.statusCode())
                        .as("%s: %s", this, response.body())
                        .isEqualTo(400);
                assertThat(response.body()).contains(field);
            }
            return response;
        }

        private HttpRequest request(String server, Map<String, String> names) {
            String filled = filled(path, names);
            if (body.isPresent()) {
                String request = filled(body.get().toString(), names);
                return HttpRequest.newBuilder(URI.create(server + filled))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(request))
                        .build();
            }
            String value = JSON.readTree(example).asString();
            String query = field + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8);
            return HttpRequest.newBuilder(URI.create(server + filled + "?" + query)).build();
        }

        private static String filled(String text, Map<String, String> names) {
            String filled = text;
            for (Map.Entry<String, String> name : names.entrySet()) {
                filled = filled.replace("{" + name.getKey() + "}", name.getValue());
            }
            return filled;
        }

        @Override
        public String toString() {
            return "%s %s %s=%s".formatted(method, path, field, example);
        }
    }

    /// The rows of all tables of a page.
    ///
    /// @param file in `docs/reference`
    public static List<Row> rows(String file) throws IOException {
        return read(Files.readString(FOLDER.resolve(file)));
    }

    /// The rows of all tables of a text.
    static List<Row> read(String page) {
        List<Row> rows = new ArrayList<>();
        String method = "";
        String path = "";
        StringBuilder base = new StringBuilder();
        boolean inBase = false;
        boolean inTable = false;
        for (String line : page.lines().toList()) {
            inTable = line.equals(TABLE) || (inTable && line.startsWith("|"));
            Matcher heading = HEADING.matcher(line);
            if (heading.matches()) {
                method = heading.group(1);
                path = heading.group(2);
                base.setLength(0);
            } else if (line.startsWith("## ")) {
                path = "";
            } else if (line.startsWith("```")) {
                inBase = line.equals("```json") && base.isEmpty();
            } else if (inBase) {
                base.append(line).append('\n');
            } else if (inTable && !path.isEmpty() && line.startsWith("| `")) {
                rows.add(row(method, path, base.toString(), line));
            }
        }
        return rows;
    }

    private static Row row(String method, String path, String base, String line) {
        Matcher row = ROW.matcher(line);
        if (!row.matches()) {
            throw new IllegalArgumentException("found a row of another form: " + line);
        }
        Optional<ObjectNode> body = Optional.empty();
        if (method.equals("POST")) {
            ObjectNode request = (ObjectNode) JSON.readTree(base);
            if (row.group(3) != null) {
                request.setAll((ObjectNode) JSON.readTree(row.group(3)));
            }
            set(request, row.group(1), JSON.readTree(row.group(2)));
            body = Optional.of(request);
        }
        boolean honoured = row.group(4).equals("honoured");
        return new Row(method, path, row.group(1), row.group(2), honoured, body);
    }

    /// Puts a value at the end of a path, as `messages[0].content`.
    private static void set(JsonNode root, String path, JsonNode value) {
        List<String> steps = STEP.matcher(path).results().map(step -> step.group()).toList();
        JsonNode at = root;
        for (String step : steps.subList(0, steps.size() - 1)) {
            JsonNode next = step.startsWith("[") ? at.get(index(step)) : at.get(step);
            if (next == null) {
                next = ((ObjectNode) at).putObject(step);
            }
            at = next;
        }
        String last = steps.getLast();
        if (last.startsWith("[")) {
            ((ArrayNode) at).set(index(last), value);
        } else {
            ((ObjectNode) at).set(last, value);
        }
    }

    private static int index(String step) {
        return Integer.parseInt(step.substring(1, step.length() - 1));
    }
}
