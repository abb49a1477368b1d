package autark.engine.store;

import autark.engine.Json;
import java.io.ByteArrayOutputStream;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;

/// The JSON file that says what a name in the store means: one flat object with exactly the fields
/// `name`, `sha256`, `bytes`, `source`, `licence` and `added`.
final class Manifest {
    /// Longest manifest that is read.
    static final int BYTES_LIMIT = 64 << 10;

    private Manifest() {}

    static byte[] write(StoredModel model) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json =
                Json.factory().createGenerator(ObjectWriteContext.empty(), bytes)) {
            json.writeStartObject();
            json.writeStringProperty("name", model.name().toString());
            json.writeStringProperty("sha256", model.sha256().hex());
            json.writeNumberProperty("bytes", model.bytes());
            json.writeStringProperty("source", model.origin().source());
            json.writeStringProperty("licence", model.origin().licence());
            json.writeStringProperty("added", model.added().toString());
            json.writeEndObject();
        }
        return bytes.toByteArray();
    }

    /// Reads the manifest of `name`.
    ///
    /// @throws StoreException if it is not whole or not of this name
    static StoredModel read(byte[] json, ModelName name, StoreLayout layout) {
        try {
            Map<String, String> fields = fields(json);
            if (!ModelName.parse(take(fields, "name")).equals(name)) {
                throw new StoreException("it is the manifest of another name");
            }
            Sha256 sha256 = new Sha256(take(fields, "sha256"));
            long bytes = Long.parseLong(take(fields, "bytes"));
            Origin origin = new Origin(take(fields, "source"), take(fields, "licence"));
            Instant added = Instant.parse(take(fields, "added"));
            if (!fields.isEmpty()) {
                throw new StoreException("unknown fields " + fields.keySet());
            }
            return new StoredModel(name, sha256, bytes, origin, added, layout.blob(sha256));
        } catch (JacksonException | DateTimeException | NumberFormatException e) {
            throw new StoreException("it is no manifest: " + e.getMessage(), e);
        }
    }

    /// The fields of one flat object, whose values are strings or numbers.
    private static Map<String, String> fields(byte[] json) {
        Map<String, String> fields = new HashMap<>();
        try (JsonParser parser = Json.factory().createParser(ObjectReadContext.empty(), json)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new StoreException("it is no JSON object");
            }
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String field = parser.currentName();
                if (!parser.nextToken().isScalarValue()) {
                    throw new StoreException("field " + field + " is no plain value");
                }
                fields.put(field, parser.getString());
            }
            if (parser.nextToken() != null) {
                throw new StoreException("something follows the JSON object");
            }
        }
        return fields;
    }

    private static String take(Map<String, String> fields, String field) {
        String value = fields.remove(field);
        if (value == null) {
            throw new StoreException("field " + field + " is missing");
        }
        return value;
    }
}
