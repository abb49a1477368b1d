package autark.chip.asm;

import autark.chip.asm.Vec.Width;
import org.jspecify.annotations.Nullable;

/// Assembles x86-64: a few general instructions, AVX and AVX2 in VEX encoding (128 and 256 bits),
/// AVX-512 in EVEX encoding (512 bits, with embedded broadcast).
///
/// A method is an instruction of Intel's manual (volume 2), operands in its order, destination
/// first. What the encodings are made of:
///
/// ```
/// VEX   C4  ~R ~X ~B mmmmm   W ~vvvv L pp              opcode ModRM [SIB] [disp]
/// EVEX  62  ~R ~X ~B ~R' 0 mmm   W ~vvvv 1 pp   z L'L b ~V' aaa   opcode ModRM [SIB] [disp8*N]
/// ```
///
/// `R X B` extend the register fields by their fourth bit, `R' V'` by the fifth (a register in the
/// r/m field takes `X` for it); `vvvv` is the first source; `mmm` names the opcode map, `pp` the
/// legacy prefix. EVEX scales a one-byte displacement by `N`, the bytes that the operand reads.
public final class X86Assembler {
    private static final int MAP_0F = 1;
    private static final int MAP_0F38 = 2;
    private static final int MAP_0F3A = 3;
    private static final int PREFIX_NONE = 0;
    private static final int PREFIX_66 = 1;
    private static final int PREFIX_F3 = 2;

    /// One vector instruction without its operands.
    private record Op(int prefix, int map, int w, int opcode) {}

