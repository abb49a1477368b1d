package autark.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import picocli.CommandLine;

/// What a command did.
///
/// @param exitCode its exit code
/// @param output what it wrote to standard output
/// @param err what it wrote to standard error
@SuppressWarnings("ArrayRecordComponent") // never compared
record CommandRun(int exitCode, byte[] output, String err) {
    /// Runs a command inside this process, without input.
    static CommandRun of(Map<String, String> environment, String... arguments) {
        return withInput(new byte[0], environment, arguments);
    }

    /// Runs a command inside this process.
    static CommandRun withInput(
            byte[] input, Map<String, String> environment, String... arguments) {
        return on(new ByteArrayInputStream(input), false, environment, arguments);
    }

    /// Runs a command inside this process as if a person sat at input and output.
    static CommandRun atTerminal(
            String typed, Map<String, String> environment, String... arguments) {
        byte[] input = typed.getBytes(StandardCharsets.UTF_8);
        return on(new ByteArrayInputStream(input), true, environment, arguments);
    }

    private static CommandRun on(
            InputStream input,
            boolean atTerminal,
            Map<String, String> environment,
            String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        StringWriter err = new StringWriter();
        Streams streams = new Streams(input, atTerminal, out, atTerminal);
        CommandLine commandLine = Autark.commandLine(environment, streams, Autark.meant(arguments));
        commandLine.setErr(new PrintWriter(err, true));
        int exitCode = commandLine.execute(arguments);
        commandLine.getOut().flush();
        return new CommandRun(exitCode, out.toByteArray(), err.toString());
    }

    /// Standard output as text.
    String out() {
        return new String(output, StandardCharsets.UTF_8);
    }
}
