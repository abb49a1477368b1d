package autark.chip.kernel;

import static autark.chip.asm.Xreg.SP;
import static autark.chip.asm.Xreg.X0;
import static autark.chip.asm.Xreg.X1;
import static autark.chip.asm.Xreg.X10;
import static autark.chip.asm.Xreg.X11;
import static autark.chip.asm.Xreg.X12;
import static autark.chip.asm.Xreg.X15;
import static autark.chip.asm.Xreg.X16;
import static autark.chip.asm.Xreg.X17;
import static autark.chip.asm.Xreg.X19;
import static autark.chip.asm.Xreg.X2;
import static autark.chip.asm.Xreg.X3;
import static autark.chip.asm.Xreg.X30;
import static autark.chip.asm.Xreg.X8;
import static autark.chip.asm.Xreg.X9;
import static autark.chip.asm.Xreg.XZR;

import autark.chip.asm.Arm64Assembler;
import autark.chip.asm.ArmMem;
import autark.chip.asm.Arrangement;
import autark.chip.asm.Condition;
import autark.chip.asm.Label;
import autark.chip.asm.NeonAssembler;
import autark.chip.asm.Vreg;
import autark.chip.asm.Xreg;
import java.util.List;

/// Emits the code of an [Arm64Program] around its kernels: it goes through a table of calls, checks
/// after each that the kernel kept the registers that belong to its caller, and writes the output
/// buffers.
///
/// A kernel may leave any register in any state, so nothing is kept in registers across a call;
/// what is needed after it lies at `state`. Before it, each register that holds no argument gets a
/// value of its own: those that must be kept, to be compared, the others so that no kernel passes
/// because it found a zero.
///
/// A fault, or a register that was not kept, ends the program with a report on the standard error
/// stream: what happened, the call, and two values.
///
/// @param calls address of the table: entries of [#CALL_BYTES], the kernel and its arguments, the
///   last with no kernel
/// @param outputs address of a word that holds the address of a table: entries of an address and a
///   number of bytes, the last with no bytes
/// @param state address of [#STATE_BYTES] to work with, all zero
record Arm64Startup(long calls, long outputs, long state) {
    static final int CALL_BYTES = 64;
    static final int STATE_BYTES = 80;

    /// Exit statuses.
    static final int REPORTED = 3;

    static final int OUTPUT_LOST = 4;

    /// The report: one of these or a signal, the entry in the table of calls, the address that a
    /// fault is about or the value of the register, and the instruction of the fault.
    static final int REPORT_BYTES = 32;

    static final int KIND_GENERAL = 100;
    static final int KIND_VECTOR = 200;
    static final int KIND_STACK = 300;

    static final int SIGILL = 4;
    static final int SIGBUS = 7;
    static final int SIGSEGV = 11;

    /// Fields of `state`. The first four are a `struct sigaction`.
    private static final int HANDLER = 0;

    private static final int HANDLER_FLAGS = 8;
    private static final int CALL = 32;
    private static final int STACK = 40;
    private static final int REPORT = 48;
    private static final int REPORT_CALL = REPORT + 8;
    private static final int REPORT_VALUE = REPORT + 16;
    private static final int REPORT_INSTRUCTION = REPORT + 24;

    private static final int WRITE = 64;
    private static final int EXIT_GROUP = 94;
    private static final int SIGACTION = 134;
    private static final int SA_SIGINFO = 4;
    private static final int SIGINFO_ADDRESS = 16;
    private static final int CONTEXT_INSTRUCTION = 440;

    private static final long GENERAL_VALUE = 0x7A5A_3C96_0F1E_0000L;
    private static final long VECTOR_VALUE = 0x7FF5_B4D2_E187_0000L;

    private static final List<Xreg> GENERAL = List.of(Xreg.values()).subList(0, 31);
    private static final int ARGUMENTS_END = 6;
    private static final int GENERAL_SCRATCH_END = 16;
    private static final int GENERAL_KEPT = 19;
    private static final int GENERAL_KEPT_END = 30;
    private static final int VECTOR_KEPT = 8;
    private static final int VECTOR_KEPT_END = 16;

    byte[] emit() {
        Arm64Assembler asm = new Arm64Assembler();
        Label fault = new Label();
        Label broken = new Label();
        Label writing = new Label();
        begin(asm, fault);
        Label nextCall = new Label();
        asm.bind(nextCall);
        call(asm, writing);
        checkKept(asm, broken);
        asm.ldr(X17, ArmMem.at(X9, CALL));
        asm.add(X17, X17, CALL_BYTES);
        asm.str(X17, ArmMem.at(X9, CALL));
        asm.b(nextCall);
        asm.bind(writing);
        writeOutputs(asm);
        report(asm, broken, fault);
        return asm.toBytes();
    }