    private static final Op VMOVUPS_LOAD = new Op(PREFIX_NONE, MAP_0F, 0, 0x10);
    private static final Op VMOVUPS_STORE = new Op(PREFIX_NONE, MAP_0F, 0, 0x11);
    private static final Op VPXOR = new Op(PREFIX_66, MAP_0F, 0, 0xEF);
    private static final Op VPAND = new Op(PREFIX_66, MAP_0F, 0, 0xDB);
    private static final Op VPOR = new Op(PREFIX_66, MAP_0F, 0, 0xEB);
    private static final Op VPADDD = new Op(PREFIX_66, MAP_0F, 0, 0xFE);
    private static final Op VPADDW = new Op(PREFIX_66, MAP_0F, 0, 0xFD);
    private static final Op VPMADDWD = new Op(PREFIX_66, MAP_0F, 0, 0xF5);
    private static final Op VPMADDUBSW = new Op(PREFIX_66, MAP_0F38, 0, 0x04);
    private static final Op VPSIGNB = new Op(PREFIX_66, MAP_0F38, 0, 0x08);
    private static final Op VPABSB = new Op(PREFIX_66, MAP_0F38, 0, 0x1C);
    private static final Op VPSHUFB = new Op(PREFIX_66, MAP_0F38, 0, 0x00);
    private static final Op VPDPBUSD = new Op(PREFIX_66, MAP_0F38, 0, 0x50);
    private static final Op VPBROADCASTD = new Op(PREFIX_66, MAP_0F38, 0, 0x58);
    private static final Op VBROADCASTSS = new Op(PREFIX_66, MAP_0F38, 0, 0x18);
    private static final Op VBROADCASTI128 = new Op(PREFIX_66, MAP_0F38, 0, 0x5A);
    private static final Op VPMOVSXBD = new Op(PREFIX_66, MAP_0F38, 0, 0x21);
    private static final Op VPMOVZXBD = new Op(PREFIX_66, MAP_0F38, 0, 0x31);
    private static final Op VPMOVZXWD = new Op(PREFIX_66, MAP_0F38, 0, 0x33);
    private static final Op VCVTPH2PS = new Op(PREFIX_66, MAP_0F38, 0, 0x13);
    private static final Op VCVTDQ2PS = new Op(PREFIX_NONE, MAP_0F, 0, 0x5B);
    private static final Op VMULPS = new Op(PREFIX_NONE, MAP_0F, 0, 0x59);
    private static final Op VFMADD231PS = new Op(PREFIX_66, MAP_0F38, 0, 0xB8);
    private static final Op VFMADD213PS = new Op(PREFIX_66, MAP_0F38, 0, 0xA8);
    private static final Op VADDPS = new Op(PREFIX_NONE, MAP_0F, 0, 0x58);
    private static final Op VSUBPS = new Op(PREFIX_NONE, MAP_0F, 0, 0x5C);
    private static final Op VDIVPS = new Op(PREFIX_NONE, MAP_0F, 0, 0x5E);
    private static final Op VMAXPS = new Op(PREFIX_NONE, MAP_0F, 0, 0x5F);
    private static final Op VPANDN = new Op(PREFIX_66, MAP_0F, 0, 0xDF);
    private static final Op VPERMILPS_IMMEDIATE = new Op(PREFIX_66, MAP_0F3A, 0, 0x04);
    private static final Op VEXTRACTF128 = new Op(PREFIX_66, MAP_0F3A, 0, 0x19);
    private static final Op VEXTRACTF64X4 = new Op(PREFIX_66, MAP_0F3A, 1, 0x1B);
    private static final Op VPTERNLOGD = new Op(PREFIX_66, MAP_0F3A, 0, 0x25);
    private static final Op VMINPS = new Op(PREFIX_NONE, MAP_0F, 0, 0x5D);
    private static final Op VSQRTPS = new Op(PREFIX_NONE, MAP_0F, 0, 0x51);
    private static final Op VCVTPS2DQ = new Op(PREFIX_66, MAP_0F, 0, 0x5B);
    private static final Op VCVTPS2PH = new Op(PREFIX_66, MAP_0F3A, 0, 0x1D);
    private static final Op VPMOVDB = new Op(PREFIX_F3, MAP_0F38, 0, 0x31);
    private static final Op VPACKSSDW = new Op(PREFIX_66, MAP_0F, 0, 0x6B);
    private static final Op VPACKSSWB = new Op(PREFIX_66, MAP_0F, 0, 0x63);
    private static final Op VMOVD_STORE = new Op(PREFIX_66, MAP_0F, 0, 0x7E);
    private static final Op VMOVSS_STORE = new Op(PREFIX_F3, MAP_0F, 0, 0x11);
    private static final Op VMOVDQA = new Op(PREFIX_66, MAP_0F, 0, 0x6F);
    private static final Op VPSHIFT_D_IMMEDIATE = new Op(PREFIX_66, MAP_0F, 0, 0x72);

    private final CodeBuffer code = new CodeBuffer();

    public X86Assembler() {}

    public byte[] toBytes() {
        return code.toBytes();
    }

    // General instructions, 64 bits wide.

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

    public void ret() {
        code.put(0xC3);
    }

    /// Calls the code at an address.
    public void call(Gpr r) {
        if (r.number() >= 8) {
            code.put(0x41);
        }
        code.put(0xFF);
        code.put(0xD0 + (r.number() & 7));
    }

    public void push(Gpr r) {
        if (r.number() >= 8) {
            code.put(0x41);
        }
        code.put(0x50 + (r.number() & 7));
    }

    public void pop(Gpr r) {
        if (r.number() >= 8) {
            code.put(0x41);
        }
        code.put(0x58 + (r.number() & 7));
    }

    public void mov(Gpr d, Gpr s) {
        general(0x89, s.number(), d.number());
    }

    public void mov(Gpr d, Mem m) {
        general(0x8B, d.number(), m);
    }

    /// Stores 64 bits.
    public void mov(Mem m, Gpr s) {
        general(0x89, s.number(), m);
    }

    /// Stores 32 bits.
    public void movd(Mem m, Gpr s) {
        rex(0, s.number(), m);
        code.put(0x89);
        modRm(s.number(), m, 1);
    }

