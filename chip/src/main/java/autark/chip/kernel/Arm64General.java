package autark.chip.kernel;

import static autark.chip.asm.Xreg.SP;
import static autark.chip.asm.Xreg.X0;
import static autark.chip.asm.Xreg.X1;
import static autark.chip.asm.Xreg.X10;
import static autark.chip.asm.Xreg.X11;
import static autark.chip.asm.Xreg.X12;
import static autark.chip.asm.Xreg.X13;
import static autark.chip.asm.Xreg.X16;
import static autark.chip.asm.Xreg.X17;
import static autark.chip.asm.Xreg.X2;
import static autark.chip.asm.Xreg.X29;
import static autark.chip.asm.Xreg.X3;
import static autark.chip.asm.Xreg.X30;
import static autark.chip.asm.Xreg.X4;
import static autark.chip.asm.Xreg.X5;
import static autark.chip.asm.Xreg.X6;
import static autark.chip.asm.Xreg.X7;
import static autark.chip.asm.Xreg.X8;
import static autark.chip.asm.Xreg.X9;
import static autark.chip.asm.Xreg.XZR;

import autark.chip.asm.Arm64Assembler;
import autark.chip.asm.ArmMem;
import autark.chip.asm.Condition;
import autark.chip.asm.Label;
import autark.chip.asm.Vreg;
import autark.chip.asm.Xreg;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// AArch64: registers, calling convention and constants of its kernels.
///
/// The six arguments come in X0 to X5 on every system. Kernels get X0 to X13, none of which a
/// caller wants back. X16 and X17 hold what an instruction cannot say by itself: addresses too far
/// from their base and numbers too large. X18 belongs to some systems and is never touched. The low
/// halves of V8 to V15 are the caller's, and are saved.
final class Arm64General implements GeneralMachine {
    private static final Xreg[] REGISTERS = {
        X0, X1, X2, X3, X4, X5, X6, X7, X8, X9, X10, X11, X12, X13
    };

    private static final int SAVED_VECTORS_FIRST = 8;
    private static final int SAVED_VECTORS_END = 16;

    /// The frame: X29 and X30, then the saved vectors.
    private static final int SAVED_VECTORS_AT = 16;

    private static final int FRAME_BYTES =
            SAVED_VECTORS_AT + Long.BYTES * (SAVED_VECTORS_END - SAVED_VECTORS_FIRST);

    private static final int ALIGNMENT_BITS = 6;
    private static final int IMMEDIATE_MAX = 0xFFF;
    private static final int UNSCALED_MIN = -256;
    private static final int UNSCALED_MAX = 255;

    private final Arm64Assembler asm = new Arm64Assembler();
    private final Map<List<Integer>, Label> constants = new LinkedHashMap<>();

    Arm64Assembler assembler() {
        return asm;
    }

    static Xreg xreg(Reg r) {
        return REGISTERS[r.number()];
    }

    /// The operand of an instruction that loads or stores `bytes` at once; overwrites X16 and X17
    /// where it has to be computed first.
    ArmMem mem(At m, int bytes) {
        Xreg base = xreg(m.base());
        if (m.index() != null) {
            asm.add(X16, base, xreg(m.index()));
            base = X16;
        }
        if (fits(m.offset(), bytes)) {
            return ArmMem.at(base, m.offset());
        }
        int low = m.offset() & IMMEDIATE_MAX;
        if (fits(low, bytes)) {
            addImmediate(X16, base, m.offset() - low);
            return ArmMem.at(X16, low);
        }
        addImmediate(X16, base, m.offset());
        return ArmMem.at(X16, 0);
    }

    private static boolean fits(int offset, int bytes) {
        boolean counted = offset >= 0 && offset % bytes == 0 && offset / bytes <= IMMEDIATE_MAX;
        return counted || offset >= UNSCALED_MIN && offset <= UNSCALED_MAX;
    }

    /// `d = n + value`, in as few instructions as the value needs.
    private void addImmediate(Xreg d, Xreg n, int value) {
        int magnitude = Math.abs(value);
        int low = magnitude & IMMEDIATE_MAX;
        int high = magnitude - low;
        int sign = Integer.signum(value);
        if (magnitude < 0 || high > IMMEDIATE_MAX << 12) {
            asm.mov(X17, value);
            asm.add(d, n, X17);
        } else if (high == 0) {
            asm.add(d, n, sign * low);
        } else {
            asm.add(d, n, sign * high);
            if (low != 0) {
                asm.add(d, d, sign * low);
            }
        }
    }

    /// The place of these 32-bit words behind the code, at a multiple of 64 bytes.
    Label constant(List<Integer> words) {
        return constants.computeIfAbsent(words, _ -> new Label());
    }

    @Override
    public void begin(int workBytes) {
        assert workBytes <= WORK_BYTES_MAX;
        asm.stp(X29, X30, ArmMem.preIndex(SP, -FRAME_BYTES));
        for (int i = SAVED_VECTORS_FIRST; i < SAVED_VECTORS_END; i += 2) {
            asm.stpD(new Vreg(i), new Vreg(i + 1), savedVector(i));
        }
        asm.mov(X29, SP);
        if (workBytes > 0) {
            asm.sub(X16, SP, workBytes);
            asm.lsr(X16, X16, ALIGNMENT_BITS);
            asm.lsl(X16, X16, ALIGNMENT_BITS);
            asm.mov(SP, X16);
        }
    }

