package autark.chip.kernel;

import static autark.chip.asm.Xreg.SP;
import static autark.chip.asm.Xreg.X0;
import static autark.chip.asm.Xreg.X1;
import static autark.chip.asm.Xreg.X2;
import static autark.chip.asm.Xreg.X3;
import static autark.chip.asm.Xreg.X4;
import static autark.chip.asm.Xreg.X5;
import static autark.chip.asm.Xreg.X9;
import static autark.chip.asm.Xreg.XZR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import autark.chip.asm.Arm64Assembler;
import autark.chip.asm.ArmMem;
import autark.chip.asm.Arrangement;
import autark.chip.asm.Condition;
import autark.chip.asm.Label;
import autark.chip.asm.Vreg;
import autark.chip.asm.Xreg;
import autark.chip.kernel.GuardedMemory.Side;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What the other tests of AArch64 kernels stand on: kernels run, and their faults are seen.
class Arm64ProgramTest {
    private static final Vreg V0 = new Vreg(0);
    private static final Vreg V1 = new Vreg(1);

    private static byte[] code(Consumer<Arm64Assembler> kernel) {
        Arm64Assembler asm = new Arm64Assembler();
        kernel.accept(asm);
        asm.ret();
        return asm.toBytes();
    }

    /// Adds `X3` vectors of floats at X0 to those at X1, into X2.
    private static byte[] addition() {
        return code(asm -> {
            Label next = new Label();
            asm.bind(next);
            asm.ldrQ(V0, ArmMem.postIndex(X0, 16));
            asm.ldrQ(V1, ArmMem.postIndex(X1, 16));
            asm.neon().fadd(V0, V0, V1);
            asm.strQ(V0, ArmMem.postIndex(X2, 16));
            asm.subs(X3, X3, 1);
            asm.b(Condition.NE, next);
        });
    }

    private static MemorySegment bytes(int count) {
        return MemorySegment.ofArray(new byte[count]);
    }