    /// Sets 32 bits and clears the upper half.
    public void movd(Gpr d, Mem m) {
        rex(0, d.number(), m);
        code.put(0x8B);
        modRm(d.number(), m, 1);
    }

    public void mov(Gpr d, int value) {
        code.put(0x48 | d.number() >> 3);
        code.put(0xC7);
        code.put(0xC0 | d.number() & 7);
        code.putInt(value);
    }

    /// Sets all 64 bits.
    public void mov(Gpr d, long value) {
        code.put(0x48 | d.number() >> 3);
        code.put(0xB8 | d.number() & 7);
        code.putInt((int) value);
        code.putInt((int) (value >> 32));
    }

    /// Loads 16 bits and clears the rest.
    public void movzxw(Gpr d, Mem m) {
        rex(0, d.number(), m);
        code.put(0x0F);
        code.put(0xB7);
        modRm(d.number(), m, 1);
    }

    /// Loads 8 bits and clears the rest.
    public void movzxb(Gpr d, Mem m) {
        rex(0, d.number(), m);
        code.put(0x0F);
        code.put(0xB6);
        modRm(d.number(), m, 1);
    }

    /// Stores 16 bits.
    public void movw(Mem m, Gpr s) {
        code.put(0x66);
        rex(0, s.number(), m);
        code.put(0x89);
        modRm(s.number(), m, 1);
    }

    /// Stores 8 bits. The prefix makes the low byte of RSI and RDI nameable, too.
    public void movb(Mem m, Gpr s) {
        int bits = s.number() >> 3 << 2 | indexHigh(m) << 1 | baseHigh(m);
        code.put(0x40 | bits);
        code.put(0x88);
        modRm(s.number(), m, 1);
    }

    /// 32 bits; the upper half is cleared.
    public void and(Gpr d, int mask) {
        rexOfOne(d);
        code.put(0x81);
        code.put(0xE0 | d.number() & 7);
        code.putInt(mask);
    }

    /// 64 bits, the mask widened by its sign.
    public void andq(Gpr d, int mask) {
        arithmetic(4, d, mask);
    }

    public void or(Gpr d, Gpr s) {
        general(0x09, s.number(), d.number());
    }

    /// 32 bits; the upper half is cleared.
    public void shl(Gpr d, int bits) {
        rexOfOne(d);
        code.put(0xC1);
        code.put(0xE0 | d.number() & 7);
        code.put(bits);
    }

    /// 32 bits, zeros coming in; the upper half is cleared.
    public void shr(Gpr d, int bits) {
        rexOfOne(d);
        code.put(0xC1);
        code.put(0xE8 | d.number() & 7);
        code.put(bits);
    }

    /// 64 bits, zeros coming in.
    public void shrq(Gpr d, int bits) {
        code.put(0x48 | d.number() >> 3);
        code.put(0xC1);
        code.put(0xE8 | d.number() & 7);
        code.put(bits);
    }

    /// Copies 32 bits and clears the upper half.
    public void movd(Gpr d, Gpr s) {
        int bits = s.number() >> 3 << 2 | d.number() >> 3;
        if (bits != 0) {
            code.put(0x40 | bits);
        }
        code.put(0x89);
        code.put(0xC0 | (s.number() & 7) << 3 | d.number() & 7);
    }

    private void rexOfOne(Gpr d) {
        if (d.number() >= 8) {
            code.put(0x41);
        }
    }

    /// Asks for a cache line.
    public void prefetcht0(Mem m) {
        rex(0, 0, m);
        code.put(0x0F);
        code.put(0x18);
        modRm(1, m, 1);
    }

    public void test(Gpr a, Gpr b) {
        general(0x85, b.number(), a.number());
    }

    public void jmp(Label label) {
        code.put(0xE9);
        label.use(code, Distance.REL32, 0);
    }

    public void jz(Label label) {
        code.put(0x0F);
        code.put(0x84);
        label.use(code, Distance.REL32, 0);
    }

    public void lea(Gpr d, Mem m) {
        general(0x8D, d.number(), m);
    }

