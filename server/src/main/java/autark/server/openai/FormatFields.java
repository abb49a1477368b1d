package autark.server.openai;

import autark.engine.Format;
import autark.server.http.ApiException;
import autark.server.http.Fields;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// Reads what an answer has to look like.
final class FormatFields {
    private static final int CHOICES_MAX = 1024;

    /// How vLLM and llama-server call what OpenAI has no word for.
    private static final List<String> GUIDED =
            List.of("guided_json", "guided_regex", "guided_choice", "guided_grammar", "grammar");

    private FormatFields() {}

    /// The format that `response_format`, or one of the fields of other servers, asks for.
    ///
    /// @throws ApiException if it cannot be honoured
    static Format read(Fields body) {
        Optional<Fields> standard = body.object("response_format");
        Format format = new Format.Free();
        String used = "";
        if (standard.isPresent()) {
            used = "response_format";
            Fields wanted = standard.get();
            format = nested(wanted);
        }
        for (String name : GUIDED) {
            if (!body.has(name)) {
                continue;
            }
            if (!used.isEmpty()) {
                throw body.invalid(name, "found it beside %s, expected one".formatted(used));
            }
            used = name;
            format = guided(body, name);
        }
        return used.isEmpty() ? format : checked(body, used, format);
    }

    /// The format that `text.format` of a response asks for, whose schema stands beside its type.
    static Format flat(Fields text) {
        Optional<Fields> wanted = text.object("format");
        if (wanted.isEmpty()) {
            return new Format.Free();
        }
        Fields format = wanted.get();
        Format read =
                switch (type(format)) {
                    case "json_object" -> new Format.JsonObject();
                    case "json_schema" -> schema(format);
                    default -> new Format.Free();
                };
        format.end();
        return checked(text, "format", read);
    }

    private static Format nested(Fields wanted) {
        Format format =
                switch (type(wanted)) {
                    case "json_object" -> new Format.JsonObject();
                    case "json_schema" -> {
                        Fields schema =
                                wanted.object("json_schema")
                                        .orElseThrow(() -> wanted.missing("json_schema"));
                        Format read = schema(schema);
                        schema.end();
                        yield read;
                    }
                    default -> new Format.Free();
                };
        wanted.end();
        return format;
    }

    private static String type(Fields wanted) {
        return wanted.word("type", Set.of("text", "json_object", "json_schema"))
                .orElseThrow(() -> wanted.missing("type"));
    }

    private static Format schema(Fields schema) {
        schema.requiredText("name");
        schema.text("description");
        schema.flag("strict"); // always
        JsonNode source = schema.any("schema").orElseThrow(() -> schema.missing("schema"));
        return new Format.JsonSchema(source.toString());
    }

    private static Format guided(Fields body, String name) {
        return switch (name) {
            case "guided_json" -> {
                JsonNode schema = body.any(name).orElseThrow();
                yield new Format.JsonSchema(
                        schema.isString() ? schema.stringValue() : schema.toString());
            }
            case "guided_regex" -> new Format.Pattern(body.requiredText(name));
            case "guided_choice" -> new Format.Gbnf("root ::= " + choice(body, name));
            default -> new Format.Gbnf(body.requiredText(name));
        };
    }

    /// The texts as alternatives, each in the quotes that GBNF shares with JSON.
    private static String choice(Fields body, String name) {
        List<String> texts = new ArrayList<>();
        for (String text : body.texts(name, CHOICES_MAX)) {
            texts.add(quoted(text));
        }
        if (texts.isEmpty()) {
            throw body.invalid(name, "found no text, expected at least one");
        }
        return String.join(" | ", texts);
    }

    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char unit = text.charAt(i);
            switch (unit) {
                case '"', '\\' -> quoted.append('\\').append(unit);
                case '\n' -> quoted.append("\\n");
                case '\r' -> quoted.append("\\r");
                case '\t' -> quoted.append("\\t");
                default -> quoted.append(unit);
            }
        }
        return quoted.append('"').toString();
    }

    private static Format checked(Fields body, String name, Format format) {
        return Checked.at(
                body,
                name,
                () -> {
                    format.check();
                    return format;
                });
    }
}
