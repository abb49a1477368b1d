package autark.server.own;

import autark.server.http.ApiException;
import autark.server.http.ErrorForm;
import autark.server.http.Gate;
import autark.server.http.Reply;
import autark.server.http.Route;
import autark.server.http.Scope;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// `/openapi.json`: the description of the server (OpenAPI 3.1). Which paths there are, who may ask
/// them and where something stands in them comes from the routes themselves; what goes in and out
/// stands in a file for each dialect, beside this class in the resources: schemas, and an operation
/// for each route, by method and path.
public final class Description {
    private static final String PATH = "/openapi.json";
    private static final List<String> DIALECTS = List.of("openai", "anthropic", "ollama", "own");
    private static final String JSON = "application/json";

    private final boolean needsKey;
    private final ObjectNode paths = JsonNodeFactory.instance.objectNode();
    private final ObjectNode schemas = JsonNodeFactory.instance.objectNode();
    private final List<JsonNode> dialects = new ArrayList<>();

    private Description(boolean needsKey) {
        this.needsKey = needsKey;
        DIALECTS.forEach(name -> dialects.add(read(name + ".json")));
        dialects.forEach(dialect -> schemas.setAll((ObjectNode) dialect.get("schemas")));
    }

    /// The route that describes all others and itself.
    ///
    /// @param gate whether it lets in who brings no key is described, too
    public static Route route(List<Route> others, ErrorForm errors, Gate gate) {
        Description description = new Description(needsKey(gate));
        others.forEach(description::add);
        description.add(Route.get(PATH, Scope.OPEN, errors, exchange -> {}));
        Reply reply = Reply.json(description.document());
        return Route.get(
                PATH,
                Scope.OPEN,
                errors,
                exchange -> {
                    exchange.endQuery();
                    exchange.reply(reply);
                });
    }

    private static boolean needsKey(Gate gate) {
        try {
            gate.admit(Optional.empty());
            return false;
        } catch (ApiException e) {
            return true;
        }
    }

    private static JsonNode read(String file) {
        try (InputStream in = Description.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException("the program lacks its file " + file);
            }
            return JsonMapper.shared().readTree(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ObjectNode document() {
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        document.put("openapi", "3.1.0");
        ObjectNode info = document.putObject("info");
        info.put("title", "Autark");
        info.put("version", "1");
        document.set("paths", paths);
        ObjectNode components = document.putObject("components");
        components.set("schemas", schemas);
        ObjectNode security = components.putObject("securitySchemes");
        security.putObject("bearer").put("type", "http").put("scheme", "bearer");
        ObjectNode key = security.putObject("key");
        key.put("type", "apiKey").put("in", "header").put("name", "x-api-key");
        return document;
    }

    private void add(Route route) {
        String key = route.method() + " " + route.path();
        for (JsonNode dialect : dialects) {
            JsonNode told = dialect.get("operations").get(key);
            if (told != null) {
                String name = told.path("name").asString("name");
                operations(route.path().replace("*", "{" + name + "}"))
                        .set(
                                route.method().toLowerCase(Locale.ROOT),
                                operation(route, told, dialect));
                return;
            }
        }
        throw new IllegalStateException("no file of the description has the route " + key);
    }

    private ObjectNode operations(String path) {
        return paths.has(path) ? (ObjectNode) paths.get(path) : paths.putObject(path);
    }

    private ObjectNode operation(Route route, JsonNode told, JsonNode dialect) {
        ObjectNode operation = JsonNodeFactory.instance.objectNode();
        operation.putArray("tags").add(dialect.get("tag"));
        operation.set("summary", told.get("summary"));
        operation.set("security", security(route.scope()));
        ArrayNode parameters = operation.putArray("parameters");
        if (route.path().contains("*")) {
            parameters.add(
                    parameter(
                            told.path("name").asString("name"),
                            "path",
                            JsonNodeFactory.instance.objectNode().put("type", "string")));
        }
        for (Map.Entry<String, JsonNode> query : told.path("query").properties()) {
            parameters.add(parameter(query.getKey(), "query", query.getValue()));
        }
        if (told.has("request")) {
            ObjectNode body = operation.putObject("requestBody");
            body.put("required", true);
            String type = route.body() == Route.Body.MULTIPART ? "multipart/form-data" : JSON;
            body.putObject("content").putObject(type).set("schema", told.get("request"));
        }
        ObjectNode responses = operation.putObject("responses");
        for (Map.Entry<String, JsonNode> response : told.path("responses").properties()) {
            content(responses.putObject(response.getKey()), response.getValue());
        }
        ObjectNode failure = JsonNodeFactory.instance.objectNode();
        failure.set(JSON, dialect.get("error"));
        content(responses.putObject("default"), failure);
        return operation;
    }

    private ArrayNode security(Scope scope) {
        ArrayNode either = JsonNodeFactory.instance.arrayNode();
        if (scope == Scope.OPEN) {
            return either;
        }
        if (!needsKey) {
            either.addObject();
        }
        String needed = scope.name().toLowerCase(Locale.ROOT);
        either.addObject().putArray("bearer").add(needed);
        either.addObject().putArray("key").add(needed);
        return either;
    }

    private static ObjectNode parameter(String name, String where, JsonNode schema) {
        ObjectNode parameter = JsonNodeFactory.instance.objectNode();
        parameter.put("name", name);
        parameter.put("in", where);
        parameter.put("required", where.equals("path"));
        parameter.set("schema", schema);
        return parameter;
    }

    /// What comes: a schema for each type of content.
    private static void content(ObjectNode response, JsonNode types) {
        response.put("description", "");
        ObjectNode content = response.putObject("content");
        for (Map.Entry<String, JsonNode> type : types.properties()) {
            content.putObject(type.getKey()).set("schema", type.getValue());
        }
    }
}
