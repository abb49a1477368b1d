package autark.cli;

import autark.model.file.Gguf;
import autark.model.file.TensorInfo;
import autark.model.file.TensorRows;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `autark inspect tensor`: the stored weights as floats.
@Command(
        name = "tensor",
        description = {
            "Writes rows of a tensor as the floats that its stored elements stand for.",
            "The file holds little-endian 32-bit floats, [rows, columns]."
        },
        footerHeading = "%nExamples:%n",
        footer =
                "  autark inspect tensor smollm2:135m blk.0.ffn_up.weight --rows 0-1 --output"
                        + " rows.f32")
final class InspectTensorCommand implements Callable<Integer> {
    private static final Pattern ROWS = Pattern.compile("(\\d{1,18})-(\\d{1,18})");

    @Parameters(index = "0", paramLabel = "MODEL", description = "A name in the store or a file.")
    private ModelArgument model;

    @Parameters(index = "1", paramLabel = "NAME", description = "The tensor.")
    private String name;

    @Option(
            names = "--rows",
            required = true,
            paramLabel = "A-B",
            description = "The first and the last row, counted from 0.")
    private String rows;

    @Option(
            names = "--output",
            required = true,
            paramLabel = "FILE",
            description = "The file to write.")
    private Path output;

    @Override
    public Integer call() throws IOException {
        try (Gguf file = Gguf.open(model.file())) {
            TensorInfo tensor =
                    file.tensor(name)
                            .orElseThrow(() ->
                                    new CommandException(
                                            "%s has no tensor %s".formatted(model.text(), name)));
            Matcher range = ROWS.matcher(rows);
            if (!range.matches()) {
                throw new CommandException(
                        "--rows: found %s, expected two numbers like 0-1".formatted(rows));
            }
            write(file, tensor, Long.parseLong(range.group(1)), Long.parseLong(range.group(2)));
        }
        return ExitCode.OK;
    }

    private void write(Gguf file, TensorInfo tensor, long first, long last) throws IOException {
        if (first > last || last >= tensor.rows()) {
            throw new CommandException(
                    "--rows: found %d-%d, expected within 0-%d"
                            .formatted(first, last, tensor.rows() - 1));
        }
        TensorRows reader = new TensorRows(file, tensor);
        float[] row = new float[Math.toIntExact(tensor.columns())];
        try (OutputFile floats = OutputFile.create(output)) {
            for (long index = first; index <= last; index++) {
                reader.read(index, row);
                floats.write(row, row.length);
            }
            floats.commit();
        }
    }
}
