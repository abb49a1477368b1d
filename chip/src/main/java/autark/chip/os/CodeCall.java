package autark.chip.os;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/// Calls sealed machine code of the one signature that all kernels have: a pointer to a struct of
/// arguments. A plain call, so that the garbage collector never waits for a kernel.
@SuppressWarnings("restricted") // the package is the one place that calls machine code
public final class CodeCall {
    private static final MethodHandle CALL =
            Linker.nativeLinker().downcallHandle(FunctionDescriptor.ofVoid(ValueLayout.ADDRESS));

    private CodeCall() {}

    /// Runs the code at `entry` with `arguments`.
    public static void call(MemorySegment entry, MemorySegment arguments) {
        try {
            CALL.invokeExact(entry, arguments);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("a kernel call failed", e);
        }
    }
}