    private static MemorySegment floats(int count, float first) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = first + i;
        }
        return MemorySegment.ofArray(values);
    }

    @ParameterizedTest
    @EnumSource
    void vectorsAreAdded(Side side) {
        Arm64Program program = new Arm64Program();
        var addition = program.kernel("addition", addition());
        var a = program.input("a", floats(20, 1), side);
        var b = program.input("b", floats(20, 100), side);
        var sum = program.output("sum", bytes(80), side);
        var sums = program.output("sums", bytes(80), side);
        program.call(addition, a.address(), b.address(), sum.address(), 5);
        program.call(addition, sum.address() + 16, b.address(), sums.address(), 4);

        Arm64Program.Outputs outputs = program.run();

        float[] found = outputs.of(sum).toArray(ValueLayout.JAVA_FLOAT);
        float[] foundSums = outputs.of(sums).toArray(ValueLayout.JAVA_FLOAT);
        for (int i = 0; i < 20; i++) {
            assertThat(found[i]).isEqualTo(101f + 2 * i);
            assertThat(foundSums[i]).isEqualTo(i < 16 ? 209f + 3 * i : 0f);
        }
    }

    @Test
    void sixArgumentsArriveAndDotProductsRun() {
        Arm64Program program = new Arm64Program();
        var kernel =
                program.kernel(
                        "arguments",
                        code(asm -> {
                            asm.neon().movi(Arrangement.D2, V0, 0);
                            asm.neon().movi(Arrangement.B16, V1, 3);
                            asm.neon().sdot(V0, V1, V1);
                            asm.stp(X1, X2, ArmMem.at(X0, 0));
                            asm.stp(X3, X4, ArmMem.at(X0, 16));
                            asm.str(X5, ArmMem.at(X0, 32));
                            asm.strD(V0, ArmMem.at(X0, 40));
                        }));
        var output = program.output("output", bytes(48), Side.BEHIND);
        program.call(kernel, output.address(), 1, -2, Long.MAX_VALUE, Long.MIN_VALUE, 5);
        assertThat(program.run().of(output).toArray(ValueLayout.JAVA_LONG))
                .containsExactly(1, -2, Long.MAX_VALUE, Long.MIN_VALUE, 5, 0x24_0000_0024L);
    }

    @Test
    void largeOutputsComeBackWhole() {
        int bytes = 3_000_001;
        byte[] content = new byte[bytes];
        for (int i = 0; i < bytes; i++) {
            content[i] = (byte) (i * 31 + i / 256);
        }
        Arm64Program program = new Arm64Program();
        var output = program.output("output", MemorySegment.ofArray(content), Side.BEHIND);
        assertThat(program.run().of(output).toArray(ValueLayout.JAVA_BYTE)).isEqualTo(content);
    }

    /// Runs a kernel on a read-only buffer of 100 bytes and a writable one of 8192, in X0 and X1.
    private static void run(Side side, Consumer<Arm64Assembler> kernel) {
        Arm64Program program = new Arm64Program();
        var nothing = program.kernel("nothing", code(asm -> {}));
        var faulty = program.kernel("faulty", code(kernel));
        var input = program.input("input", bytes(100), side);
        var output = program.output("output", bytes(8192), side);
        program.call(nothing);
        program.call(faulty, input.address(), output.address());
        program.run(Duration.ofSeconds(20));
    }

    private static void assertFails(Side side, Consumer<Arm64Assembler> kernel, String message) {
        assertThatThrownBy(() -> run(side, kernel))
                .isInstanceOf(AssertionError.class)
                .hasMessage(message);
    }

    @Test
    void aReadOverTheEdgeIsReported() {
        run(Side.BEHIND, asm -> asm.ldrb(X9, ArmMem.at(X0, 99)));
        run(Side.BEFORE, asm -> asm.ldrb(X9, ArmMem.at(X0, 0)));
        assertFails(
                Side.BEHIND,
                asm -> asm.ldrb(X9, ArmMem.at(X0, 100)),
                "call 1, of faulty: SIGSEGV at byte 100 of input, which has 100,"
                        + " in byte 0 of its code");
        assertFails(
                Side.BEFORE,
                asm -> {
                    asm.add(X0, X0, 5);
                    asm.ldrb(X9, ArmMem.at(X0, -6));
                },
                "call 1, of faulty: SIGSEGV at byte -1 of input, which has 100,"
                        + " in byte 4 of its code");
    }

    @ParameterizedTest
    @EnumSource
    void aWriteOverTheEdgeIsReported(Side side) {
        run(side, asm -> asm.strb(X9, ArmMem.at(X1, 4000)));
        for (int offset : new int[] {-1, 8192}) {
            assertFails(
                    side,
                    asm -> {
                        asm.mov(X9, offset);
                        asm.add(X1, X1, X9);
                        asm.strb(X9, ArmMem.at(X1, 0));
                    },
                    "call 1, of faulty: SIGSEGV at byte %d of output, which has 8192,"
                                    .formatted(offset)
                            + " in byte 8 of its code");
        }
    }

    @Test
    void aWriteToAnInputIsReported() {
        assertFails(
                Side.BEHIND,
                asm -> asm.strb(X9, ArmMem.at(X0, 7)),
                "call 1, of faulty: SIGSEGV at byte 7 of input, which has 100,"
                        + " in byte 0 of its code");
    }

    @ParameterizedTest
    @EnumSource
    void aWriteIntoTheRestOfThePageIsReported(Side side) {
        Arm64Program program = new Arm64Program();
        int offset = side == Side.BEHIND ? -3 : 12;
        var kernel = program.kernel("faulty", code(asm -> asm.strb(XZR, ArmMem.at(X0, offset))));
        program.call(kernel, program.output("output", bytes(10), side).address());
        assertThatThrownBy(program::run)
                .isInstanceOf(AssertionError.class)
                .hasMessage("a kernel wrote byte %d of output, which has 10", offset);
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 9, 10, 11, 12, 13, 14, 15})
    void aVectorRegisterThatIsNotKeptIsReported(int number) {
        assertFails(
                Side.BEHIND,
                asm -> asm.neon().movi(Arrangement.B16, new Vreg(number), 1),
                "call 1, of faulty: did not keep d%d, found 0x101010101010101".formatted(number));
    }

    @ParameterizedTest
    @EnumSource(
            names = {"X19", "X20", "X21", "X22", "X23", "X24", "X25", "X26", "X27", "X28", "X29"})
    void aGeneralRegisterThatIsNotKeptIsReported(Xreg register) {
        assertFails(
                Side.BEHIND,
                asm -> asm.mov(register, 258),
                "call 1, of faulty: did not keep x%s, found 0x102"
                        .formatted(register.name().substring(1)));
    }

    @Test
    void aStackPointerThatIsNotKeptIsReported() {
        assertThatThrownBy(() -> run(Side.BEHIND, asm -> asm.sub(SP, SP, 16)))
                .isInstanceOf(AssertionError.class)
                .hasMessageStartingWith("call 1, of faulty: did not keep sp, found 0x");
    }

    @Test
    void otherRegistersMayChange() {
        run(
                Side.BEHIND,
                asm -> {
                    for (Xreg register : Xreg.values()) {
                        if (register.compareTo(Xreg.X18) < 0) {
                            asm.mov(register, 0);
                        }
                    }
                    for (int i = 0; i < 32; i++) {
                        Vreg v = new Vreg(i);
                        if (i >= 8 && i < 16) {
                            asm.neon().ins(Arrangement.D2, v, 1, XZR);
                        } else {
                            asm.neon().movi(Arrangement.D2, v, 0);
                        }
                    }
                });
    }

    @Test
    void anUnknownInstructionIsReported() {
        Arm64Program program = new Arm64Program();
        program.call(program.kernel("faulty", new byte[4]));
        assertThatThrownBy(program::run)
                .isInstanceOf(AssertionError.class)
                .hasMessage(
                        "call 0, of faulty: SIGILL, an unknown instruction, in byte 0 of its code");
    }

    @Test
    void aCrashBeyondRepairIsReported() {
        assertThatThrownBy(() ->
                        run(
                                Side.BEHIND,
                                asm -> {
                                    asm.mov(SP, X0);
                                    asm.strb(X0, ArmMem.at(X0, 0));
                                }))
                .isInstanceOf(AssertionError.class)
                .hasMessageStartingWith("a kernel: qemu-aarch64 ended with status 139: ");
    }

    @Test
    void aKernelThatDoesNotEndIsEnded() {
        Arm64Program program = new Arm64Program();
        Label here = new Label();
        byte[] endless =
                code(asm -> {
                    asm.bind(here);
                    asm.b(here);
                });
        program.call(program.kernel("endless", endless));
        assertThatThrownBy(() -> program.run(Duration.ofMillis(500)))
                .isInstanceOf(AssertionError.class)
                .hasMessage("the kernels did not end within PT0.5S");
    }

    @Test
    void operandsThatCannotBeAreRefused() {
        Arm64Program program = new Arm64Program();
        var kernel = program.kernel("nothing", code(asm -> {}));
        assertThatThrownBy(() -> program.call(kernel, 1, 2, 3, 4, 5, 6, 7))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("found 7 arguments, expected at most 6");
        assertThatThrownBy(() -> program.output("empty", bytes(0), Side.BEHIND))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("found no bytes in buffer empty");
    }
}
