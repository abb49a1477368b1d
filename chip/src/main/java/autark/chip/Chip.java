package autark.chip;

import autark.chip.kernel.ScalarKernels;

/// The chip that this process runs on: which kernels it gets and how many threads.
///
/// @param kernels the kernel set in use
/// @param coreCount cores that the process may use
public record Chip(Kernels kernels, int coreCount) {
    private static final Chip CURRENT =
            new Chip(new ScalarKernels(), Runtime.getRuntime().availableProcessors());

    /// The chip of this process.
    public static Chip current() {
        return CURRENT;
    }
}
