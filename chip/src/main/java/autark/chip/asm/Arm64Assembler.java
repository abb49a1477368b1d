package autark.chip.asm;

/// Assembles AArch64: general instructions, and loads and stores of general and vector registers.
/// Instructions between vector registers are those of [#neon].
///
/// A method is an instruction of the Arm manual, operands in its order, destination first. A
/// capital at the end of a name is the operand's size where the manual says it by the name of the
/// register: `ldrQ` loads 128 bits. Arithmetic is 64 bits wide, or 32 with a `W`, which clears the
/// upper half.
///
/// An instruction is 32 bits: a few that say which it is, then fields, most often
///
/// ```
/// d  bits 0-4    destination, or the register that is loaded or stored (t)
/// n  bits 5-9    first source, or the base register
/// m  bits 16-20  second source
/// ```
///
/// The constants have zeros in their fields, which are:
///
/// ```
/// add, sub, subs, immediate      1 op S 100010 shifted:1 imm:12 n d
/// add, sub, subs, and, orr, eor  1 op:2 0101x 00 0 m amount:6 n d
/// madd                           1 0011011 000 m 0 a n d
/// movz, movk, movn               1 op:2 100101 half:2 imm:16 d
/// lsl, lsr, asr                  1 op:2 100110 1 rotate:6 last:6 n d
/// ldr, str  [n, #unsigned]       size:2 111 V 01 op:2 imm:12 n t        counted in operands
///           [n, #signed]         size:2 111 V 00 op:2 0 imm:9 mode:2 n t
///           [n, m]               size:2 111 V 00 op:2 1 m 011 S 10 n t  S: m times the operand
/// ldp, stp                       op:2 101 V mode:3 L imm:7 t2 n t       counted in operands
/// and, immediate                 0 00 100100 0 rotate:6 last:6 n d      32 bits wide
/// ```
public final class Arm64Assembler {
    private static final int ADD_IMMEDIATE = 0x91000000;
    private static final int SUBS_IMMEDIATE = 0xF1000000;
    private static final int SUB_NOT_ADD = 1 << 30;
    private static final int IMMEDIATE_SHIFTED_12 = 1 << 22;
    private static final int ADD = 0x8B000000;
    private static final int SUB = 0xCB000000;
    private static final int SUBS = 0xEB000000;
    private static final int AND = 0x8A000000;
    private static final int ORR = 0xAA000000;
    private static final int EOR = 0xCA000000;
    private static final int MADD = 0x9B000000;
    private static final int MOVN = 0x92800000;
    private static final int MOVZ = 0xD2800000;
    private static final int MOVK = 0xF2800000;
    private static final int UBFM = 0xD3400000;
    private static final int SBFM = 0x93400000;
    private static final int AND_IMMEDIATE_W = 0x12000000;
    private static final int ORR_W = 0x2A000000;
    private static final int UBFM_W = 0x53000000;
    private static final int LDR_Q_LITERAL = 0x9C000000;
    private static final int B = 0x14000000;
    private static final int B_CONDITION = 0x54000000;
    private static final int CBZ = 0xB4000000;
    private static final int CBNZ = 0xB5000000;
    private static final int RET = 0xD65F03C0;
    private static final int BLR = 0xD63F0000;
    private static final int ADR = 0x10000000;
    private static final int SVC = 0xD4000001;
    private static final int LD1R_POST_INDEX = 0x009F0000;

