package autark.cli;

import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/// A standard stream, and whether a person sits at it.
///
/// @param number its number in the operating system
/// @param descriptor the stream
record Terminal(int number, FileDescriptor descriptor) {
    static final Terminal INPUT = new Terminal(0, FileDescriptor.in);
    static final Terminal OUTPUT = new Terminal(1, FileDescriptor.out);
    static final Terminal ERROR = new Terminal(2, FileDescriptor.err);

    /// Writes text to the stream: UTF-8 everywhere, also where the locale says nothing.
    PrintWriter writer() {
        return new PrintWriter(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
    }

    /// Whether the stream belongs to a terminal.
    ///
    /// Java tells it for input and output together only, so Linux is asked by its file system.
    boolean isPresent() {
        Path link = Path.of("/proc/self/fd/" + number);
        if (Files.isSymbolicLink(link)) {
            try {
                String target = Files.readSymbolicLink(link).toString();
                return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
            } catch (IOException e) {
                return false;
            }
        }
        return Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
    }

    /// Whether the stream understands colours and cursor movements, and the user wants them.
    boolean hasControls(Map<String, String> environment) {
        return isPresent()
                && !environment.getOrDefault("TERM", "dumb").equals("dumb")
                && environment.getOrDefault("NO_COLOR", "").isEmpty();
    }
}
