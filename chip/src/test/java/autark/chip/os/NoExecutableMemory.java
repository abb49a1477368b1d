package autark.chip.os;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Takes the right to seal pages from this thread and the threads that it starts, by a filter of
/// system calls as containers and service managers install them: `mprotect` to readable and
/// executable fails, everything else works. There is no way back.
///
/// The Java virtual machine maps its own code otherwise and lives on.
public final class NoExecutableMemory {
    /// The error that the filter gives.
    public static final int EPERM = 1;

    private static final int PR_SET_NO_NEW_PRIVS = 38;
    private static final int PR_SET_SECCOMP = 22;
    private static final int SECCOMP_MODE_FILTER = 2;
    private static final int SECCOMP_RET_ALLOW = 0x7FFF_0000;
    private static final int SECCOMP_RET_ERRNO = 0x0005_0000;

    // Berkeley packet filter: load a word, go on if it equals, return.
    private static final short LOAD = 0x20;
    private static final short JUMP_IF_EQUAL = 0x15;
    private static final short RETURN = 0x06;

    // Offsets in struct seccomp_data.
    private static final int NUMBER = 0;
    private static final int THIRD_ARGUMENT = 32;

    private NoExecutableMemory() {}

    /// @throws IllegalStateException if the system takes no filter
    public static void install() {
        int mprotect = System.getProperty("os.arch").equals("aarch64") ? 226 : 10;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment filter = arena.allocate(6 * 8, 8);
            put(filter, 0, LOAD, 0, NUMBER);
            put(filter, 1, JUMP_IF_EQUAL, 3, mprotect); // otherwise to "allow"
            put(filter, 2, LOAD, 0, THIRD_ARGUMENT);
            put(filter, 3, JUMP_IF_EQUAL, 1, 5); // readable and executable; otherwise to "allow"
            put(filter, 4, RETURN, 0, SECCOMP_RET_ERRNO | EPERM);
            put(filter, 5, RETURN, 0, SECCOMP_RET_ALLOW);
            MemorySegment program = arena.allocate(16, 8);
            program.set(ValueLayout.JAVA_SHORT, 0, (short) 6);
            program.set(ValueLayout.JAVA_LONG, 8, filter.address());
            call(PR_SET_NO_NEW_PRIVS, 1);
            call(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, program.address());
        }
    }

    private static void put(
            MemorySegment filter, int index, short code, int jumpIfFalse, int operand) {
        filter.set(ValueLayout.JAVA_SHORT, 8L * index, code);
        filter.set(ValueLayout.JAVA_BYTE, 8L * index + 3, (byte) jumpIfFalse);
        filter.set(ValueLayout.JAVA_INT, 8L * index + 4, operand);
    }

    private static void call(long... arguments) {
        SystemCalls.Result result = new NativeCalls().call("prctl", arguments);
        if ((int) result.value() != 0) {
            throw new IllegalStateException("prctl failed with error " + result.error());
        }
    }
}