    private static final Transfer LDR = Transfer.general(3, 1);
    private static final Transfer STR = Transfer.general(3, 0);
    private static final Transfer LDR_W = Transfer.general(2, 1);
    private static final Transfer STR_W = Transfer.general(2, 0);
    private static final Transfer LDRSW = Transfer.general(2, 2);
    private static final Transfer LDRH = Transfer.general(1, 1);
    private static final Transfer STRH = Transfer.general(1, 0);
    private static final Transfer LDRB = Transfer.general(0, 1);
    private static final Transfer STRB = Transfer.general(0, 0);
    private static final Transfer PRFM = Transfer.general(3, 2);
    private static final Transfer LDR_Q = Transfer.vector(0, 3, 4);
    private static final Transfer STR_Q = Transfer.vector(0, 2, 4);
    private static final Transfer LDR_D = Transfer.vector(3, 1, 3);
    private static final Transfer STR_D = Transfer.vector(3, 0, 3);
    private static final Transfer LDR_S = Transfer.vector(2, 1, 2);
    private static final Transfer STR_S = Transfer.vector(2, 0, 2);
    private static final Transfer LDP = new Transfer(0xA8400000, 3);
    private static final Transfer STP = new Transfer(0xA8000000, 3);
    private static final Transfer LDP_D = new Transfer(0x6C400000, 3);
    private static final Transfer STP_D = new Transfer(0x6C000000, 3);
    private static final Transfer LDP_Q = new Transfer(0xAC400000, 4);
    private static final Transfer STP_Q = new Transfer(0xAC000000, 4);

    /// A load or store without its operands.
    ///
    /// @param shift bytes of the operand, as the power of two
    private record Transfer(int bits, int shift) {
        static Transfer general(int size, int opc) {
            return new Transfer(0x38000000 | size << 30 | opc << 22, size);
        }

        static Transfer vector(int size, int opc, int shift) {
            return new Transfer(0x3C000000 | size << 30 | opc << 22, shift);
        }
    }

    private final CodeBuffer code = new CodeBuffer();
    private final NeonAssembler neon = new NeonAssembler(code);

    public Arm64Assembler() {}

    public byte[] toBytes() {
        return code.toBytes();
    }

    /// Writes to the same code.
    public NeonAssembler neon() {
        return neon;
    }

    public void bind(Label label) {
        label.bind(code);
    }

    /// Fills up with zeros, which are never run, to a multiple of `bytes`.
    public void align(int bytes) {
        while (code.size() % bytes != 0) {
            code.put(0);
        }
    }

    /// A 32-bit constant between instructions.
    public void word(int value) {
        code.putInt(value);
    }

    public void b(Label label) {
        label.use(code, Distance.IMM26, B);
    }

    public void b(Condition condition, Label label) {
        label.use(code, Distance.IMM19, B_CONDITION | condition.code());
    }

    public void cbz(Xreg t, Label label) {
        label.use(code, Distance.IMM19, CBZ | t.orZero());
    }

    public void cbnz(Xreg t, Label label) {
        label.use(code, Distance.IMM19, CBNZ | t.orZero());
    }

    public void ret() {
        code.putInt(RET);
    }

    /// Calls the code at an address.
    public void blr(Xreg n) {
        code.putInt(BLR | n.orZero() << 5);
    }

    /// Calls the system.
    public void svc(int number) {
        code.putInt(SVC | unsigned(number, 16, "number") << 5);
    }

    /// The address of a label.
    public void adr(Xreg d, Label label) {
        label.use(code, Distance.ADR, ADR | d.orZero());
    }

    public void mov(Xreg d, Xreg s) {
        if (d == Xreg.SP || s == Xreg.SP) {
            add(d, s, 0);
        } else {
            orr(d, Xreg.XZR, s);
        }
    }

    /// Sets all 64 bits, with as few instructions of the next three as it takes.
    public void mov(Xreg d, long value) {
        boolean inverted = halves(value, 0xFFFF) > halves(value, 0);
        int filler = inverted ? 0xFFFF : 0;
        boolean first = true;
        for (int shift = 0; shift < Long.SIZE; shift += 16) {
            int half = half(value, shift);
            if (half == filler) {
                continue;
            }
            if (!first) {
                movk(d, half, shift);
            } else if (inverted) {
                movn(d, half ^ 0xFFFF, shift);
            } else {
                movz(d, half, shift);
            }
            first = false;
        }
        if (first && inverted) {
            movn(d, 0, 0);
        } else if (first) {
            movz(d, 0, 0);
        }
    }

