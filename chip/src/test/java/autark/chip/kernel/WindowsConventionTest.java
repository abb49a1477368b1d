package autark.chip.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import autark.chip.Int8Rows;
import autark.chip.Kernels;
import autark.chip.Rows;
import autark.chip.TileRange;
import autark.chip.asm.Gpr;
import autark.chip.asm.Mem;
import autark.chip.asm.Vec;
import autark.chip.asm.Vec.Width;
import autark.chip.asm.X86Assembler;
import autark.chip.kernel.X86General.Convention;
import autark.chip.os.CodeCall;
import autark.chip.os.ExecutableMemory;
import autark.chip.quant.QuantType;
import autark.chip.quant.TiledMatrix;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Kernels for the calling convention of Windows, called on another system by code that calls as
/// Windows does: they compute the same, and keep what belongs to the caller.
class WindowsConventionTest {
    private static final List<Gpr> KEPT =
            List.of(Gpr.RDI, Gpr.RSI, Gpr.RBX, Gpr.RBP, Gpr.R12, Gpr.R13, Gpr.R14, Gpr.R15);
    private static final List<Gpr> KEPT_HERE =
            List.of(Gpr.RBX, Gpr.RBP, Gpr.R12, Gpr.R13, Gpr.R14, Gpr.R15);
    private static final int VECTORS_FIRST = 6;
    private static final int VECTORS = 10;
    private static final int VECTOR_BYTES = 16;
    private static final int SHADOW_BYTES = 32;

    /// What the calling code works on: the kernel and its six arguments, then what registers hold
    /// before the call, then what they hold after it.
    private static final int ARGUMENTS = 8;

    private static final int BEFORE = 64;
    private static final int GENERAL_BYTES = KEPT.size() * Long.BYTES;
    private static final int REGISTER_BYTES = GENERAL_BYTES + VECTORS * VECTOR_BYTES;
    private static final int AFTER = BEFORE + REGISTER_BYTES;

    private static Vec vector(int index) {
        return new Vec(VECTORS_FIRST + index, Width.XMM);
    }

    /// A function of this system, of the address of the block, that calls as Windows does.
    private static byte[] caller() {
        X86Assembler asm = new X86Assembler();
        KEPT_HERE.forEach(asm::push);
        asm.push(Gpr.RDI);
        int stackArguments = SHADOW_BYTES;
        int frame = stackArguments + 2 * Long.BYTES; // leaves the stack at a multiple of 16
        asm.sub(Gpr.RSP, frame);
        asm.mov(Gpr.R11, Mem.at(Gpr.RDI, 0));
        for (int i = 0; i < 2; i++) {
            asm.mov(Gpr.RAX, Mem.at(Gpr.RDI, ARGUMENTS + (4 + i) * Long.BYTES));
            asm.mov(Mem.at(Gpr.RSP, stackArguments + i * Long.BYTES), Gpr.RAX);
        }
        List<Gpr> inRegisters = List.of(Gpr.RCX, Gpr.RDX, Gpr.R8, Gpr.R9);
        for (int i = 0; i < inRegisters.size(); i++) {
            asm.mov(inRegisters.get(i), Mem.at(Gpr.RDI, ARGUMENTS + i * Long.BYTES));
        }
        for (int i = 0; i < VECTORS; i++) {
            asm.vmovups(vector(i), Mem.at(Gpr.RDI, BEFORE + GENERAL_BYTES + i * VECTOR_BYTES));
        }
        for (int i = KEPT.size() - 1; i >= 0; i--) {
            asm.mov(KEPT.get(i), Mem.at(Gpr.RDI, BEFORE + i * Long.BYTES));
        }
        asm.call(Gpr.R11);
        asm.mov(Gpr.RAX, Mem.at(Gpr.RSP, frame));
        for (int i = 0; i < KEPT.size(); i++) {
            asm.mov(Mem.at(Gpr.RAX, AFTER + i * Long.BYTES), KEPT.get(i));
        }
        for (int i = 0; i < VECTORS; i++) {
            asm.vmovups(Mem.at(Gpr.RAX, AFTER + GENERAL_BYTES + i * VECTOR_BYTES), vector(i));
        }
        asm.vzeroupper();
        asm.add(Gpr.RSP, frame + Long.BYTES);
        KEPT_HERE.reversed().forEach(asm::pop);
        asm.ret();
        return asm.toBytes();
    }

