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

/// Machine code made callable, with pages that are never writable and executable at once.
///
/// Pages are mapped readable and writable, filled, and then sealed as readable and executable
/// before anything can call them; they are never made writable again. They live as long as the
/// process.
@SuppressWarnings("restricted") // the package is the one place that asks for such memory
public final class ExecutableMemory {
    private static final int PROT_READ = 1;
    private static final int PROT_WRITE = 2;
    private static final int PROT_EXEC = 4;
    private static final int MAP_PRIVATE = 2;
    private static final int MAP_ANONYMOUS = 0x20;
    private static final int PAGE_BYTES = 4096;

    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO =
            STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

    private static final MethodHandle MMAP =
            handle(
                    "mmap",
                    FunctionDescriptor.of(
                            ValueLayout.ADDRESS,
                            ValueLayout.ADDRESS,
                            ValueLayout.JAVA_LONG,
                            ValueLayout.JAVA_INT,
                            ValueLayout.JAVA_INT,
                            ValueLayout.JAVA_INT,
                            ValueLayout.JAVA_LONG));
    private static final MethodHandle MPROTECT =
            handle(
                    "mprotect",
                    FunctionDescriptor.of(
                            ValueLayout.JAVA_INT,
                            ValueLayout.ADDRESS,
                            ValueLayout.JAVA_LONG,
                            ValueLayout.JAVA_INT));

    private ExecutableMemory() {}

    private static MethodHandle handle(String name, FunctionDescriptor descriptor) {
        Linker linker = Linker.nativeLinker();
        SymbolLookup lookup = linker.defaultLookup();
        return linker.downcallHandle(
                lookup.find(name).orElseThrow(),
                descriptor,
                Linker.Option.captureCallState("errno"));
    }

    /// Copies `code` to fresh pages and seals them.
    ///
    /// @return the address of the first byte
    /// @throws ExecutionDeniedException if the system refuses memory or the right to execute it
    public static MemorySegment seal(byte[] code) {
        long bytes = Math.ceilDiv((long) code.length, PAGE_BYTES) * PAGE_BYTES;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            MemorySegment pages = map(state, bytes);
            MemorySegment.copy(code, 0, pages, ValueLayout.JAVA_BYTE, 0, code.length);
            int result = (int) MPROTECT.invokeExact(state, pages, bytes, PROT_READ | PROT_EXEC);
            if (result != 0) {
                throw new ExecutionDeniedException("mprotect", (int) ERRNO.get(state, 0L));
            }
            return pages.asReadOnly();
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("a call of the system failed", e);
        }
    }

    private static MemorySegment map(MemorySegment state, long bytes) throws Throwable {
        MemorySegment pages =
                (MemorySegment)
                        MMAP.invokeExact(
                                state,
                                MemorySegment.NULL,
                                bytes,
                                PROT_READ | PROT_WRITE,
                                MAP_PRIVATE | MAP_ANONYMOUS,
                                -1,
                                0L);
        if (pages.address() == -1) {
            throw new ExecutionDeniedException("mmap", (int) ERRNO.get(state, 0L));
        }
        return pages.reinterpret(bytes);
    }
}
