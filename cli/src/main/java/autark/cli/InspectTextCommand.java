package autark.cli;

import autark.engine.Json;
import autark.text.token.Tokenizer;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;

/// `autark inspect text`: token ids to text.
@Command(
        name = "text",
        description = {
            "Turns JSON arrays of token ids on standard input into their text.",
            "The bytes of the tokens are written as they are, one array after the other."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  autark inspect text smollm2:135m < ids.json",
            "  autark inspect text model.gguf --json-lines < ids.jsonl",
        })
final class InspectTextCommand implements Callable<Integer> {
    /// Tokens of one array.
    private static final int TOKEN_COUNT_MAX = 1 << 26;

    private final Streams streams;

    @Parameters(paramLabel = "MODEL", description = "A name in the store or a file.")
    private ModelArgument model;

    @Option(
            names = "--json-lines",
            description = {
                "Write each array's text as a JSON string on a line of its own;",
                "bytes that are no character show as U+FFFD."
            })
    private boolean jsonLines;

    InspectTextCommand(Streams streams) {
        this.streams = streams;
    }

    @Override
    public Integer call() throws IOException {
        Tokenizer tokenizer = InspectTokensCommand.tokenizer(model);
        OutputStream out = streams.output();
        String input = streams.inputText();
        try (JsonParser parser = Json.factory().createParser(ObjectReadContext.empty(), input)) {
            while (parser.nextToken() != null) {
                byte[] text = tokenizer.decode(array(parser));
                out.write(jsonLines ? line(text) : text);
            }
        } catch (JacksonException e) {
            throw new CommandException("standard input: found no JSON: " + e.getOriginalMessage());
        }
        out.flush();
        return ExitCode.OK;
    }

    private static int[] array(JsonParser parser) {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            throw new CommandException("standard input: expected JSON arrays of token ids");
        }
        int[] tokens = new int[16];
        int count = 0;
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (parser.currentToken() != JsonToken.VALUE_NUMBER_INT || count == TOKEN_COUNT_MAX) {
                throw new CommandException(
                        "standard input: expected JSON arrays of at most %d token ids"
                                .formatted(TOKEN_COUNT_MAX));
            }
            if (count == tokens.length) {
                tokens = Arrays.copyOf(tokens, 2 * count);
            }
            tokens[count++] = parser.getIntValue();
        }
        return Arrays.copyOf(tokens, count);
    }

    private static byte[] line(byte[] text) {
        String string = new String(text, StandardCharsets.UTF_8);
        return (Json.mapper().writeValueAsString(string) + "\n").getBytes(StandardCharsets.UTF_8);
    }
}
