package autark.chip;

import autark.chip.kernel.KernelSets;
import java.util.List;

/// The chip that this process runs on: which kernels it gets and how many threads.
///
/// The fastest kernel set is chosen. The system property `autark.kernels` names another one
/// (`scalar`, `avx2`, `avxvnni`, `avx512`, `neon`); all of them give the same bits.
///
/// @param kernels the kernel set in use
/// @param available all sets of this machine, from the slowest to the fastest
/// @param notice why there is no assembled set, or nothing
/// @param coreCount cores that the process may use
public record Chip(Kernels kernels, List<Kernels> available, String notice, int coreCount) {
    /// The property that forces a kernel set.
    public static final String KERNELS_PROPERTY = "autark.kernels";

    /// The chip of this process with its fastest kernels. Detected once, whatever the property
    /// says.
    private static final Chip DETECTED = detect();

    public Chip {
        available = List.copyOf(available);
    }

    /// The chip of this process.
    ///
    /// @throws MissingKernelsException if the property names a set that this machine lacks
    public static Chip current() {
        String forced = System.getProperty(KERNELS_PROPERTY, "");
        return forced.isEmpty() ? DETECTED : DETECTED.withKernels(forced);
    }

    /// This chip with the kernel set of that name in use.
    ///
    /// @throws MissingKernelsException if this machine lacks it
    public Chip withKernels(String name) {
        for (Kernels set : available) {
            if (set.name().equals(name)) {
                return new Chip(set, available, notice, coreCount);
            }
        }
        throw new MissingKernelsException(name, available);
    }

    private static Chip detect() {
        KernelSets sets = KernelSets.ofThisMachine();
        int coreCount = Runtime.getRuntime().availableProcessors();
        return new Chip(sets.kernels().getLast(), sets.kernels(), sets.notice(), coreCount);
    }
}
