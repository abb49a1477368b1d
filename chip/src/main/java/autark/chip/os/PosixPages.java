package autark.chip.os;

import autark.chip.os.SystemCalls.Result;

/// Pages by `mmap` and `mprotect`: Linux and macOS.
///
/// **Instruction caches.** x86-64 keeps them coherent by itself. AArch64 does not: what was written
/// has to be cleaned to the point where both caches meet, and old instructions have to be dropped,
/// on all cores.
///
/// - Linux does both itself whenever a page that it has not cleaned yet becomes executable: the
///   page is fresh and was written through a mapping that was not executable, so its mark "clean"
///   is not set, and installing the executable entry (`set_pte`) cleans the data cache and drops
///   the instruction caches of all cores (`__sync_icache_dcache`). No core can have fetched
///   instructions from these addresses before, since they were not executable. That holds for fresh
///   pages only, which is one more reason why sealed pages are never written again.
/// - macOS wants `sys_icache_invalidate` from the program.
///
/// **macOS and `MAP_JIT`.** On Apple silicon the pages of `MAP_JIT` are switched between writable
/// and executable for a whole thread at once (`pthread_jit_write_protect_np`), and the Java virtual
/// machine's own compiled code and interpreter lie in such pages. A Java thread that switched to
/// writing could not even return from the call that did it. So pages are mapped without `MAP_JIT`
/// and sealed by `mprotect`; under the hardened runtime that takes the entitlement
/// `allow-unsigned-executable-memory`, which the builds of OpenJDK carry. Where it is missing, the
/// system refuses, and that is an [ExecutionDeniedException].
///
/// @param anonymous the flag of `mmap` for memory without a file
/// @param flushes whether the program has to invalidate the instruction caches
record PosixPages(long anonymous, boolean flushes, SystemCalls calls) implements CodePages {
    private static final long PROT_READ = 1;
    private static final long PROT_WRITE = 2;
    private static final long PROT_EXEC = 4;
    private static final long MAP_PRIVATE = 2;
    private static final long LINUX_ANONYMOUS = 0x20;
    private static final long MAC_ANONYMOUS = 0x1000;
    private static final long NO_FILE = -1;
    private static final long FAILED = -1;

    static PosixPages ofLinux(SystemCalls calls) {
        return new PosixPages(LINUX_ANONYMOUS, false, calls);
    }

    static PosixPages ofMac(String processor, SystemCalls calls) {
        return new PosixPages(MAC_ANONYMOUS, processor.equals("aarch64"), calls);
    }

    @Override
    public long map(long bytes) {
        Result result =
                calls.call(
                        "mmap",
                        0,
                        bytes,
                        PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | anonymous,
                        NO_FILE,
                        0);
        if (result.value() == FAILED) {
            throw new ExecutionDeniedException("mmap", result.error());
        }
        return result.value();
    }

    @Override
    public void seal(long address, long bytes) {
        Result result = calls.call("mprotect", address, bytes, PROT_READ | PROT_EXEC);
        if ((int) result.value() != 0) {
            throw new ExecutionDeniedException("mprotect", result.error());
        }
        if (flushes) {
            calls.call("sys_icache_invalidate", address, bytes);
        }
    }

    @Override
    public void unmap(long address, long bytes) {
        calls.call("munmap", address, bytes);
    }
}
