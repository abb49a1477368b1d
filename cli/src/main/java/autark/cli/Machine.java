package autark.cli;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// The machine under the program, as far as Java and the file system tell.
///
/// @param java the running Java: version, maker, folder
/// @param system the operating system
/// @param processor its name
/// @param features instructions that matter here, as the operating system names them; empty where
///   it does not tell
/// @param memoryBytes what the machine has
/// @param heapBytes what Java's heap may take of it
record Machine(
        String java,
        String system,
        String processor,
        List<String> features,
        long memoryBytes,
        long heapBytes) {
    private static final Path CPU_INFO = Path.of("/proc/cpuinfo");
    private static final Set<String> KNOWN_FEATURES =
            Set.of(
                    "avx2",
                    "fma",
                    "f16c",
                    "avx512f",
                    "avx512bw",
                    "avx512vl",
                    "avx512_vnni",
                    "avx_vnni",
                    "avx512_bf16",
                    "amx_int8",
                    "asimd",
                    "asimddp",
                    "i8mm",
                    "bf16",
                    "sve",
                    "sve2");

    static Machine ofProcess() throws IOException {
        Map<String, String> processor = cpuInfo();
        String flags = processor.getOrDefault("flags", processor.getOrDefault("Features", ""));
        return new Machine(
                "%s, %s, %s"
                        .formatted(
                                Runtime.version(),
                                System.getProperty("java.vendor"),
                                System.getProperty("java.home")),
                "%s %s, %s"
                        .formatted(
                                System.getProperty("os.name"),
                                System.getProperty("os.version"),
                                System.getProperty("os.arch")),
                processor.getOrDefault("model name", System.getProperty("os.arch")),
                List.copyOf(
                        Arrays.stream(flags.split(" ", -1))
                                .filter(KNOWN_FEATURES::contains)
                                .collect(Collectors.toCollection(TreeSet::new))),
                totalMemory(),
                Runtime.getRuntime().maxMemory());
    }

    /// What Linux says of its first processor.
    private static Map<String, String> cpuInfo() throws IOException {
        if (!Files.isReadable(CPU_INFO)) {
            return Map.of();
        }
        return Files.readString(CPU_INFO)
                .lines()
                .takeWhile(line -> !line.isEmpty())
                .map(line -> line.split("\\s*:\\s*", 2))
                .filter(pair -> pair.length == 2)
                .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1], (first, _) -> first));
    }

    /// Bytes that the machine, or the container around the program, has; 0 if Java does not know.
    static long totalMemory() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
                ? system.getTotalMemorySize()
                : 0;
    }
}
