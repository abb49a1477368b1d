package autark.chip.os;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/// Calls sealed machine code of the one signature that all kernels have: six 64-bit integers in,
/// nothing out. A plain call, so that the garbage collector never waits for a kernel.
@SuppressWarnings("restricted") // the package is the one place that calls machine code
public final class CodeCall {
    private static final ValueLayout LONG = ValueLayout.JAVA_LONG;
    private static final MethodHandle CALL =
            Linker.nativeLinker()
                    .downcallHandle(FunctionDescriptor.ofVoid(LONG, LONG, LONG, LONG, LONG, LONG));

    private CodeCall() {}

    /// Runs the code at `entry`. Arguments that a kernel does not have are ignored.
    public static void call(
            MemorySegment entry, long a0, long a1, long a2, long a3, long a4, long a5) {
        try {
            CALL.invokeExact(entry, a0, a1, a2, a3, a4, a5);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("a kernel call failed", e);
        }
    }
}