    private static int halves(long value, int wanted) {
        int count = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 16) {
            count += half(value, shift) == wanted ? 1 : 0;
        }
        return count;
    }

    private static int half(long value, int shift) {
        return (int) (value >>> shift) & 0xFFFF;
    }

    /// Sets 16 bits and clears the others.
    public void movz(Xreg d, int value, int shift) {
        moveWide(MOVZ, d, value, shift);
    }

    /// Sets 16 bits and keeps the others.
    public void movk(Xreg d, int value, int shift) {
        moveWide(MOVK, d, value, shift);
    }

    /// As [#movz], then inverts all bits.
    public void movn(Xreg d, int value, int shift) {
        moveWide(MOVN, d, value, shift);
    }

    private void moveWide(int op, Xreg d, int value, int shift) {
        if (shift % 16 != 0 || shift < 0 || shift >= Long.SIZE) {
            throw new IllegalArgumentException(
                    "found shift %d, expected 0, 16, 32 or 48".formatted(shift));
        }
        code.putInt(op | shift / 16 << 21 | unsigned(value, 16, "value") << 5 | d.orZero());
    }

    /// @param value up to 4095, or to 4095 * 4096 in steps of 4096, of either sign
    public void add(Xreg d, Xreg n, int value) {
        immediate(ADD_IMMEDIATE, d.orSp(), n, value);
    }

    public void sub(Xreg d, Xreg n, int value) {
        immediate(ADD_IMMEDIATE ^ SUB_NOT_ADD, d.orSp(), n, value);
    }

    public void subs(Xreg d, Xreg n, int value) {
        immediate(SUBS_IMMEDIATE, d.orZero(), n, value);
    }

    public void cmp(Xreg n, int value) {
        subs(Xreg.XZR, n, value);
    }

    /// Adding a negative value is subtracting, and the reverse.
    private void immediate(int op, int d, Xreg n, int value) {
        long magnitude = Math.abs((long) value);
        boolean shifted = magnitude > 0xFFF;
        if (shifted && ((magnitude & 0xFFF) != 0 || magnitude > 0xFFF000)) {
            throw new IllegalArgumentException(
                    "found immediate %d, expected at most 4095, or 4095 times 4096 in steps of 4096"
                            .formatted(value));
        }
        int word = value < 0 ? op ^ SUB_NOT_ADD : op;
        int field = (int) (shifted ? magnitude >> 12 : magnitude);
        code.putInt(word | (shifted ? IMMEDIATE_SHIFTED_12 : 0) | field << 10 | n.orSp() << 5 | d);
    }

    public void add(Xreg d, Xreg n, Xreg m) {
        general(ADD, d, n, m);
    }

    /// `d = n + (m << shift)`.
    public void add(Xreg d, Xreg n, Xreg m, int shift) {
        general(ADD | unsigned(shift, 6, "shift") << 10, d, n, m);
    }

    public void sub(Xreg d, Xreg n, Xreg m) {
        general(SUB, d, n, m);
    }

    /// `d = n - (m << shift)`.
    public void sub(Xreg d, Xreg n, Xreg m, int shift) {
        general(SUB | unsigned(shift, 6, "shift") << 10, d, n, m);
    }

    public void subs(Xreg d, Xreg n, Xreg m) {
        general(SUBS, d, n, m);
    }

    public void cmp(Xreg n, Xreg m) {
        subs(Xreg.XZR, n, m);
    }

    public void and(Xreg d, Xreg n, Xreg m) {
        general(AND, d, n, m);
    }

    public void orr(Xreg d, Xreg n, Xreg m) {
        general(ORR, d, n, m);
    }

    public void eor(Xreg d, Xreg n, Xreg m) {
        general(EOR, d, n, m);
    }

    public void mul(Xreg d, Xreg n, Xreg m) {
        madd(d, n, m, Xreg.XZR);
    }

    /// `d = n * m + a`.
    public void madd(Xreg d, Xreg n, Xreg m, Xreg a) {
        general(MADD | a.orZero() << 10, d, n, m);
    }

    public void orrW(Xreg d, Xreg n, Xreg m) {
        general(ORR_W, d, n, m);
    }

    /// @param mask for which [#isMask] holds
    public void andW(Xreg d, Xreg n, int mask) {
        int fields = maskFields(mask);
        if (fields < 0) {
            throw new IllegalArgumentException(
                    "found mask %#x, expected a row of ones, turned, in equal parts"
                            .formatted(mask));
        }
        code.putInt(AND_IMMEDIATE_W | fields << 10 | n.orZero() << 5 | d.orSp());
    }

    /// Whether a mask can be an immediate: equal parts of 2, 4, 8, 16 or 32 bits, each of them a
    /// row of ones, but not all ones, turned to the right.
    public static boolean isMask(int mask) {
        return maskFields(mask) >= 0;
    }

    /// The fields `rotate` and `last`, or a negative number. Above the number of the last one,
    /// `last` has as many ones as say the size of a part.
    private static int maskFields(int mask) {
        for (int size = 2; size <= Integer.SIZE; size *= 2) {
            for (int ones = 1; ones < size; ones++) {
                for (int rotate = 0; rotate < size; rotate++) {
                    if (repeated(ones, rotate, size) == mask) {
                        return rotate << 6 | -2 * size & 0x3F | ones - 1;
                    }
                }
            }
        }
        return -1;
    }

    private static int repeated(int ones, int rotate, int size) {
        long row = (1L << ones) - 1;
        long part = row >> rotate | row << size - rotate & (1L << size) - 1;
        long bits = 0;
        for (int shift = 0; shift < Integer.SIZE; shift += size) {
            bits |= part << shift;
        }
        return (int) bits;
    }

    private void general(int op, Xreg d, Xreg n, Xreg m) {
        code.putInt(op | m.orZero() << 16 | n.orZero() << 5 | d.orZero());
    }

    public void lsl(Xreg d, Xreg n, int shift) {
        int left = unsigned(shift, 6, "shift");
        bitfield(UBFM, d, n, -left & 63, 63 - left);
    }

    /// Shifts right, zeros coming in.
    public void lsr(Xreg d, Xreg n, int shift) {
        bitfield(UBFM, d, n, unsigned(shift, 6, "shift"), 63);
    }

    /// Shifts right, copies of the sign coming in.
    public void asr(Xreg d, Xreg n, int shift) {
        bitfield(SBFM, d, n, unsigned(shift, 6, "shift"), 63);
    }

    public void lslW(Xreg d, Xreg n, int shift) {
        int left = unsigned(shift, 5, "shift");
        bitfield(UBFM_W, d, n, -left & 31, 31 - left);
    }

    public void lsrW(Xreg d, Xreg n, int shift) {
        bitfield(UBFM_W, d, n, unsigned(shift, 5, "shift"), 31);
    }

    private void bitfield(int op, Xreg d, Xreg n, int rotate, int last) {
        code.putInt(op | rotate << 16 | last << 10 | n.orZero() << 5 | d.orZero());
    }

    // Loads and stores. Offsets are up to 4095 operands, or -256 to 255 bytes.

    public void ldr(Xreg t, ArmMem m) {
        transfer(LDR, t, m);
    }

    public void str(Xreg t, ArmMem m) {
        transfer(STR, t, m);
    }

    /// Loads `[base + (index << shift)]`; the shift is 0 or 3.
    public void ldr(Xreg t, Xreg base, Xreg index, int shift) {
        transfer(LDR, t.orZero(), base, index, shift);
    }

    /// Loads 32 bits and clears the upper half.
    public void ldrW(Xreg t, ArmMem m) {
        transfer(LDR_W, t, m);
    }

    /// Loads 32 bits of `[base + (index << shift)]`; the shift is 0 or 2.
    public void ldrW(Xreg t, Xreg base, Xreg index, int shift) {
        transfer(LDR_W, t.orZero(), base, index, shift);
    }

    public void strW(Xreg t, ArmMem m) {
        transfer(STR_W, t, m);
    }

    /// Loads 32 bits with their sign.
    public void ldrsw(Xreg t, ArmMem m) {
        transfer(LDRSW, t, m);
    }

    public void ldrh(Xreg t, ArmMem m) {
        transfer(LDRH, t, m);
    }

    public void strh(Xreg t, ArmMem m) {
        transfer(STRH, t, m);
    }

    public void ldrb(Xreg t, ArmMem m) {
        transfer(LDRB, t, m);
    }

    public void strb(Xreg t, ArmMem m) {
        transfer(STRB, t, m);
    }

    /// Prefetches for a load into the first cache, to be kept.
    public void prfmPldl1keep(ArmMem m) {
        if (m.mode() != ArmMem.Mode.OFFSET) {
            throw new IllegalArgumentException("found %s, expected OFFSET".formatted(m.mode()));
        }
        transfer(PRFM, 0, m);
    }

    public void ldrQ(Vreg t, ArmMem m) {
        transfer(LDR_Q, t.number(), m);
    }

    public void strQ(Vreg t, ArmMem m) {
        transfer(STR_Q, t.number(), m);
    }

    /// Loads `[base + (index << shift)]`; the shift is 0 or 4.
    public void ldrQ(Vreg t, Xreg base, Xreg index, int shift) {
        transfer(LDR_Q, t.number(), base, index, shift);
    }

    /// Loads what is at a label.
    public void ldrQ(Vreg t, Label label) {
        label.use(code, Distance.IMM19, LDR_Q_LITERAL | t.number());
    }

    /// Loads 64 bits and clears the others.
    public void ldrD(Vreg t, ArmMem m) {
        transfer(LDR_D, t.number(), m);
    }

    public void strD(Vreg t, ArmMem m) {
        transfer(STR_D, t.number(), m);
    }

    /// Loads 32 bits and clears the others.
    public void ldrS(Vreg t, ArmMem m) {
        transfer(LDR_S, t.number(), m);
    }

    /// Loads `[base + (index << shift)]`; the shift is 0 or 2.
    public void ldrS(Vreg t, Xreg base, Xreg index, int shift) {
        transfer(LDR_S, t.number(), base, index, shift);
    }

    public void strS(Vreg t, ArmMem m) {
        transfer(STR_S, t.number(), m);
    }

    private void transfer(Transfer op, Xreg t, ArmMem m) {
        if (m.mode() != ArmMem.Mode.OFFSET && t == m.base()) {
            throw new IllegalArgumentException(
                    "found %s both as base that changes and as operand".formatted(t));
        }
        transfer(op, t.orZero(), m);
    }

    private void transfer(Transfer op, int t, ArmMem m) {
        int offset = m.offset();
        int scaled = offset >> op.shift();
        boolean whole = scaled << op.shift() == offset && scaled >= 0 && scaled <= 0xFFF;
        boolean counted = whole && m.mode() == ArmMem.Mode.OFFSET;
        if (!counted && (offset < -256 || offset > 255)) {
            throw new IllegalArgumentException(
                    "found %s, expected an offset from -256 to 255%s"
                            .formatted(
                                    m,
                                    m.mode() == ArmMem.Mode.OFFSET
                                            ? " or a multiple of %d up to %d"
                                                    .formatted(1 << op.shift(), 0xFFF << op.shift())
                                            : ""));
        }
        int field = counted ? 1 << 24 | scaled << 10 : (offset & 0x1FF) << 12 | mode(m);
        code.putInt(op.bits() | field | m.base().orSp() << 5 | t);
    }

    private static int mode(ArmMem m) {
        return switch (m.mode()) {
            case OFFSET -> 0;
            case POST_INDEX -> 1 << 10;
            case PRE_INDEX -> 3 << 10;
        };
    }

    private void transfer(Transfer op, int t, Xreg base, Xreg index, int shift) {
        if (shift != 0 && shift != op.shift()) {
            throw new IllegalArgumentException(
                    "found shift %d, expected 0 or %d".formatted(shift, op.shift()));
        }
        int form = 1 << 21 | 0b011 << 13 | (shift == 0 ? 0 : 1) << 12 | 0b10 << 10;
        code.putInt(op.bits() | form | index.orZero() << 16 | base.orSp() << 5 | t);
    }

    public void ldp(Xreg t, Xreg t2, ArmMem m) {
        if (t == t2) {
            throw new IllegalArgumentException("found %s loaded twice".formatted(t));
        }
        pair(LDP, t, t2, m);
    }

    public void stp(Xreg t, Xreg t2, ArmMem m) {
        pair(STP, t, t2, m);
    }

    public void ldpD(Vreg t, Vreg t2, ArmMem m) {
        loadPair(LDP_D, t, t2, m);
    }

    public void stpD(Vreg t, Vreg t2, ArmMem m) {
        pair(STP_D, t.number(), t2.number(), m);
    }

    public void ldpQ(Vreg t, Vreg t2, ArmMem m) {
        loadPair(LDP_Q, t, t2, m);
    }

    public void stpQ(Vreg t, Vreg t2, ArmMem m) {
        pair(STP_Q, t.number(), t2.number(), m);
    }

    private void pair(Transfer op, Xreg t, Xreg t2, ArmMem m) {
        if (m.mode() != ArmMem.Mode.OFFSET && (t == m.base() || t2 == m.base())) {
            throw new IllegalArgumentException(
                    "found %s both as base that changes and as operand".formatted(m.base()));
        }
        pair(op, t.orZero(), t2.orZero(), m);
    }

    private void loadPair(Transfer op, Vreg t, Vreg t2, ArmMem m) {
        if (t.equals(t2)) {
            throw new IllegalArgumentException("found %s loaded twice".formatted(t));
        }
        pair(op, t.number(), t2.number(), m);
    }

    private void pair(Transfer op, int t, int t2, ArmMem m) {
        int scaled = m.offset() >> op.shift();
        if (scaled << op.shift() != m.offset() || scaled < -64 || scaled > 63) {
            throw new IllegalArgumentException(
                    "found %s, expected an offset from -64 to 63 times %d"
                            .formatted(m, 1 << op.shift()));
        }
        int mode =
                switch (m.mode()) {
                    case POST_INDEX -> 1 << 23;
                    case OFFSET -> 2 << 23;
                    case PRE_INDEX -> 3 << 23;
                };
        code.putInt(op.bits() | mode | (scaled & 0x7F) << 15 | t2 << 10 | m.base().orSp() << 5 | t);
    }

    /// Loads one lane and copies it to all.
    ///
    /// @param m without an offset, or post-indexed by the bytes of the lane
    public void ld1r(Arrangement a, Vreg t, ArmMem m) {
        boolean after = m.mode() == ArmMem.Mode.POST_INDEX;
        int offset = after ? a.laneBytes() : 0;
        if (m.mode() == ArmMem.Mode.PRE_INDEX || m.offset() != offset) {
            throw new IllegalArgumentException(
                    "found %s, expected no offset, or %d after the access"
                            .formatted(m, a.laneBytes()));
        }
        int word = NeonOp.LD1R.in(a) | a.size() << 10 | (after ? LD1R_POST_INDEX : 0);
        code.putInt(word | m.base().orSp() << 5 | t.number());
    }

    /// Checks that a value fits in a field.
    static int unsigned(int value, int bits, String what) {
        int limit = (1 << bits) - 1;
        if (value < 0 || value > limit) {
            throw new IllegalArgumentException(
                    "found %s %d, expected 0 to %d".formatted(what, value, limit));
        }
        return value;
    }
}