    public void add(Gpr d, Gpr s) {
        general(0x01, s.number(), d.number());
    }

    public void add(Gpr d, Mem m) {
        general(0x03, d.number(), m);
    }

    public void add(Gpr d, int value) {
        arithmetic(0, d, value);
    }

    public void sub(Gpr d, Gpr s) {
        general(0x29, s.number(), d.number());
    }

    /// `d = s * value`.
    public void imul(Gpr d, Gpr s, int value) {
        code.put(0x48 | d.number() >> 3 << 2 | s.number() >> 3);
        code.put(0x69);
        code.put(0xC0 | (d.number() & 7) << 3 | s.number() & 7);
        code.putInt(value);
    }

    public void sub(Gpr d, int value) {
        arithmetic(5, d, value);
    }

    /// Jumps if the last result was not zero.
    public void jnz(Label label) {
        code.put(0x0F);
        code.put(0x85);
        label.use(code, Distance.REL32, 0);
    }

    /// Reads processor features: leaf in RAX, sub-leaf in RCX; results in RAX, RBX, RCX, RDX.
    public void cpuid() {
        code.put(0x0F);
        code.put(0xA2);
    }

    /// Reads the extended control register named in RCX into RDX:RAX.
    public void xgetbv() {
        code.put(0x0F);
        code.put(0x01);
        code.put(0xD0);
    }

    public void vzeroupper() {
        code.put(0xC5);
        code.put(0xF8);
        code.put(0x77);
    }

    private void arithmetic(int extension, Gpr d, int value) {
        boolean small = fitsByte(value);
        code.put(0x48 | d.number() >> 3);
        code.put(small ? 0x83 : 0x81);
        code.put(0xC0 | extension << 3 | d.number() & 7);
        if (small) {
            code.put(value);
        } else {
            code.putInt(value);
        }
    }

    private void general(int opcode, int reg, int rm) {
        code.put(0x48 | reg >> 3 << 2 | rm >> 3);
        code.put(opcode);
        code.put(0xC0 | (reg & 7) << 3 | rm & 7);
    }

    private void general(int opcode, int reg, Mem m) {
        rex(1, reg, m);
        code.put(opcode);
        modRm(reg, m, 1);
    }

    private void rex(int w, int reg, Mem m) {
        int bits = w << 3 | reg >> 3 << 2 | indexHigh(m) << 1 | baseHigh(m);
        if (bits != 0) {
            code.put(0x40 | bits);
        }
    }

    // Vector instructions. The width of the destination decides: 512 bits is EVEX, less is VEX.

    /// Loads a vector of floats.
    public void vmovups(Vec d, Mem m) {
        vector(VMOVUPS_LOAD, d, null, m, d.width().bytes(), false);
    }

    /// Stores a vector of floats.
    public void vmovups(Mem m, Vec s) {
        vector(VMOVUPS_STORE, s, null, m, s.width().bytes(), false);
    }

    /// Copies a vector.
    public void vmovdqa(Vec d, Vec a) {
        vector(VMOVDQA, d, null, a);
    }

    public void vpxor(Vec d, Vec a, Vec b) {
        vector(VPXOR, d, a, b);
    }

    public void vpand(Vec d, Vec a, Vec b) {
        vector(VPAND, d, a, b);
    }

    public void vpor(Vec d, Vec a, Vec b) {
        vector(VPOR, d, a, b);
    }

    public void vpaddd(Vec d, Vec a, Vec b) {
        vector(VPADDD, d, a, b);
    }

    public void vpaddw(Vec d, Vec a, Vec b) {
        vector(VPADDW, d, a, b);
    }

    /// Products of signed 16-bit pairs, added in pairs to 32 bits.
    public void vpmaddwd(Vec d, Vec a, Vec b) {
        vector(VPMADDWD, d, a, b);
    }

    /// Products of unsigned bytes of `a` with signed bytes of `b`, added in pairs to 16 bits with
    /// saturation.
    public void vpmaddubsw(Vec d, Vec a, Vec b) {
        vector(VPMADDUBSW, d, a, b);
    }

