package autark.chip.kernel;

import autark.chip.os.CodeCall;
import autark.chip.os.ExecutableMemory;
import java.lang.foreign.MemorySegment;

/// Where assembled kernels are kept and called: this process. Another one serves kernels of chips
/// that the process does not run on.
interface CodeSpace {
    CodeSpace PROCESS =
            new CodeSpace() {
                @Override
                public MemorySegment seal(byte[] code) {
                    return ExecutableMemory.seal(code);
                }

                @Override
                public void call(
                        MemorySegment entry, long a0, long a1, long a2, long a3, long a4, long a5) {
                    CodeCall.call(entry, a0, a1, a2, a3, a4, a5);
                }
            };

    /// Makes code callable.
    ///
    /// @return the entry
    MemorySegment seal(byte[] code);

    /// Runs the code at `entry`. Arguments that a kernel does not have are ignored.
    void call(MemorySegment entry, long a0, long a1, long a2, long a3, long a4, long a5);
}