    private void begin(Arm64Assembler asm, Label fault) {
        asm.mov(X9, state);
        asm.mov(X10, SP);
        asm.str(X10, ArmMem.at(X9, STACK));
        asm.mov(X10, calls);
        asm.str(X10, ArmMem.at(X9, CALL));
        asm.adr(X10, fault);
        asm.str(X10, ArmMem.at(X9, HANDLER));
        asm.mov(X10, SA_SIGINFO);
        asm.str(X10, ArmMem.at(X9, HANDLER_FLAGS));
        for (int signal : new int[] {SIGILL, SIGBUS, SIGSEGV}) {
            asm.mov(X0, signal);
            asm.add(X1, X9, HANDLER);
            asm.mov(X2, XZR);
            asm.mov(X3, Long.BYTES); // of the set of signals
            system(asm, SIGACTION);
        }
    }

    private void call(Arm64Assembler asm, Label writing) {
        NeonAssembler neon = asm.neon();
        asm.mov(X9, state);
        asm.ldr(X17, ArmMem.at(X9, CALL));
        asm.ldr(X16, ArmMem.at(X17, 0));
        asm.cbz(X16, writing);
        for (int i = 0; i < 32; i++) {
            asm.mov(X15, VECTOR_VALUE + i);
            neon.dup(Arrangement.D2, new Vreg(i), X15);
        }
        for (int i = 0; i < GENERAL_KEPT_END; i++) {
            if (i < ARGUMENTS_END) {
                asm.ldr(GENERAL.get(i), ArmMem.at(X17, (1 + i) * Long.BYTES));
            } else if (i < GENERAL_SCRATCH_END || i >= GENERAL_KEPT) {
                asm.mov(GENERAL.get(i), GENERAL_VALUE + i);
            }
        }
        asm.blr(X16);
    }

    /// Leaves `state` in X9.
    private void checkKept(Arm64Assembler asm, Label broken) {
        asm.mov(X9, state);
        asm.mov(X11, SP);
        asm.ldr(X10, ArmMem.at(X9, STACK));
        check(asm, KIND_STACK, broken);
        for (int i = GENERAL_KEPT; i < GENERAL_KEPT_END; i++) {
            asm.mov(X11, GENERAL.get(i));
            asm.mov(X10, GENERAL_VALUE + i);
            check(asm, KIND_GENERAL + i, broken);
        }
        for (int i = VECTOR_KEPT; i < VECTOR_KEPT_END; i++) {
            asm.neon().umov(Arrangement.D2, X11, new Vreg(i), 0);
            asm.mov(X10, VECTOR_VALUE + i);
            check(asm, KIND_VECTOR + i, broken);
        }
    }

    /// Compares what was found, in X11, with what was expected, in X10.
    private static void check(Arm64Assembler asm, int kind, Label broken) {
        asm.mov(X12, kind);
        asm.cmp(X11, X10);
        asm.b(Condition.NE, broken);
    }

    private void writeOutputs(Arm64Assembler asm) {
        Label nextOutput = new Label();
        Label rest = new Label();
        Label lost = new Label();
        Label done = new Label();
        asm.mov(X19, outputs);
        asm.ldr(X19, ArmMem.at(X19, 0));
        asm.bind(nextOutput);
        asm.ldp(X1, X2, ArmMem.postIndex(X19, 16));
        asm.cbz(X2, done);
        asm.bind(rest);
        asm.mov(X0, 1);
        system(asm, WRITE);
        asm.cmp(X0, 0);
        asm.b(Condition.LE, lost);
        asm.add(X1, X1, X0);
        asm.sub(X2, X2, X0);
        asm.cbnz(X2, rest);
        asm.b(nextOutput);
        asm.bind(lost);
        exit(asm, OUTPUT_LOST);
        asm.bind(done);
        exit(asm, 0);
    }

    /// The handler of signals gets the signal, a `siginfo_t` and a `ucontext_t`.
    private void report(Arm64Assembler asm, Label broken, Label fault) {
        Label write = new Label();
        asm.bind(fault);
        asm.ldr(X11, ArmMem.at(X1, SIGINFO_ADDRESS));
        asm.ldr(X30, ArmMem.at(X2, CONTEXT_INSTRUCTION));
        asm.mov(X12, X0);
        asm.b(write);
        asm.bind(broken);
        asm.mov(X30, XZR);
        asm.bind(write);
        asm.mov(X9, state);
        asm.str(X12, ArmMem.at(X9, REPORT));
        asm.ldr(X10, ArmMem.at(X9, CALL));
        asm.str(X10, ArmMem.at(X9, REPORT_CALL));
        asm.str(X11, ArmMem.at(X9, REPORT_VALUE));
        asm.str(X30, ArmMem.at(X9, REPORT_INSTRUCTION));
        asm.mov(X0, 2);
        asm.add(X1, X9, REPORT);
        asm.mov(X2, REPORT_BYTES);
        system(asm, WRITE);
        exit(asm, REPORTED);
    }

    private static void exit(Arm64Assembler asm, int status) {
        asm.mov(X0, status);
        system(asm, EXIT_GROUP);
    }

    private static void system(Arm64Assembler asm, int call) {
        asm.mov(X8, call);
        asm.svc(0);
    }
}
