package autark.chip.asm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// Instructions as text for an assembler of binutils, and the bytes that ours makes of them.
final class Listing {
    /// An assembler of binutils.
    ///
    /// @param prefix of the names of its programs
    /// @param debianPackage that has it
    record Binutils(String prefix, String debianPackage, List<String> options) {
        static final Binutils X86_64 = new Binutils("", "binutils", List.of("--64"));
        static final Binutils AARCH64 =
                new Binutils(
                        "aarch64-linux-gnu-",
                        "binutils-aarch64-linux-gnu",
                        List.of("-march=armv8.2-a+dotprod"));
    }

    private final List<String> texts = new ArrayList<>();
    private final List<byte[]> codes = new ArrayList<>();

    /// Adds one instruction, or several in lines.
    void add(String text, byte[] code) {
        texts.add(text);
        codes.add(code);
    }

    /// An arrangement as binutils spells it.
    static String name(Arrangement a) {
        String name = a.name().toLowerCase(Locale.ROOT);
        return name.substring(1) + name.charAt(0);
    }

    /// Checks that binutils makes the same bytes.
    void check(Binutils binutils, Path folder) throws IOException, InterruptedException {
        byte[] expected = assemble(binutils, folder);
        int offset = 0;
        for (int i = 0; i < texts.size(); i++) {
            byte[] code = codes.get(i);
            byte[] found = Arrays.copyOfRange(expected, offset, offset + code.length);
            assertThat(code).as(texts.get(i)).isEqualTo(found);
            offset += code.length;
        }
        assertThat(expected).hasSize(offset);
    }

    private byte[] assemble(Binutils binutils, Path folder)
            throws IOException, InterruptedException {
        Path source = folder.resolve("code.s");
        Path object = folder.resolve("code.o");
        Path binary = folder.resolve("code.bin");
        Files.write(source, texts);
        List<String> command = new ArrayList<>(List.of(binutils.prefix() + "as"));
        command.addAll(binutils.options());
        command.addAll(List.of(source.toString(), "-o", object.toString()));
        run(binutils, command);
        run(
                binutils,
                List.of(
                        binutils.prefix() + "objcopy",
                        "-O",
                        "binary",
                        "-j",
                        ".text",
                        object.toString(),
                        binary.toString()));
        return Files.readAllBytes(binary);
    }

    private static void run(Binutils binutils, List<String> command)
            throws IOException, InterruptedException {
        Process process = start(binutils, command);
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as("%s: %s", String.join(" ", command), output).isZero();
    }

    private static Process start(Binutils binutils, List<String> command) {
        try {
            return new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException e) {
            throw new AssertionError(
                    "found no program %s; install the package %s"
                            .formatted(command.getFirst(), binutils.debianPackage()),
                    e);
        }
    }
}