    /// Bytes of `a` negated, zeroed or kept by the sign of those of `b`. AVX2 only.
    public void vpsignb(Vec d, Vec a, Vec b) {
        vector(VPSIGNB, d, a, b);
    }

    public void vpabsb(Vec d, Vec a) {
        vector(VPABSB, d, null, a);
    }

    /// Looks up bytes of `table` by the low four bits of `index`, in each 128 bits apart.
    public void vpshufb(Vec d, Vec table, Vec index) {
        vector(VPSHUFB, d, table, index);
    }

    /// Adds to each 32-bit lane of `acc` four products of unsigned bytes of `a` with signed bytes
    /// of `b`. AVX-512 VNNI.
    public void vpdpbusd(Vec acc, Vec a, Vec b) {
        vector(VPDPBUSD, acc, a, b);
    }

    /// The same with one 32-bit group of `b` for all lanes.
    public void vpdpbusdBroadcast(Vec acc, Vec a, Mem b) {
        vector(VPDPBUSD, acc, a, b, 4, true);
    }

    public void vpbroadcastd(Vec d, Mem m) {
        vector(VPBROADCASTD, d, null, m, 4, false);
    }

    public void vbroadcastss(Vec d, Mem m) {
        vector(VBROADCASTSS, d, null, m, 4, false);
    }

    /// Copies 128 bits of memory to each 128 bits of `d`.
    public void vbroadcasti128(Vec d, Mem m) {
        vector(VBROADCASTI128, d, null, m, 16, false);
    }

    /// Widens signed bytes to 32 bits.
    public void vpmovsxbd(Vec d, Mem m) {
        vector(VPMOVSXBD, d, null, m, d.width().bytes() / 4, false);
    }

    /// Widens unsigned bytes to 32 bits.
    public void vpmovzxbd(Vec d, Mem m) {
        vector(VPMOVZXBD, d, null, m, d.width().bytes() / 4, false);
    }

    /// Widens unsigned 16-bit words to 32 bits.
    public void vpmovzxwd(Vec d, Mem m) {
        vector(VPMOVZXWD, d, null, m, d.width().bytes() / 2, false);
    }

    /// Converts 16-bit floats of memory.
    public void vcvtph2ps(Vec d, Mem m) {
        vector(VCVTPH2PS, d, null, m, d.width().bytes() / 2, false);
    }

    /// Converts floats to 16-bit ones in memory, to nearest, ties to even.
    public void vcvtps2ph(Mem m, Vec s) {
        if (m.label() != null) {
            throw new IllegalArgumentException("found a store to the code");
        }
        vector(VCVTPS2PH, s, null, m, s.width().bytes() / 2, false);
        code.put(0);
    }

    /// Converts floats to 32-bit integers, to nearest, ties to even.
    public void vcvtps2dq(Vec d, Vec a) {
        vector(VCVTPS2DQ, d, null, a);
    }

    /// Stores the low byte of each 32-bit lane. AVX-512 only.
    public void vpmovdb(Mem m, Vec s) {
        vector(VPMOVDB, s, null, m, s.width().bytes() / 4, false);
    }

    /// Narrows 32-bit lanes of `a`, then of `b`, to 16 bits with saturation, in each 128 bits
    /// apart.
    public void vpackssdw(Vec d, Vec a, Vec b) {
        vector(VPACKSSDW, d, a, b);
    }

    /// Narrows 16-bit lanes of `a`, then of `b`, to 8 bits with saturation, in each 128 bits apart.
    public void vpacksswb(Vec d, Vec a, Vec b) {
        vector(VPACKSSWB, d, a, b);
    }

    /// Stores the low 32 bits of an XMM register.
    public void vmovd(Mem m, Vec s) {
        vector(VMOVD_STORE, s, null, m, 4, false);
    }

