package autark.chip.kernel;

import autark.chip.asm.Gpr;
import autark.chip.asm.Label;
import autark.chip.asm.Mem;
import autark.chip.asm.Vec;
import autark.chip.asm.Vec.Width;
import autark.chip.asm.X86Assembler;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// x86-64: registers, calling conventions and constants of its kernels.
///
/// The System V convention passes six integers in RDI, RSI, RDX, RCX, R8, R9 and wants RBX, RBP and
/// R12 to R15 back. Windows passes four in RCX, RDX, R8, R9 and the rest on the stack, and wants
/// RDI, RSI and XMM6 to XMM15 back as well; there the arguments are moved first, so that the code
/// in between is the same.
final class X86General implements GeneralMachine {
    /// Who the caller is.
    enum Convention {
        SYSTEM_V,
        WINDOWS;

        static Convention ofThisSystem() {
            return System.getProperty("os.name").startsWith("Windows") ? WINDOWS : SYSTEM_V;
        }
    }

    private static final Gpr[] REGISTERS = {
        Gpr.RDI, Gpr.RSI, Gpr.RDX, Gpr.RCX, Gpr.R8, Gpr.R9, Gpr.RAX, Gpr.R10, Gpr.R11, Gpr.RBX,
        Gpr.R12, Gpr.R13, Gpr.R14, Gpr.R15
    };
    private static final List<Gpr> SAVED =
            List.of(Gpr.RBX, Gpr.RBP, Gpr.R12, Gpr.R13, Gpr.R14, Gpr.R15);
    private static final List<Gpr> SAVED_BY_WINDOWS = List.of(Gpr.RDI, Gpr.RSI);

    /// XMM6 to XMM15.
    private static final int SAVED_VECTORS_FIRST = 6;

    private static final int SAVED_VECTORS = 10;
    private static final int VECTOR_BYTES = 16;

    /// What Windows' callers leave above the return address for the first four arguments.
    private static final int SHADOW_BYTES = 32;

    private static final int CONSTANT_ALIGNMENT = 64;

    private final X86Assembler asm = new X86Assembler();
    private final Convention convention;
    private final Map<List<Integer>, Label> constants = new LinkedHashMap<>();

    X86General(Convention convention) {
        this.convention = convention;
    }

    X86Assembler assembler() {
        return asm;
    }

    static Gpr gpr(Reg r) {
        return REGISTERS[r.number()];
    }

    static Mem mem(At m) {
        Reg index = m.index();
        return index == null
                ? Mem.at(gpr(m.base()), m.offset())
                : Mem.at(gpr(m.base()), gpr(index), 1, m.offset());
    }

    /// The place of these 32-bit words behind the code, at a multiple of 64 bytes.
    Mem constant(List<Integer> words) {
        return Mem.at(constants.computeIfAbsent(words, _ -> new Label()));
    }

    @Override
    public void begin(int workBytes) {
        assert workBytes <= WORK_BYTES_MAX;
        beginPlain();
        switch (convention) {
            case SYSTEM_V -> {}
            case WINDOWS -> saveVectors();
        }
        asm.mov(Gpr.RBP, Gpr.RSP);
        if (workBytes > 0) {
            asm.sub(Gpr.RSP, workBytes);
            asm.andq(Gpr.RSP, -CONSTANT_ALIGNMENT);
        }
    }

    /// [#begin] for code that leaves vectors alone, on processors that may not have wide ones.
    void beginPlain() {
        SAVED.forEach(asm::push);
        switch (convention) {
            case SYSTEM_V -> {}
            case WINDOWS -> moveArguments();
        }
    }

    private void moveArguments() {
        SAVED_BY_WINDOWS.forEach(asm::push);
        int pushed = (SAVED.size() + SAVED_BY_WINDOWS.size()) * Long.BYTES;
        int onStack = pushed + Long.BYTES + SHADOW_BYTES;
        asm.mov(Gpr.RDI, Gpr.RCX);
        asm.mov(Gpr.RSI, Gpr.RDX);
        asm.mov(Gpr.RDX, Gpr.R8);
        asm.mov(Gpr.RCX, Gpr.R9);
        asm.mov(Gpr.R8, Mem.at(Gpr.RSP, onStack));
        asm.mov(Gpr.R9, Mem.at(Gpr.RSP, onStack + Long.BYTES));
    }

    private void saveVectors() {
        asm.sub(Gpr.RSP, SAVED_VECTORS * VECTOR_BYTES);
        for (int i = 0; i < SAVED_VECTORS; i++) {
            asm.vmovups(Mem.at(Gpr.RSP, i * VECTOR_BYTES), savedVector(i));
        }
    }

