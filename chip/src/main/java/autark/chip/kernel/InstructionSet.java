package autark.chip.kernel;

/// An instruction set that kernels can be assembled for.
public enum InstructionSet {
    /// AVX2, FMA and half-float conversion.
    AVX2,
    /// The same with four-way dot products, AVX-VNNI.
    AVXVNNI,
    /// AVX-512 with VNNI.
    AVX512,
    /// AArch64 with NEON and its dot products.
    NEON;

    VectorMachine machine() {
        X86General.Convention convention = X86General.Convention.ofThisSystem();
        return switch (this) {
            case AVX2 -> new Avx2Machine(convention, Avx2Machine.Dots.PAIRS);
            case AVXVNNI -> new Avx2Machine(convention, Avx2Machine.Dots.VNNI);
            case AVX512 -> new Avx512Machine(convention);
            case NEON -> new NeonMachine();
        };
    }
}
