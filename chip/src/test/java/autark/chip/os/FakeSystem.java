package autark.chip.os;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/// A system that keeps a list of its calls, gives plain memory for pages, and refuses what it is
/// told to refuse.
final class FakeSystem implements SystemCalls {
    static final int ERROR = 13;
    static final long PROCESS = -1;

    private static final Set<String> MAPS = Set.of("mmap", "VirtualAlloc");
    private static final Set<String> PROTECTS = Set.of("mprotect", "VirtualProtect");

    private final String refused;
    private final List<String> calls = new ArrayList<>();
    private final MemorySegment pages = Arena.ofAuto().allocate(1 << 16, 1 << 12);
    private String sealed = "";

    /// @param refused the function that fails, empty for none
    FakeSystem(String refused) {
        this.refused = refused;
    }

    /// All calls so far, with arguments; the address of the pages reads `pages`.
    List<String> calls() {
        return calls;
    }

    long address() {
        return pages.address();
    }

    /// The first bytes of the pages when they were sealed.
    String sealed() {
        return sealed;
    }

    @Override
    public Result call(String function, long... arguments) {
        List<String> shown = new ArrayList<>();
        for (long argument : arguments) {
            shown.add(argument == pages.address() ? "pages" : Long.toHexString(argument));
        }
        if (function.equals("VirtualProtect")) {
            shown.set(3, "former");
        }
        calls.add(function + "(" + String.join(" ", shown) + ")");
        boolean windows = function.matches("[A-Z].*");
        if (PROTECTS.contains(function)) {
            byte[] bytes = pages.asSlice(0, 4).toArray(ValueLayout.JAVA_BYTE);
            sealed = HexFormat.of().formatHex(bytes);
        }
        if (function.equals(refused)) {
            return new Result(failure(function, windows), ERROR);
        }
        if (MAPS.contains(function)) {
            return new Result(pages.address(), 0);
        }
        if (function.equals("GetCurrentProcess")) {
            return new Result(PROCESS, 0);
        }
        return new Result(windows ? 1 : 0xABCD_0000_0000L, 0);
    }

    /// Results of 32 bits have anything in the upper half of the register.
    private static long failure(String function, boolean windows) {
        if (MAPS.contains(function)) {
            return windows ? 0 : -1;
        }
        return windows ? 0xABCD_0000_0000L : 0xABCD_FFFF_FFFFL;
    }
}