    /// Stores the first float of an XMM register.
    public void vmovss(Mem m, Vec s) {
        vector(VMOVSS_STORE, s, null, m, 4, false);
    }

    /// Converts 32-bit integers.
    public void vcvtdq2ps(Vec d, Vec a) {
        vector(VCVTDQ2PS, d, null, a);
    }

    public void vmulps(Vec d, Vec a, Vec b) {
        vector(VMULPS, d, a, b);
    }

    /// Multiplies with one float for all lanes. AVX-512 only.
    public void vmulpsBroadcast(Vec d, Vec a, Mem b) {
        vector(VMULPS, d, a, b, 4, true);
    }

    /// `d = a * b + d`, rounded once.
    public void vfmadd231ps(Vec d, Vec a, Vec b) {
        vector(VFMADD231PS, d, a, b);
    }

    /// `d = a * d + b`, rounded once.
    public void vfmadd213ps(Vec d, Vec a, Vec b) {
        vector(VFMADD213PS, d, a, b);
    }

    public void vaddps(Vec d, Vec a, Vec b) {
        vector(VADDPS, d, a, b);
    }

    public void vaddps(Vec d, Vec a, Mem m) {
        vector(VADDPS, d, a, m, d.width().bytes(), false);
    }

    public void vsubps(Vec d, Vec a, Vec b) {
        vector(VSUBPS, d, a, b);
    }

    public void vdivps(Vec d, Vec a, Vec b) {
        vector(VDIVPS, d, a, b);
    }

    public void vmaxps(Vec d, Vec a, Vec b) {
        vector(VMAXPS, d, a, b);
    }

    public void vminps(Vec d, Vec a, Vec b) {
        vector(VMINPS, d, a, b);
    }

    public void vsqrtps(Vec d, Vec a) {
        vector(VSQRTPS, d, null, a);
    }

    /// Any function of three bits; bit `4 d + 2 a + b` of `table` is its value. AVX-512 only.
    public void vpternlogd(Vec d, Vec a, Vec b, int table) {
        vector(VPTERNLOGD, d, a, b);
        code.put(table);
    }

    /// `d = ~a & b`.
    public void vpandn(Vec d, Vec a, Vec b) {
        vector(VPANDN, d, a, b);
    }

    /// Picks floats within each 128 bits, two bits of `order` a float.
    public void vpermilps(Vec d, Vec a, int order) {
        vector(VPERMILPS_IMMEDIATE, d, null, a);
        code.put(order);
    }

    /// The upper half of a YMM register.
    public void vextractf128(Vec d, Vec a) {
        upperHalf(VEXTRACTF128, d, a);
    }

    /// The upper half of a ZMM register, for numbers below 16 of `d`.
    public void vextractf64x4(Vec d, Vec a) {
        upperHalf(VEXTRACTF64X4, d, a);
    }

    /// Copies the first float of an XMM register below 16 to all lanes.
    public void vbroadcastss(Vec d, Vec a) {
        vector(VBROADCASTSS, d, null, a);
    }

    /// These two have the source where others have the destination.
    private void upperHalf(Op op, Vec d, Vec a) {
        prefix(op, a.width(), a.number(), 0, highBits(d), false);
        code.put(op.opcode());
        code.put(0xC0 | (a.number() & 7) << 3 | d.number() & 7);
        code.put(1);
    }

    /// `d = a * b + d` with one float of `b` for all lanes. AVX-512 only.
    public void vfmadd231psBroadcast(Vec d, Vec a, Mem b) {
        vector(VFMADD231PS, d, a, b, 4, true);
    }

    /// Shifts 32-bit lanes right, zeros coming in.
    public void vpsrld(Vec d, Vec a, int bits) {
        shift(2, d, a, bits);
    }

    /// Shifts 32-bit lanes right, copies of the sign coming in.
    public void vpsrad(Vec d, Vec a, int bits) {
        shift(4, d, a, bits);
    }

    /// Shifts 32-bit lanes left.
    public void vpslld(Vec d, Vec a, int bits) {
        shift(6, d, a, bits);
    }

