package autark.cli;

import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/// Standard input and output of the process, as the commands use them.
///
/// @param input bytes of standard input
/// @param inputIsTerminal whether a person types the input
/// @param output where results go, for commands that write bytes; others use picocli's writer
/// @param outputHasControls whether the output understands colours, and the user wants them
record Streams(
        InputStream input,
        boolean inputIsTerminal,
        OutputStream output,
        boolean outputHasControls) {
    /// Most bytes that a command takes from standard input.
    static final int INPUT_BYTES_MAX = 512 << 20;

    /// The streams of this process.
    static Streams ofProcess(Map<String, String> environment) {
        return new Streams(
                new FileInputStream(Terminal.INPUT.descriptor()),
                Terminal.INPUT.isPresent(),
                new FileOutputStream(Terminal.OUTPUT.descriptor()),
                Terminal.OUTPUT.hasControls(environment));
    }

    /// A writer of results: UTF-8 everywhere, also where the locale says nothing.
    PrintWriter writer() {
        return new PrintWriter(output, true, StandardCharsets.UTF_8);
    }

    /// All of standard input as text.
    ///
    /// @throws CommandException if it is too long or not UTF-8
    String inputText() throws IOException {
        return inputText(input.readNBytes(INPUT_BYTES_MAX + 1));
    }

    /// Bytes of standard input as text.
    ///
    /// @throws CommandException if they are too many or not UTF-8
    static String inputText(byte[] bytes) {
        if (bytes.length > INPUT_BYTES_MAX) {
            throw new CommandException(
                    "standard input: found more than %d bytes".formatted(INPUT_BYTES_MAX));
        }
        return text(bytes, "standard input");
    }

    /// Bytes as text, to the letter.
    ///
    /// @param source what they were read from, for the error
    /// @throws CommandException if they are not UTF-8
    static String text(byte[] bytes, String source) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length);
        CoderResult result =
                StandardCharsets.UTF_8
                        .newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .decode(in, out, true);
        if (result.isError()) {
            throw new CommandException(
                    "%s: found a byte that is not UTF-8 at offset %d"
                            .formatted(source, in.position()));
        }
        return out.flip().toString();
    }
}
