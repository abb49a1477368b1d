package autark.chip.os;

import java.util.Locale;

/// Pages for machine code, as one kind of system gives them: writable first, then executable, never
/// both. Sizes need not be whole pages; every system rounds them up to its own, so that nobody here
/// has to know how large a page is (4, 16 or 64 KiB).
sealed interface CodePages permits PosixPages, WindowsPages {
    /// The pages of a system, by the names that Java gives to system and processor.
    static CodePages of(String system, String processor, SystemCalls calls) {
        String name = system.toLowerCase(Locale.ROOT);
        if (name.startsWith("windows")) {
            return new WindowsPages(calls);
        }
        if (name.startsWith("mac")) {
            return PosixPages.ofMac(processor, calls);
        }
        return PosixPages.ofLinux(calls);
    }

    /// Fresh pages that can be read and written.
    ///
    /// @return their address
    /// @throws ExecutionDeniedException if the system gives none
    long map(long bytes);

    /// Makes pages readable and executable, and makes sure that every core sees what was written as
    /// instructions.
    ///
    /// @throws ExecutionDeniedException if the system forbids it
    void seal(long address, long bytes);

    /// Gives pages back that were never sealed.
    void unmap(long address, long bytes);
}