    /// Calls a kernel as Windows does, and names the registers that it did not keep.
    private static List<String> call(byte[] kernel, long... arguments) {
        MemorySegment block = Arena.ofAuto().allocate(AFTER + REGISTER_BYTES, 16);
        block.set(ValueLayout.JAVA_LONG, 0, ExecutableMemory.seal(kernel).address());
        for (int i = 0; i < arguments.length; i++) {
            block.set(ValueLayout.JAVA_LONG, ARGUMENTS + (long) i * Long.BYTES, arguments[i]);
        }
        SplittableRandom random = new SplittableRandom(5);
        for (int i = 0; i < REGISTER_BYTES; i += Long.BYTES) {
            block.set(ValueLayout.JAVA_LONG, BEFORE + i, random.nextLong());
        }
        CodeCall.call(ExecutableMemory.seal(caller()), block.address(), 0, 0, 0, 0, 0);
        List<String> broken = new ArrayList<>();
        for (int i = 0; i < KEPT.size(); i++) {
            if (changed(block, i * Long.BYTES, Long.BYTES)) {
                broken.add(KEPT.get(i).name());
            }
        }
        for (int i = 0; i < VECTORS; i++) {
            if (changed(block, GENERAL_BYTES + i * VECTOR_BYTES, VECTOR_BYTES)) {
                broken.add("XMM" + (VECTORS_FIRST + i));
            }
        }
        return broken;
    }

    private static boolean changed(MemorySegment block, int offset, int bytes) {
        MemorySegment before = block.asSlice(BEFORE + offset, bytes);
        return before.mismatch(block.asSlice(AFTER + offset, bytes)) != -1;
    }

    private static VectorMachine machine(InstructionSet set) {
        return switch (set) {
            case AVX2 -> new Avx2Machine(Convention.WINDOWS, Avx2Machine.Dots.PAIRS);
            case AVXVNNI -> new Avx2Machine(Convention.WINDOWS, Avx2Machine.Dots.VNNI);
            case AVX512 -> new Avx512Machine(Convention.WINDOWS);
            case NEON -> throw new IllegalArgumentException("NEON has one convention");
        };
    }

    /// A product has six arguments and uses all vectors.
    @ParameterizedTest
    @MethodSource("autark.chip.kernel.NativeMatmulTest#sets")
    void aProductKeepsTheCallersRegisters(InstructionSet set) {
        VectorMachine machine = machine(set);
        int tokens = machine.panelRows();
        int columns = 256;
        int rows = 2 * machine.lanes();
        SplittableRandom random = new SplittableRandom(1);
        Kernels kernels = new NativeKernels(set);
        MemorySegment stored = RandomWeights.stored(QuantType.Q5_K, rows, columns, random);
        TiledMatrix weights =
                RandomWeights.tiled(QuantType.Q5_K, rows, columns, machine.lanes(), stored);
        Int8Rows x =
                RandomWeights.quantized(kernels, RandomWeights.randomRows(tokens, columns, random));
        Rows expected = RandomWeights.rows(tokens, rows);
        kernels.matmul(weights, new TileRange(0, 2), x, expected);
        Rows found = RandomWeights.rows(tokens, rows);

        List<String> broken =
                call(
                        MatmulInt8Code.emit(
                                machine, new MatmulInt8Code.Form(QuantType.Q5_K, 1, tokens, 1)),
                        weights.data().address(),
                        2 | 4L * found.stride() << 32,
                        x.data().address(),
                        found.data().address(),
                        weights.blockCount() | x.groupStride(0) << 32,
                        weights.data().address());

        assertThat(broken).isEmpty();
        assertThat(found.data().mismatch(expected.data())).isEqualTo(-1);
    }

    @ParameterizedTest
    @MethodSource("autark.chip.kernel.NativeMatmulTest#sets")
    void aKernelWithWorkingMemoryKeepsTheCallersRegisters(InstructionSet set) {
        SplittableRandom random = new SplittableRandom(2);
        Rows x = RandomWeights.randomRows(1, 64, random);
        Rows y = RandomWeights.randomRows(1, 64, random);
        Rows found = RandomWeights.rows(1, 64);
        found.data().copyFrom(x.data());
        new ScalarKernels().addScaled(x, 0, y, 0, 1.7f);
        VectorMachine machine = machine(set);

        List<String> broken =
                call(
                        new RowCode(machine).addScaled(),
                        found.data().address(),
                        y.data().address(),
                        0,
                        64 / machine.lanes(),
                        Float.floatToRawIntBits(1.7f),
                        0);

        assertThat(broken).isEmpty();
        assertThat(found.data().mismatch(x.data())).isEqualTo(-1);
    }

    @Test
    void codeWithoutVectorsKeepsTheCallersRegisters() {
        X86General general = new X86General(Convention.WINDOWS);
        general.beginPlain();
        general.store64(At.at(new Reg(0), 0), new Reg(5));
        for (int i = 0; i < GeneralMachine.REGISTERS; i++) {
            general.set(new Reg(i), 0);
        }
        general.endPlain();
        MemorySegment result = Arena.ofAuto().allocate(8, 8);
        assertThat(call(general.code(), result.address(), 0, 0, 0, 0, 77)).isEmpty();
        assertThat(result.get(ValueLayout.JAVA_LONG, 0)).isEqualTo(77);
    }

    @Test
    void registersThatAreNotKeptAreSeen() {
        X86Assembler asm = new X86Assembler();
        asm.mov(Gpr.RSI, 1);
        asm.mov(Gpr.R14, 1);
        asm.vpxor(vector(3), vector(3), vector(3));
        asm.ret();
        assertThat(call(asm.toBytes())).containsExactly("RSI", "R14", "XMM9");
    }
}