    private static Vec savedVector(int index) {
        return new Vec(SAVED_VECTORS_FIRST + index, Width.XMM);
    }

    @Override
    public void work(Reg d) {
        asm.mov(gpr(d), Gpr.RSP);
    }

    @Override
    public void end() {
        asm.vzeroupper();
        asm.mov(Gpr.RSP, Gpr.RBP);
        switch (convention) {
            case SYSTEM_V -> {}
            case WINDOWS -> restoreVectors();
        }
        endPlain();
    }

    private void restoreVectors() {
        for (int i = 0; i < SAVED_VECTORS; i++) {
            asm.vmovups(savedVector(i), Mem.at(Gpr.RSP, i * VECTOR_BYTES));
        }
        asm.add(Gpr.RSP, SAVED_VECTORS * VECTOR_BYTES);
    }

    /// [#end] of what began with [#beginPlain].
    void endPlain() {
        switch (convention) {
            case SYSTEM_V -> {}
            case WINDOWS -> SAVED_BY_WINDOWS.reversed().forEach(asm::pop);
        }
        SAVED.reversed().forEach(asm::pop);
        asm.ret();
    }

    @Override
    public byte[] code() {
        constants.forEach((words, label) -> {
            asm.align(CONSTANT_ALIGNMENT);
            asm.bind(label);
            words.forEach(asm::word);
        });
        return asm.toBytes();
    }

    @Override
    public void set(Reg d, long value) {
        if (value == (int) value) {
            asm.mov(gpr(d), (int) value);
        } else {
            asm.mov(gpr(d), value);
        }
    }

    @Override
    public void move(Reg d, Reg s) {
        asm.mov(gpr(d), gpr(s));
    }

    @Override
    public void add(Reg d, Reg s) {
        asm.add(gpr(d), gpr(s));
    }

    @Override
    public void add(Reg d, int value) {
        asm.add(gpr(d), value);
    }

    @Override
    public void subtract(Reg d, Reg s) {
        asm.sub(gpr(d), gpr(s));
    }

    @Override
    public void multiply(Reg d, Reg s, int factor) {
        asm.imul(gpr(d), gpr(s), factor);
    }

    @Override
    public void address(Reg d, At m) {
        asm.lea(gpr(d), mem(m));
    }

    @Override
    public void address(Reg d, List<Integer> words) {
        asm.lea(gpr(d), constant(words));
    }

    @Override
    public void upperHalf(Reg d, Reg s) {
        asm.mov(gpr(d), gpr(s));
        asm.shrq(gpr(d), 32);
    }

    @Override
    public void lowerHalf(Reg d, Reg s) {
        asm.movd(gpr(d), gpr(s));
    }

    @Override
    public void prefetch(At m) {
        asm.prefetcht0(mem(m));
    }

    @Override
    public void load64(Reg d, At m) {
        asm.mov(gpr(d), mem(m));
    }

    @Override
    public void load32(Reg d, At m) {
        asm.movd(gpr(d), mem(m));
    }

    @Override
    public void load16(Reg d, At m) {
        asm.movzxw(gpr(d), mem(m));
    }

    @Override
    public void load8(Reg d, At m) {
        asm.movzxb(gpr(d), mem(m));
    }

    @Override
    public void store64(At m, Reg s) {
        asm.mov(mem(m), gpr(s));
    }

    @Override
    public void store32(At m, Reg s) {
        asm.movd(mem(m), gpr(s));
    }

    @Override
    public void store16(At m, Reg s) {
        asm.movw(mem(m), gpr(s));
    }

    @Override
    public void store8(At m, Reg s) {
        asm.movb(mem(m), gpr(s));
    }

    @Override
    public void and(Reg d, int mask) {
        asm.and(gpr(d), mask);
    }

    @Override
    public void or(Reg d, Reg s) {
        asm.or(gpr(d), gpr(s));
    }

    @Override
    public void shiftLeft(Reg d, int bits) {
        asm.shl(gpr(d), bits);
    }

    @Override
    public void shiftRight(Reg d, int bits) {
        asm.shr(gpr(d), bits);
    }

    @Override
    public void bind(Label label) {
        asm.bind(label);
    }

    @Override
    public void jump(Label label) {
        asm.jmp(label);
    }

    @Override
    public void ifZero(Reg r, Label label) {
        asm.test(gpr(r), gpr(r));
        asm.jz(label);
    }

    @Override
    public void countDown(Reg counter, Label label) {
        asm.sub(gpr(counter), 1);
        asm.jnz(label);
    }
}
