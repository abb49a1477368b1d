package autark.chip.kernel;

import autark.chip.Kernels;
import autark.chip.os.ExecutableMemory;
import autark.chip.os.ExecutionDeniedException;
import java.util.ArrayList;
import java.util.List;

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
        String arch = System.getProperty("os.arch");
        try {
            return switch (arch) {
                case "amd64", "x86_64" -> of(X86Features.ofThisProcessor());
                case "aarch64", "arm64" -> {
                    // Unlike on x86-64, no machine code asks the processor here, and a refusal by
                    // the system at the first product would come too late.
                    ExecutableMemory.probe();
                    yield of(Arm64Features.ofThisProcessor());
                }
                default -> of(List.of(), "no assembled kernels for the processor " + arch);
            };
        } catch (ExecutionDeniedException e) {
            return of(List.of(), String.valueOf(e.getMessage()));
        }
    }

    static KernelSets of(X86Features features) {
        List<InstructionSet> sets = new ArrayList<>();
        if (features.avx2()) {
            sets.add(InstructionSet.AVX2);
        }
        if (features.avxVnni()) {
            sets.add(InstructionSet.AVXVNNI);
        }
        if (features.avx512()) {
            sets.add(InstructionSet.AVX512);
        }
        return of(sets, features.avx2() ? "" : "the processor has no AVX2");
    }

    static KernelSets of(Arm64Features features) {
        return features.dotProducts()
                ? of(List.of(InstructionSet.NEON), "")
                : of(List.of(), "the processor has no dot products of bytes");
    }

    private static KernelSets of(List<InstructionSet> assembled, String notice) {
        List<Kernels> sets = new ArrayList<>();
        sets.add(new ScalarKernels());
        for (InstructionSet set : assembled) {
            sets.add(new NativeKernels(set));
        }
        return new KernelSets(sets, notice);
    }
}
