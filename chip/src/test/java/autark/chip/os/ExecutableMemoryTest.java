package autark.chip.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import autark.chip.asm.Gpr;
import autark.chip.asm.Mem;
import autark.chip.asm.X86Assembler;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExecutableMemoryTest {
    private static byte[] storesFortyTwo() {
        X86Assembler asm = new X86Assembler();
        asm.mov(Gpr.RAX, 42);
        asm.mov(Mem.at(Gpr.RDI, 0), Gpr.RAX);
        asm.ret();
        return asm.toBytes();
    }

    @Test
    void sealedCodeRuns() {
        MemorySegment code = ExecutableMemory.seal(storesFortyTwo());
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment result = arena.allocate(8, 8);
            CodeCall.call(code, result.address(), 0, 0, 0, 0, 0);
            assertThat(result.get(ValueLayout.JAVA_LONG, 0)).isEqualTo(42);
        }
    }

    @Test
    void noPageIsEverWritableAndExecutable() throws IOException {
        for (int i = 0; i < 50; i++) {
            MemorySegment code = ExecutableMemory.seal(storesFortyTwo());
            assertThat(permissions(code.address())).isEqualTo("r-xp");
            assertThatThrownBy(() -> code.set(ValueLayout.JAVA_BYTE, 0, (byte) 0))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    private static String permissions(long address) throws IOException {
        List<String> maps = Files.readAllLines(Path.of("/proc/self/maps"));
        for (String map : maps) {
            String[] range = map.substring(0, map.indexOf(' ')).split("-", 2);
            long from = Long.parseUnsignedLong(range[0], 16);
            long to = Long.parseUnsignedLong(range[1], 16);
            if (from <= address && address < to) {
                return map.substring(map.indexOf(' ') + 1, map.indexOf(' ') + 5);
            }
        }
        throw new AssertionError("found no mapping of " + address + " in " + maps);
    }

    /// Writes to a sealed page as hostile code would, past the read-only segment.
    static final class Writer {
        private Writer() {}

        @SuppressWarnings("restricted")
        public static void main(String[] arguments) {
            MemorySegment code = ExecutableMemory.seal(storesFortyTwo());
            System.out.println("sealed");
            MemorySegment.ofAddress(code.address())
                    .reinterpret(8)
                    .set(ValueLayout.JAVA_BYTE, 0, (byte) 0xC3);
            System.out.println("written");
        }
    }

    @Test
    void writingToASealedPageEndsTheProcess() throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("sealed");
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:-CreateCoredumpOnCrash",
                                "-XX:ErrorFile=" + folder.resolve("error.log"),
                                "--enable-native-access=ALL-UNNAMED",
                                "-cp",
                                classPath(),
                                Writer.class.getName())
                        .redirectErrorStream(true)
                        .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isNotZero();
        assertThat(output).contains("sealed").contains("SIGSEGV").doesNotContain("written");
    }

    private static String classPath() {
        return String.join(
                System.getProperty("path.separator"), "target/classes", "target/test-classes");
    }
}