    private static ArmMem savedVector(int number) {
        return ArmMem.at(SP, SAVED_VECTORS_AT + Long.BYTES * (number - SAVED_VECTORS_FIRST));
    }

    @Override
    public void work(Reg d) {
        asm.mov(xreg(d), SP);
    }

    @Override
    public void end() {
        asm.mov(SP, X29);
        for (int i = SAVED_VECTORS_FIRST; i < SAVED_VECTORS_END; i += 2) {
            asm.ldpD(new Vreg(i), new Vreg(i + 1), savedVector(i));
        }
        asm.ldp(X29, X30, ArmMem.postIndex(SP, FRAME_BYTES));
        asm.ret();
    }

    @Override
    public byte[] code() {
        constants.forEach((words, label) -> {
            asm.align(1 << ALIGNMENT_BITS);
            asm.bind(label);
            words.forEach(asm::word);
        });
        return asm.toBytes();
    }

    @Override
    public void set(Reg d, long value) {
        asm.mov(xreg(d), value);
    }

    @Override
    public void move(Reg d, Reg s) {
        asm.mov(xreg(d), xreg(s));
    }

    @Override
    public void add(Reg d, Reg s) {
        asm.add(xreg(d), xreg(d), xreg(s));
    }

    @Override
    public void add(Reg d, int value) {
        addImmediate(xreg(d), xreg(d), value);
    }

    @Override
    public void subtract(Reg d, Reg s) {
        asm.sub(xreg(d), xreg(d), xreg(s));
    }

    @Override
    public void multiply(Reg d, Reg s, int factor) {
        asm.mov(X17, factor);
        asm.mul(xreg(d), xreg(s), X17);
    }

    @Override
    public void address(Reg d, At m) {
        Xreg base = xreg(m.base());
        if (m.index() != null) {
            asm.add(X16, base, xreg(m.index()));
            base = X16;
        }
        addImmediate(xreg(d), base, m.offset());
    }

    @Override
    public void address(Reg d, List<Integer> words) {
        asm.adr(xreg(d), constant(words));
    }

    @Override
    public void upperHalf(Reg d, Reg s) {
        asm.lsr(xreg(d), xreg(s), Integer.SIZE);
    }

    @Override
    public void lowerHalf(Reg d, Reg s) {
        asm.orrW(xreg(d), XZR, xreg(s));
    }

    @Override
    public void prefetch(At m) {
        asm.prfmPldl1keep(mem(m, Long.BYTES));
    }

    @Override
    public void load64(Reg d, At m) {
        Reg index = m.index();
        if (index != null && m.offset() == 0) {
            asm.ldr(xreg(d), xreg(m.base()), xreg(index), 0);
        } else {
            asm.ldr(xreg(d), mem(m, Long.BYTES));
        }
    }

    @Override
    public void load32(Reg d, At m) {
        Reg index = m.index();
        if (index != null && m.offset() == 0) {
            asm.ldrW(xreg(d), xreg(m.base()), xreg(index), 0);
        } else {
            asm.ldrW(xreg(d), mem(m, Integer.BYTES));
        }
    }

    @Override
    public void load16(Reg d, At m) {
        asm.ldrh(xreg(d), mem(m, Short.BYTES));
    }

    @Override
    public void load8(Reg d, At m) {
        asm.ldrb(xreg(d), mem(m, Byte.BYTES));
    }

    @Override
    public void store64(At m, Reg s) {
        asm.str(xreg(s), mem(m, Long.BYTES));
    }

    @Override
    public void store32(At m, Reg s) {
        asm.strW(xreg(s), mem(m, Integer.BYTES));
    }

    @Override
    public void store16(At m, Reg s) {
        asm.strh(xreg(s), mem(m, Short.BYTES));
    }

    @Override
    public void store8(At m, Reg s) {
        asm.strb(xreg(s), mem(m, Byte.BYTES));
    }

    @Override
    public void and(Reg d, int mask) {
        if (Arm64Assembler.isMask(mask)) {
            asm.andW(xreg(d), xreg(d), mask);
        } else {
            asm.mov(X17, Integer.toUnsignedLong(mask));
            asm.and(xreg(d), xreg(d), X17);
        }
    }

    @Override
    public void or(Reg d, Reg s) {
        asm.orrW(xreg(d), xreg(d), xreg(s));
    }

    @Override
    public void shiftLeft(Reg d, int bits) {
        asm.lslW(xreg(d), xreg(d), bits);
    }

    @Override
    public void shiftRight(Reg d, int bits) {
        asm.lsrW(xreg(d), xreg(d), bits);
    }

    @Override
    public void bind(Label label) {
        asm.bind(label);
    }

    @Override
    public void jump(Label label) {
        asm.b(label);
    }

    @Override
    public void ifZero(Reg r, Label label) {
        asm.cbz(xreg(r), label);
    }

    @Override
    public void countDown(Reg counter, Label label) {
        asm.subs(xreg(counter), xreg(counter), 1);
        asm.b(Condition.NE, label);
    }
}
