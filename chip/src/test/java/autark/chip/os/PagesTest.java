package autark.chip.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import autark.chip.os.SystemCalls.Result;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PagesTest {
    private static final long HUGE_PAGE = 2 << 20;

    @Test
    void memoryComesAsZerosAtTheStartOfAHugePageAndCanBeWritten() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = Pages.allocate(3 * HUGE_PAGE + 5, arena);
            assertThat(memory.address() % HUGE_PAGE).isZero();
            assertThat(memory.byteSize()).isEqualTo(3 * HUGE_PAGE + 5);
            assertThat(memory.get(ValueLayout.JAVA_BYTE, 3 * HUGE_PAGE + 4)).isZero();
            memory.fill((byte) 7);
            assertThat(memory.get(ValueLayout.JAVA_BYTE, 3 * HUGE_PAGE + 4)).isEqualTo((byte) 7);
        }
    }

    @Test
    void whatWasMappedIsUnmappedWithTheArena() {
        List<String> calls = new ArrayList<>();
        SystemCalls system =
                (function, arguments) -> {
                    calls.add(function + " " + arguments[0] + " " + arguments[1]);
                    return new Result(function.equals("mmap") ? HUGE_PAGE + 4096 : 0, 0);
                };
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = Pages.allocate(100, arena, system);
            assertThat(memory.address()).isEqualTo(2 * HUGE_PAGE);
        }
        assertThat(calls)
                .containsExactly(
                        "mmap 0 " + (HUGE_PAGE + 100),
                        "madvise " + 2 * HUGE_PAGE + " 100",
                        "munmap " + (HUGE_PAGE + 4096) + " " + (HUGE_PAGE + 100));
    }

    @Test
    void aSystemWithoutMemoryIsTold() {
        try (Arena arena = Arena.ofConfined()) {
            assertThatThrownBy(() -> Pages.allocate(100, arena, (_, _) -> new Result(-1, 12)))
                    .isInstanceOf(OutOfMemoryError.class)
                    .hasMessage("found no room for 100 bytes: mmap failed with error 12");
        }
    }
}
