package autark.chip;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/// The memory that this process can have at most: what the machine has left, and what the limits of
/// its control groups (containers, services) allow.
///
/// Linux tells both in files. The JDK's own way to them, the management beans, takes the start of
/// the program tens of milliseconds, and calls memory that holds copies of files taken.
public final class AvailableMemory {
    private static final String GROUP_1 = ":memory:";
    private static final String GROUP_2 = "0::";
    private static final long BYTES_PER_KIBIBYTE = 1024;

    private AvailableMemory() {}

    /// Bytes, or nothing where the system does not tell.
    public static OptionalLong bytes() {
        return bytes(Path.of("/"));
    }

    /// @param root the folder that holds `proc` and `sys`
    static OptionalLong bytes(Path root) {
        List<String> memory = lines(root.resolve("proc/meminfo"));
        if (memory.isEmpty()) {
            return OptionalLong.empty();
        }
        long available = kibibytes(memory, "MemAvailable:") + kibibytes(memory, "SwapFree:");
        return OptionalLong.of(Math.min(available * BYTES_PER_KIBIBYTE, groupLimit(root)));
    }

    /// The number of a line like `MemAvailable: 23975640 kB`, 0 if there is none.
    private static long kibibytes(List<String> lines, String name) {
        for (String line : lines) {
            if (line.startsWith(name)) {
                String digits = line.substring(name.length()).replace("kB", "").strip();
                return number(digits);
            }
        }
        return 0;
    }

    private static long groupLimit(Path root) {
        Path groups = root.resolve("sys/fs/cgroup");
        long least = Long.MAX_VALUE;
        for (String line : lines(root.resolve("proc/self/cgroup"))) {
            int first = line.indexOf(GROUP_1);
            if (line.startsWith(GROUP_2)) {
                String group = line.substring(GROUP_2.length());
                least = Math.min(least, leastLimit(groups, group, "memory.max"));
            } else if (first > 0) {
                String group = line.substring(first + GROUP_1.length());
                Path memory = groups.resolve("memory");
                least = Math.min(least, leastLimit(memory, group, "memory.limit_in_bytes"));
            }
        }
        return least;
    }

    /// The least limit of a group and those around it. Inside a container the path of the group may
    /// be that of the world outside; its own limit then lies at the top.
    private static long leastLimit(Path top, String group, String file) {
        Path folder = top.resolve(group.substring(Math.min(1, group.length()))).normalize();
        if (!folder.startsWith(top)) {
            folder = top;
        }
        long least = Long.MAX_VALUE;
        Path inside = top.relativize(folder);
        for (int depth = inside.getNameCount(); depth >= 0; depth--) {
            Path around = depth == 0 ? top : top.resolve(inside.subpath(0, depth));
            for (String line : lines(around.resolve(file))) {
                least = Math.min(least, number(line.strip()));
            }
        }
        return least;
    }

    /// A number; the word `max` and what is too large mean no limit.
    private static long number(String digits) {
        try {
            return Long.parseLong(digits);
        } catch (NumberFormatException e) {
            return Long.MAX_VALUE;
        }
    }

    /// The lines of a small file, none if it is not there or may not be read.
    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            return List.of();
        }
    }
}
