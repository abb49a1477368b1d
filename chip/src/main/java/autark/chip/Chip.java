package autark.chip;

import autark.chip.kernel.KernelSets;
import java.util.List;
import java.util.Optional;

/// The chip that this process runs on: which kernels it gets and how many threads.
///
/// The fastest kernel set is chosen. The system property `autark.kernels` names another one
/// (`scalar`, `avx2`, `avx512`); all of them give the same bits.
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
    /// @throws IllegalArgumentException if the property names a set that this machine lacks
    public static Chip current() {
        return CURRENT.forced(System.getProperty(KERNELS_PROPERTY, ""));
    }

    private static Chip detect() {
        KernelSets sets = KernelSets.ofThisMachine();
        return new Chip(
                sets.kernels().getLast(),
                sets.kernels(),
                sets.notice(),
                Runtime.getRuntime().availableProcessors());
    }

    /// This chip with the kernel set of that name, or as it is if the name is empty.
    private Chip forced(String name) {
        if (name.isEmpty()) {
            return this;
        }
        Optional<Kernels> named =
                available.stream().filter(set -> set.name().equals(name)).findFirst();
        Kernels set =
                named.orElseThrow(() ->
                        new IllegalArgumentException(
                                "found kernel set \"%s\", expected one of %s"
                                        .formatted(
                                                name,
                                                available.stream().map(Kernels::name).toList())));
        return new Chip(set, available, notice, coreCount);
    }
}