    /// The destination stands where other instructions have the first source.
    private void shift(int extension, Vec d, Vec a, int bits) {
        prefix(VPSHIFT_D_IMMEDIATE, d.width(), extension, d.number(), highBits(a), false);
        code.put(VPSHIFT_D_IMMEDIATE.opcode());
        code.put(0xC0 | extension << 3 | a.number() & 7);
        code.put(bits);
    }

    private void vector(Op op, Vec d, @Nullable Vec a, Vec b) {
        prefix(op, d.width(), d.number(), number(a), highBits(b), false);
        code.put(op.opcode());
        code.put(0xC0 | (d.number() & 7) << 3 | b.number() & 7);
    }

    private void vector(Op op, Vec d, @Nullable Vec a, Mem m, int operandBytes, boolean broadcast) {
        int high = indexHigh(m) << 1 | baseHigh(m);
        prefix(op, d.width(), d.number(), number(a), high, broadcast);
        code.put(op.opcode());
        modRm(d.number(), m, d.width() == Width.ZMM ? operandBytes : 1);
    }

    private static int number(@Nullable Vec a) {
        return a == null ? 0 : a.number();
    }

    /// Bits `X B` of a register in the r/m field.
    private static int highBits(Vec b) {
        return b.number() >> 3;
    }

    private static int indexHigh(Mem m) {
        Gpr index = m.index();
        return index == null ? 0 : index.number() >> 3;
    }

    private static int baseHigh(Mem m) {
        Gpr base = m.base();
        return base == null ? 0 : base.number() >> 3;
    }

    /// @param xb bits X and B, not yet inverted
    private void prefix(Op op, Width width, int reg, int vvvv, int xb, boolean broadcast) {
        int r = ~reg >> 3 & 1;
        int x = ~xb >> 1 & 1;
        int b = ~xb & 1;
        int v = ~vvvv & 0xF;
        if (width == Width.ZMM) {
            int rHigh = ~reg >> 4 & 1;
            int vHigh = ~vvvv >> 4 & 1;
            code.put(0x62);
            code.put(r << 7 | x << 6 | b << 5 | rHigh << 4 | op.map());
            code.put(op.w() << 7 | v << 3 | 1 << 2 | op.prefix());
            code.put(width.code() << 5 | (broadcast ? 1 << 4 : 0) | vHigh << 3);
        } else {
            code.put(0xC4);
            code.put(r << 7 | x << 6 | b << 5 | op.map());
            code.put(op.w() << 7 | v << 3 | width.code() << 2 | op.prefix());
        }
    }

    /// @param unit bytes that a one-byte displacement counts in
    private void modRm(int reg, Mem m, int unit) {
        Gpr register = m.base();
        if (register == null) {
            code.put((reg & 7) << 3 | 5);
            place(m).use(code, Distance.REL32, 0);
            return;
        }
        int base = register.number() & 7;
        int displacement = m.displacement();
        boolean none = displacement == 0 && base != Gpr.RBP.number();
        boolean small = displacement % unit == 0 && fitsByte(displacement / unit);
        int mod = none ? 0 : small ? 1 : 2;
        Gpr index = m.index();
        boolean sib = index != null || base == Gpr.RSP.number();
        code.put(mod << 6 | (reg & 7) << 3 | (sib ? 4 : base));
        if (sib) {
            int scale = Integer.numberOfTrailingZeros(m.scale());
            code.put(scale << 6 | (index == null ? 4 : index.number() & 7) << 3 | base);
        }
        if (!none && small) {
            code.put(displacement / unit);
        } else if (!none) {
            code.putInt(displacement);
        }
    }

    private static Label place(Mem m) {
        Label label = m.label();
        if (label == null) {
            throw new IllegalArgumentException("found an operand of neither register nor label");
        }
        return label;
    }

    private static boolean fitsByte(int value) {
        return value == (byte) value;
    }
}
