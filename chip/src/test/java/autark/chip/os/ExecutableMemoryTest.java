package autark.chip.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import autark.chip.asm.Gpr;
import autark.chip.asm.Mem;
import autark.chip.asm.X86Assembler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
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
        ChildJvm child = ChildJvm.run(Writer.class);
        assertThat(child.exitCode()).as(child.output()).isNotZero();
        assertThat(child.output()).contains("sealed").contains("SIGSEGV").doesNotContain("written");
    }

    /// Seals many codes while another thread reads the list of mappings, once at least between any
    /// two calls of the system, and tells what became writable and executable at once.
    static final class Watcher {
        private static final int SEAL_COUNT = 40;

        private final Set<String> baseline = writableAndExecutable();
        private final Set<String> found = ConcurrentHashMap.newKeySet();
        private final AtomicInteger samples = new AtomicInteger();
        private volatile boolean done;

        /// The property `protection` is what pages are mapped with, for a test of the watcher.
        public static void main(String[] arguments) throws InterruptedException {
            long protection = Long.getLong("protection", 3);
            new Watcher().watch(protection);
        }

        private void watch(long protection) throws InterruptedException {
            Thread sampler = Thread.ofPlatform().start(this::sample);
            NativeCalls system = new NativeCalls();
            SystemCalls watched =
                    (function, arguments) -> {
                        if (function.equals("mmap")) {
                            arguments[2] = protection;
                        }
                        SystemCalls.Result result = system.call(function, arguments);
                        awaitSample();
                        return result;
                    };
            CodePages pages = CodePages.of("Linux", System.getProperty("os.arch"), watched);
            for (int i = 0; i < SEAL_COUNT; i++) {
                ExecutableMemory.seal(List.of(storesFortyTwo(), storesFortyTwo()), pages);
                ExecutableMemory.seal(storesFortyTwo());
            }
            done = true;
            sampler.join();
            System.out.println("samples " + samples.get() + ", found " + found);
        }

        private void awaitSample() {
            // The sample that runs may have passed the new pages already; the next one has not.
            int wanted = samples.get() + 2;
            while (samples.get() < wanted) {
                Thread.onSpinWait();
            }
        }

        private void sample() {
            while (!done) {
                Set<String> mappings = writableAndExecutable();
                mappings.removeAll(baseline);
                found.addAll(mappings);
                samples.incrementAndGet();
            }
        }

        private static Set<String> writableAndExecutable() {
            try {
                Set<String> result = new HashSet<>();
                for (String map : Files.readAllLines(Path.of("/proc/self/maps"))) {
                    String[] fields = map.split(" ", 3);
                    if (fields[1].contains("w") && fields[1].contains("x")) {
                        result.add(fields[0]);
                    }
                }
                return result;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /// The virtual machine's own code is writable and executable; at a fixed size its mappings stay
    /// what they are.
    private static ChildJvm watch(int protection) throws IOException, InterruptedException {
        return ChildJvm.run(
                Watcher.class,
                "-Dprotection=" + protection,
                "-XX:InitialCodeCacheSize=32m",
                "-XX:ReservedCodeCacheSize=32m",
                "-XX:-SegmentedCodeCache");
    }

    @Test
    void noMappingIsEverWritableAndExecutableWhileKernelsAreSealed()
            throws IOException, InterruptedException {
        assertThat(watch(3).output()).matches("(?s)samples \\d+, found \\[]\\s*");
    }

    @Test
    void aMappingThatIsBothForAMomentWouldBeSeen() throws IOException, InterruptedException {
        assertThat(watch(7).output()).matches("(?s)samples \\d+, found \\[\\p{XDigit}+-.*]\\s*");
    }
}
