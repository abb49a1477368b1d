package autark.chip;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AvailableMemoryTest {
    private static final long GIB = 1L << 30;

    @TempDir private Path root;

    @BeforeEach
    void fourGibibytesAreLeft() throws IOException {
        write("proc/meminfo", "MemTotal: 9 kB\nMemAvailable:   3145728 kB\nSwapFree: 1048576 kB\n");
    }

    @Test
    void withoutLimitsItIsWhatTheMachineHasLeft() throws IOException {
        assertThat(AvailableMemory.bytes(root)).hasValue(4 * GIB);
        write("proc/self/cgroup", "0::/\n");
        write("sys/fs/cgroup/memory.max", "max\n");
        assertThat(AvailableMemory.bytes(root)).hasValue(4 * GIB);
    }

    @Test
    void theLeastLimitOfAllGroupsAroundCounts() throws IOException {
        write("proc/self/cgroup", "0::/a/b\n");
        write("sys/fs/cgroup/a/b/memory.max", "max\n");
        write("sys/fs/cgroup/a/memory.max", GIB + "\n");
        write("sys/fs/cgroup/memory.max", 2 * GIB + "\n");
        assertThat(AvailableMemory.bytes(root)).hasValue(GIB);
    }

    @Test
    void theFirstVersionOfGroupsCountsAsWell() throws IOException {
        write("proc/self/cgroup", "5:devices:/\n4:memory:/a\n0::/\n");
        write("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
        write("sys/fs/cgroup/memory/a/memory.limit_in_bytes", GIB + "\n");
        assertThat(AvailableMemory.bytes(root)).hasValue(GIB);
    }

    @Test
    void aGroupOfTheWorldOutsideEndsAtTheTop() throws IOException {
        write("sys/fs/cgroup/memory.max", GIB + "\n");
        for (String group : new String[] {"0::/no/such/group\n", "0::/../..\n", "0::\n"}) {
            write("proc/self/cgroup", group);
            assertThat(AvailableMemory.bytes(root)).as(group).hasValue(GIB);
        }
    }

    @Test
    void aSystemThatDoesNotTellGivesNothing() throws IOException {
        Files.delete(root.resolve("proc/meminfo"));
        assertThat(AvailableMemory.bytes(root)).isEmpty();
    }

    private void write(String path, String text) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
