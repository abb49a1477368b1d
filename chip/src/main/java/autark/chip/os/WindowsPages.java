package autark.chip.os;

import autark.chip.os.SystemCalls.Result;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Pages by `VirtualAlloc` and `VirtualProtect`: Windows. A process whose policy blocks dynamic
/// code is refused by `VirtualProtect`.
record WindowsPages(SystemCalls calls) implements CodePages {
    private static final long PAGE_READWRITE = 0x04;
    private static final long PAGE_EXECUTE_READ = 0x20;
    private static final long MEM_COMMIT_RESERVE = 0x3000;
    private static final long MEM_RELEASE = 0x8000;

    @Override
    public long map(long bytes) {
        Result result = calls.call("VirtualAlloc", 0, bytes, MEM_COMMIT_RESERVE, PAGE_READWRITE);
        if (result.value() == 0) {
            throw new ExecutionDeniedException("VirtualAlloc", result.error());
        }
        return result.value();
    }

    @Override
    public void seal(long address, long bytes) {
        try (Arena arena = Arena.ofConfined()) {
            // The system insists on telling the protection that was.
            MemorySegment former = arena.allocate(ValueLayout.JAVA_INT);
            check(
                    "VirtualProtect",
                    calls.call(
                            "VirtualProtect", address, bytes, PAGE_EXECUTE_READ, former.address()));
        }
        long process = calls.call("GetCurrentProcess").value();
        check(
                "FlushInstructionCache",
                calls.call("FlushInstructionCache", process, address, bytes));
    }

    private static void check(String function, Result result) {
        if ((int) result.value() == 0) {
            throw new ExecutionDeniedException(function, result.error());
        }
    }

    @Override
    public void unmap(long address, long bytes) {
        // Releasing takes the size 0 and gives back all of the allocation.
        calls.call("VirtualFree", address, 0, MEM_RELEASE);
    }
}
