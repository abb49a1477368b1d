package autark.cli;

import autark.engine.Json;
import autark.model.file.Gguf;
import autark.model.file.GgufTokenizer;
import autark.text.token.Tokenizer;
import autark.text.token.Tokenizer.Specials;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringReader;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;

/// `autark inspect tokens`: text to token ids.
@Command(
        name = "tokens",
        description = {
            "Turns the text of standard input into a JSON array of token ids.",
            "The text is taken to the letter; no begin-of-sequence token is added."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  autark inspect tokens smollm2:135m < text.txt",
            "  autark inspect tokens model.gguf --json-lines < texts.jsonl",
        })
final class InspectTokensCommand implements Callable<Integer> {
    private final Streams streams;

    @Spec private CommandSpec spec;

    @Parameters(paramLabel = "MODEL", description = "A name in the store or a file.")
    private ModelArgument model;

    @Option(
            names = "--special",
            description = "Names of control tokens in the text become those tokens.")
    private boolean special;

    @Option(
            names = "--json-lines",
            description = "Each input line is a JSON string and gives one output line.")
    private boolean jsonLines;

    InspectTokensCommand(Streams streams) {
        this.streams = streams;
    }

    @Override
    public Integer call() throws IOException {
        Tokenizer tokenizer = tokenizer(model);
        Specials specials = special ? Specials.PARSED : Specials.AS_TEXT;
        PrintWriter out = spec.commandLine().getOut();
        String text = streams.inputText();
        if (jsonLines) {
            BufferedReader lines = new BufferedReader(new StringReader(text));
            int number = 1;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                out.println(json(tokenizer.encode(string(line, number++), specials)));
            }
        } else {
            out.println(json(tokenizer.encode(text, specials)));
        }
        out.flush();
        return ExitCode.OK;
    }

    /// The tokenizer of a model, without its weights.
    static Tokenizer tokenizer(ModelArgument model) {
        try (Gguf file = Gguf.open(model.file())) {
            return GgufTokenizer.spec(file)
                    .map(Tokenizer::of)
                    .orElseThrow(() -> new CommandException(model.text() + " has no vocabulary"));
        }
    }

    private static String string(String line, int number) {
        try (JsonParser parser = Json.factory().createParser(ObjectReadContext.empty(), line)) {
            if (parser.nextToken() == JsonToken.VALUE_STRING) {
                String text = parser.getString();
                if (parser.nextToken() == null) {
                    return text;
                }
            }
        } catch (JacksonException e) {
            throw new CommandException(
                    "line %d: found no JSON: %s".formatted(number, e.getOriginalMessage()));
        }
        throw new CommandException("line %d: expected one JSON string".formatted(number));
    }

    private static String json(int[] tokens) {
        StringBuilder text = new StringBuilder("[");
        for (int token : tokens) {
            text.append(text.length() == 1 ? "" : ",").append(token);
        }
        return text.append(']').toString();
    }
}
