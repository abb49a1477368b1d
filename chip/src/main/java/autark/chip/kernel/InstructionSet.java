package autark.chip.kernel;

/// An instruction set that kernels can be assembled for.
public enum InstructionSet {
    AVX2,
    AVX512;

    VectorMachine machine() {
        return switch (this) {
            case AVX2 -> new Avx2Machine();
            case AVX512 -> new Avx512Machine();
        };
    }
}
