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

    private static final Chip CURRENT = detect();

    public Chip {
        available = List.copyOf(available);
    }

    /// The chip of this process.
    ///
    /// @throws ExceptionInInitializerError if the property names a set that this machine lacks
    public static Chip current() {
        return CURRENT;
    }

    /// The kernel set of that name.
    ///
    /// @throws IllegalArgumentException if this machine lacks it
    public Kernels kernels(String name) {
        return available.stream()
                .filter(set -> set.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(unknown(name)));
    }

    private String unknown(String name) {
        List<String> names = available.stream().map(Kernels::name).toList();
        return "found kernel set \"%s\", expected one of %s".formatted(name, names);
    }

    private static Chip detect() {
        KernelSets sets = KernelSets.ofThisMachine();
        int coreCount = Runtime.getRuntime().availableProcessors();
        Chip chip = new Chip(sets.kernels().getLast(), sets.kernels(), sets.notice(), coreCount);
        String forced = System.getProperty(KERNELS_PROPERTY, "");
        return forced.isEmpty()
                ? chip
                : new Chip(chip.kernels(forced), chip.available(), chip.notice(), coreCount);
    }
}
