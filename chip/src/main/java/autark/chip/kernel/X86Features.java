package autark.chip.kernel;

import autark.chip.asm.Gpr;
import autark.chip.asm.Mem;
import autark.chip.asm.X86Assembler;
import autark.chip.os.CodeCall;
import autark.chip.os.ExecutableMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// What this x86-64 processor and its operating system can do, asked of the processor itself.
///
/// @param avx2 AVX2, FMA and half-float conversion
/// @param avxVnni AVX2 and AVX-VNNI
/// @param avx512 AVX-512 F, BW, DQ, VL and VNNI
record X86Features(boolean avx2, boolean avxVnni, boolean avx512) {
    private static final int XCR0_AVX = 0b110;
    private static final int XCR0_AVX512 = 0b1110_0110;

    /// Runs the processor's own query.
    static X86Features ofThisProcessor() {
        MemorySegment cpuid = ExecutableMemory.seal(cpuidCode());
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment registers = arena.allocate(24, 8);
            int ecx1 = query(cpuid, registers, 1, 0).get(ValueLayout.JAVA_INT, 16);
            int eax7 = query(cpuid, registers, 7, 1).get(ValueLayout.JAVA_INT, 8);
            MemorySegment leaf7 = query(cpuid, registers, 7, 0);
            int ebx7 = leaf7.get(ValueLayout.JAVA_INT, 12);
            int ecx7 = leaf7.get(ValueLayout.JAVA_INT, 16);
            boolean osSaves = has(ecx1, 27);
            int xcr0 = osSaves ? xcr0(registers) : 0;
            boolean avx2 =
                    has(ecx1, 12)
                            && has(ecx1, 28)
                            && has(ecx1, 29)
                            && has(ebx7, 5)
                            && (xcr0 & XCR0_AVX) == XCR0_AVX;
            boolean avx512 =
                    avx2
                            && has(ebx7, 16)
                            && has(ebx7, 17)
                            && has(ebx7, 30)
                            && has(ebx7, 31)
                            && has(ecx7, 11)
                            && (xcr0 & XCR0_AVX512) == XCR0_AVX512;
            return new X86Features(avx2, avx2 && has(eax7, 4), avx512);
        }
    }

    private static boolean has(int register, int bit) {
        return (register >>> bit & 1) != 0;
    }

    private static MemorySegment query(
            MemorySegment cpuid, MemorySegment registers, int leaf, int subLeaf) {
        registers.set(ValueLayout.JAVA_INT, 0, leaf);
        registers.set(ValueLayout.JAVA_INT, 4, subLeaf);
        CodeCall.call(cpuid, registers.address(), 0, 0, 0, 0, 0);
        return registers;
    }

    private static int xcr0(MemorySegment registers) {
        CodeCall.call(ExecutableMemory.seal(xgetbvCode()), registers.address(), 0, 0, 0, 0, 0);
        return registers.get(ValueLayout.JAVA_INT, 8);
    }

    /// Leaf and sub-leaf at 0 and 4; EAX, EBX, ECX, EDX to 8, 12, 16, 20.
    private static byte[] cpuidCode() {
        X86General general = new X86General(X86General.Convention.ofThisSystem());
        X86Assembler asm = general.assembler();
        general.beginPlain();
        asm.movd(Gpr.RAX, Mem.at(Gpr.RDI, 0));
        asm.movd(Gpr.RCX, Mem.at(Gpr.RDI, 4));
        asm.cpuid();
        asm.movd(Mem.at(Gpr.RDI, 8), Gpr.RAX);
        asm.movd(Mem.at(Gpr.RDI, 12), Gpr.RBX);
        asm.movd(Mem.at(Gpr.RDI, 16), Gpr.RCX);
        asm.movd(Mem.at(Gpr.RDI, 20), Gpr.RDX);
        general.endPlain();
        return asm.toBytes();
    }

    private static byte[] xgetbvCode() {
        X86General general = new X86General(X86General.Convention.ofThisSystem());
        X86Assembler asm = general.assembler();
        general.beginPlain();
        asm.mov(Gpr.RCX, 0);
        asm.xgetbv();
        asm.movd(Mem.at(Gpr.RDI, 8), Gpr.RAX);
        general.endPlain();
        return asm.toBytes();
    }
}
