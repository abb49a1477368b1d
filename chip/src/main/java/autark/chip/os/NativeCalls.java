package autark.chip.os;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/// The functions of the system under this process, over the foreign function interface.
///
/// All of them go through one handle of six 64-bit arguments. Each shape of a call costs the start
/// of the program milliseconds, while the calling conventions that Java knows pass the first six
/// integers of any width in registers or in slots of eight bytes, and a function does not see
/// arguments that it does not take.
@SuppressWarnings("restricted") // the package is the one place that calls the system
final class NativeCalls implements SystemCalls {
    /// The shape of all calls.
    static final FunctionDescriptor SHAPE =
            FunctionDescriptor.of(
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG);

    private static final boolean WINDOWS = System.getProperty("os.name").startsWith("Windows");
    private static final String ERROR = WINDOWS ? "GetLastError" : "errno";
    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERROR_NUMBER =
            STATE.varHandle(MemoryLayout.PathElement.groupElement(ERROR));
    private static final MethodHandle CALL =
            Linker.nativeLinker().downcallHandle(SHAPE, Linker.Option.captureCallState(ERROR));

    /// Of kernel32 on Windows, of the C library elsewhere.
    private static final SymbolLookup FUNCTIONS =
            WINDOWS
                    ? SymbolLookup.libraryLookup("kernel32", Arena.global())
                    : Linker.nativeLinker().defaultLookup();

    @Override
    public Result call(String function, long... arguments) {
        MemorySegment entry = FUNCTIONS.find(function).orElseThrow();
        long[] a = Arrays.copyOf(arguments, ARGUMENT_COUNT_MAX);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            long value = (long) CALL.invokeExact(entry, state, a[0], a[1], a[2], a[3], a[4], a[5]);
            return new Result(value, (int) ERROR_NUMBER.get(state, 0L));
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("a call of " + function + " failed", e);
        }
    }
}
