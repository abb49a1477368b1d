package autark.chip.kernel;

import autark.chip.Kernels;
import autark.chip.os.ExecutionDeniedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// The kernel sets of this machine.
///
/// @param kernels from the slowest to the fastest; the scalar set is always there
/// @param notice why there is no assembled set, or nothing
public record KernelSets(List<Kernels> kernels, String notice) {
    public KernelSets {
        kernels = List.copyOf(kernels);
    }

    /// Asks the processor what it can do. If the system does not let a process make executable
    /// memory, only the scalar set is there.
    public static KernelSets ofThisMachine() {
        List<Kernels> sets = new ArrayList<>();
        sets.add(new ScalarKernels());
        String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String arch = System.getProperty("os.arch");
        if (!os.contains("linux") || !arch.equals("amd64")) {
            return new KernelSets(sets, "no assembled kernels for " + os + " on " + arch);
        }
        try {
            X86Features features = X86Features.ofThisProcessor();
            if (features.avx2()) {
                sets.add(new NativeKernels(InstructionSet.AVX2));
            }
            if (features.avxVnni()) {
                sets.add(new NativeKernels(InstructionSet.AVXVNNI));
            }
            if (features.avx512()) {
                sets.add(new NativeKernels(InstructionSet.AVX512));
            }
            return new KernelSets(sets, features.avx2() ? "" : "the processor has no AVX2");
        } catch (ExecutionDeniedException e) {
            return new KernelSets(sets, String.valueOf(e.getMessage()));
        }
    }
}
