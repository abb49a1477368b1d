package autark.cli;

import autark.engine.EngineException;
import autark.engine.Format;
import autark.text.grammar.GrammarException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// What an answer has to look like; one of them at most.
final class FormatArguments {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(names = "--json-object", description = "The answer is a JSON object.")
    private boolean jsonObject;

    @Option(
            names = "--json-schema",
            paramLabel = "FILE|JSON",
            description = "The answer is JSON that this JSON Schema describes.")
    private @Nullable String jsonSchema;

    @Option(
            names = "--grammar",
            paramLabel = "FILE",
            description = "The answer is a text of this grammar, in GBNF as llama.cpp has it.")
    private @Nullable Path grammar;

    @Option(
            names = "--pattern",
            paramLabel = "REGEX",
            description = "The answer is a text that this regular expression matches as a whole.")
    private @Nullable String pattern;

    /// The format once it was read: what is piped in can be read once only.
    private @Nullable Format known;

    /// The format that the user asks for.
    ///
    /// @throws ParameterException if there are several, or if it cannot be enforced
    /// @throws CommandException if a file is no text or too long
    Format format() throws IOException {
        if (known == null) {
            known = checked(asked());
        }
        return known;
    }

    private Format checked(Format format) {
        try {
            format.check();
            return format;
        } catch (GrammarException | EngineException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    private Format asked() throws IOException {
        List<Format> asked = new ArrayList<>();
        if (jsonObject) {
            asked.add(new Format.JsonObject());
        }
        if (jsonSchema != null) {
            asked.add(new Format.JsonSchema(schema(jsonSchema)));
        }
        if (grammar != null) {
            asked.add(new Format.Gbnf(read(grammar)));
        }
        if (pattern != null) {
            asked.add(new Format.Pattern(pattern));
        }
        if (asked.size() > 1) {
            throw new ParameterException(
                    spec.commandLine(),
                    "found %d formats, expected one of --json-object, --json-schema, --grammar, --pattern"
                            .formatted(asked.size()));
        }
        return asked.isEmpty() ? new Format.Free() : asked.getFirst();
    }

    /// A schema is an object, or true or false; everything else is the name of a file.
    private static String schema(String text) throws IOException {
        String stripped = text.strip();
        boolean inline =
                stripped.startsWith("{") || stripped.equals("true") || stripped.equals("false");
        return inline ? text : read(Path.of(text));
    }

    private static String read(Path file) throws IOException {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(Format.SOURCE_CHARS_MAX + 1);
        }
        if (bytes.length > Format.SOURCE_CHARS_MAX) {
            throw new CommandException(
                    "%s: found more than %d bytes, expected a format of at most as many"
                            .formatted(file, Format.SOURCE_CHARS_MAX));
        }
        return Streams.text(bytes, file.toString());
    }
}
