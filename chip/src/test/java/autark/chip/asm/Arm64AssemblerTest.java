package autark.chip.asm;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import autark.chip.asm.Listing.Binutils;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Every general instruction and every load and store, over all registers and addressing forms,
/// against the assembler of binutils.
class Arm64AssemblerTest {
    private static final int[] IMMEDIATES = {
        0, 1, 4095, 4096, 0xFFF000, -1, -4095, -4096, -0xFFF000, 0x5000
    };

    private final Listing listing = new Listing();

    @TempDir Path folder;

    private void add(String text, Consumer<Arm64Assembler> instruction) {
        Arm64Assembler asm = new Arm64Assembler();
        instruction.accept(asm);
        listing.add(text, asm.toBytes());
    }

    /// An instruction with three general registers.
    @FunctionalInterface
    private interface Three {
        void emit(Arm64Assembler asm, Xreg d, Xreg n, Xreg m);
    }

    /// An instruction with two general registers and a number.
    @FunctionalInterface
    private interface Immediate {
        void emit(Arm64Assembler asm, Xreg d, Xreg n, int value);
    }

    /// A load or store of a general register.
    @FunctionalInterface
    private interface Transfer {
        void emit(Arm64Assembler asm, Xreg t, ArmMem m);
    }

    /// A load or store of a vector register.
    @FunctionalInterface
    private interface VectorTransfer {
        void emit(Arm64Assembler asm, Vreg t, ArmMem m);
    }

    private static List<Xreg> without(Xreg other) {
        List<Xreg> registers = new ArrayList<>(List.of(Xreg.values()));
        registers.remove(other);
        return registers;
    }

    private static String name(Xreg r) {
        return r.name().toLowerCase(Locale.ROOT);
    }

    private static String name32(Xreg r) {
        return "w" + name(r).substring(1);
    }

    private static String name(ArmMem m) {
        String base = name(m.base());
        return switch (m.mode()) {
            case OFFSET -> "[%s,#%d]".formatted(base, m.offset());
            case PRE_INDEX -> "[%s,#%d]!".formatted(base, m.offset());
            case POST_INDEX -> "[%s],#%d".formatted(base, m.offset());
        };
    }

    private void three(String name, Three instruction) {
        for (Xreg r : without(Xreg.SP)) {
            Xreg[][] operands = {
                {r, Xreg.X1, Xreg.X2}, {Xreg.X1, r, Xreg.X2}, {Xreg.X1, Xreg.X2, r}
            };
            for (Xreg[] o : operands) {
                add(
                        "%s %s,%s,%s".formatted(name, name(o[0]), name(o[1]), name(o[2])),
                        asm -> instruction.emit(asm, o[0], o[1], o[2]));
            }
        }
    }

    private void shift(String format, Immediate instruction) {
        for (int shift = 0; shift < 64; shift++) {
            int bits = shift;
            Xreg d = without(Xreg.SP).get(shift % 32);
            Xreg n = without(Xreg.SP).get((shift + 5) % 32);
            add(
                    format.formatted(name(d), name(n), shift),
                    asm -> instruction.emit(asm, d, n, bits));
        }
    }

    private void immediate(String name, List<Xreg> destinations, Immediate instruction) {
        for (int value : IMMEDIATES) {
            for (int i = 0; i < 32; i++) {
                Xreg d = destinations.get(i);
                Xreg n = without(Xreg.XZR).get((i + 9) % 32);
                add(
                        "%s %s,%s,#%d".formatted(name, name(d), name(n), value),
                        asm -> instruction.emit(asm, d, n, value));
            }
        }
    }

    private void arithmetic() {
        three("add", Arm64Assembler::add);
        three("sub", Arm64Assembler::sub);
        three("subs", Arm64Assembler::subs);
        three("and", Arm64Assembler::and);
        three("orr", Arm64Assembler::orr);
        three("eor", Arm64Assembler::eor);
        three("mul", Arm64Assembler::mul);
        immediate("add", without(Xreg.XZR), Arm64Assembler::add);
        immediate("sub", without(Xreg.XZR), Arm64Assembler::sub);
        immediate("subs", without(Xreg.SP), Arm64Assembler::subs);
        shift("lsl %s,%s,#%d", Arm64Assembler::lsl);
        shift("lsr %s,%s,#%d", Arm64Assembler::lsr);
        shift("asr %s,%s,#%d", Arm64Assembler::asr);
        shift("add x3,%s,%s,lsl #%d", (asm, n, m, shift) -> asm.add(Xreg.X3, n, m, shift));
        shift("sub x3,%s,%s,lsl #%d", (asm, n, m, shift) -> asm.sub(Xreg.X3, n, m, shift));
        for (Xreg r : without(Xreg.SP)) {
            add("madd x1,x2,x3," + name(r), asm -> asm.madd(Xreg.X1, Xreg.X2, Xreg.X3, r));
            add("cmp x5," + name(r), asm -> asm.cmp(Xreg.X5, r));
        }
        for (Xreg r : without(Xreg.XZR)) {
            add("cmp " + name(r) + ",#100", asm -> asm.cmp(r, 100));
            add("cmp " + name(r) + ",#-100", asm -> asm.cmp(r, -100));
            add("mov sp," + name(r), asm -> asm.mov(Xreg.SP, r));
            add("mov " + name(r) + ",sp", asm -> asm.mov(r, Xreg.SP));
        }
        for (Xreg r : without(Xreg.SP)) {
            add("mov x7," + name(r), asm -> asm.mov(Xreg.X7, r));
            add("mov " + name(r) + ",x7", asm -> asm.mov(r, Xreg.X7));
            add("movz " + name(r) + ",#65535,lsl #16", asm -> asm.movz(r, 65535, 16));
            add("movn " + name(r) + ",#1,lsl #48", asm -> asm.movn(r, 1, 48));
            add("movk " + name(r) + ",#258,lsl #32", asm -> asm.movk(r, 258, 32));
        }
    }

    /// A count of ones in each part, turned.
    private static int mask(int size, int ones, int rotate) {
        String row = "0".repeat(size - ones) + "1".repeat(ones);
        String turned = row.substring(size - rotate) + row.substring(0, size - rotate);
        return Integer.parseUnsignedInt(turned.repeat(32 / size), 2);
    }

    private void words() {
        for (Xreg r : without(Xreg.SP)) {
            String w = r == Xreg.XZR ? "wzr" : name32(r);
            add("orr " + w + ",w1,w2", asm -> asm.orrW(r, Xreg.X1, Xreg.X2));
            add("orr w1," + w + ",w2", asm -> asm.orrW(Xreg.X1, r, Xreg.X2));
            add("orr w1,w2," + w, asm -> asm.orrW(Xreg.X1, Xreg.X2, r));
            add("and w1," + w + ",#15", asm -> asm.andW(Xreg.X1, r, 15));
        }
        for (int shift = 0; shift < 32; shift++) {
            int bits = shift;
            add("lsl w3,w4,#" + shift, asm -> asm.lslW(Xreg.X3, Xreg.X4, bits));
            add("lsr w3,w4,#" + shift, asm -> asm.lsrW(Xreg.X3, Xreg.X4, bits));
        }
        for (int size = 2; size <= 32; size *= 2) {
            for (int ones = 1; ones < size; ones++) {
                for (int rotate = 0; rotate < size; rotate++) {
                    int mask = mask(size, ones, rotate);
                    add("and w5,w6,#%#x".formatted(mask), asm -> asm.andW(Xreg.X5, Xreg.X6, mask));
                }
            }
        }
    }

    private void constants() {
        constant(0, "movz x4,#0");
        constant(1, "movz x4,#1");
        constant(0xFFFF, "movz x4,#0xFFFF");
        constant(0x10000, "movz x4,#1,lsl #16");
        constant(0x7FFF_0000_0000_0000L, "movz x4,#0x7FFF,lsl #48");
        constant(0x1234_5678L, "movz x4,#0x5678\nmovk x4,#0x1234,lsl #16");
        constant(0x1_0000_0002L, "movz x4,#2\nmovk x4,#1,lsl #32");
        constant(
                0x0123_4567_89AB_CDEFL,
                "movz x4,#0xCDEF\nmovk x4,#0x89AB,lsl #16\n"
                        + "movk x4,#0x4567,lsl #32\nmovk x4,#0x123,lsl #48");
        constant(-1, "movn x4,#0");
        constant(-2, "movn x4,#1");
        constant(-0x1234_5678L, "movn x4,#0x5677\nmovk x4,#0xEDCB,lsl #16");
        constant(Long.MIN_VALUE, "movz x4,#0x8000,lsl #48");
        constant(Long.MAX_VALUE, "movn x4,#0x8000,lsl #48");
        constant(0xFFFF_0000_FFFF_0000L, "movz x4,#0xFFFF,lsl #16\nmovk x4,#0xFFFF,lsl #48");
    }

    private void constant(long value, String text) {
        add(text, asm -> asm.mov(Xreg.X4, value));
    }

    private static List<ArmMem> memories(int operandBytes) {
        List<ArmMem> memories = new ArrayList<>();
        for (Xreg base : without(Xreg.XZR)) {
            memories.add(ArmMem.at(base, 0));
            memories.add(ArmMem.at(base, 3 * operandBytes));
            memories.add(ArmMem.at(base, -5));
            if (base != Xreg.X11) {
                memories.add(ArmMem.preIndex(base, -16));
                memories.add(ArmMem.postIndex(base, 32));
            }
        }
        for (int offset : new int[] {1, 2, 4, 8, 16, 17, 255, 252, -1, -8, -16, -256}) {
            memories.add(ArmMem.at(Xreg.X6, offset));
            memories.add(ArmMem.preIndex(Xreg.X7, offset));
            memories.add(ArmMem.postIndex(Xreg.SP, offset));
        }
        for (int count : new int[] {1, 2, 64, 1000, 2047, 2048, 4095}) {
            memories.add(ArmMem.at(Xreg.SP, count * operandBytes));
        }
        return memories;
    }

    private void transfer(String name, int operandBytes, boolean wide, Transfer instruction) {
        for (ArmMem m : memories(operandBytes)) {
            String t = wide ? "x11" : "w11";
            add("%s %s,%s".formatted(name, t, name(m)), a -> instruction.emit(a, Xreg.X11, m));
        }
        ArmMem m = ArmMem.at(Xreg.X3, 8);
        for (Xreg t : without(Xreg.SP)) {
            String text = wide ? name(t) : t == Xreg.XZR ? "wzr" : name32(t);
            add("%s %s,%s".formatted(name, text, name(m)), asm -> instruction.emit(asm, t, m));
        }
    }

    private void transfer(String name, char letter, int operandBytes, VectorTransfer instruction) {
        List<ArmMem> memories = memories(operandBytes);
        for (int i = 0; i < memories.size(); i++) {
            ArmMem m = memories.get(i);
            Vreg t = new Vreg(i % 32);
            add(
                    "%s %c%d,%s".formatted(name, letter, t.number(), name(m)),
                    asm -> instruction.emit(asm, t, m));
        }
    }

    private void transfers() {
        transfer("ldr", 8, true, Arm64Assembler::ldr);
        transfer("str", 8, true, Arm64Assembler::str);
        transfer("ldr", 4, false, Arm64Assembler::ldrW);
        transfer("str", 4, false, Arm64Assembler::strW);
        transfer("ldrsw", 4, true, Arm64Assembler::ldrsw);
        transfer("ldrh", 2, false, Arm64Assembler::ldrh);
        transfer("strh", 2, false, Arm64Assembler::strh);
        transfer("ldrb", 1, false, Arm64Assembler::ldrb);
        transfer("strb", 1, false, Arm64Assembler::strb);
        transfer("ldr", 'q', 16, Arm64Assembler::ldrQ);
        transfer("str", 'q', 16, Arm64Assembler::strQ);
        transfer("ldr", 'd', 8, Arm64Assembler::ldrD);
        transfer("str", 'd', 8, Arm64Assembler::strD);
        transfer("ldr", 's', 4, Arm64Assembler::ldrS);
        transfer("str", 's', 4, Arm64Assembler::strS);
        for (ArmMem m : memories(8)) {
            if (m.mode() == ArmMem.Mode.OFFSET) {
                add("prfm pldl1keep," + name(m), asm -> asm.prfmPldl1keep(m));
            }
        }
        for (Xreg base : without(Xreg.XZR)) {
            for (Xreg index : without(Xreg.SP)) {
                String at = "[" + name(base) + "," + name(index);
                add("ldr x9," + at + "]", asm -> asm.ldr(Xreg.X9, base, index, 0));
                add("ldr x9," + at + ",lsl #3]", asm -> asm.ldr(Xreg.X9, base, index, 3));
                add("ldr w9," + at + "]", asm -> asm.ldrW(Xreg.X9, base, index, 0));
                add("ldr w9," + at + ",lsl #2]", asm -> asm.ldrW(Xreg.X9, base, index, 2));
                add("ldr s9," + at + "]", asm -> asm.ldrS(new Vreg(9), base, index, 0));
                add("ldr s9," + at + ",lsl #2]", asm -> asm.ldrS(new Vreg(9), base, index, 2));
                add("ldr q9," + at + "]", asm -> asm.ldrQ(new Vreg(9), base, index, 0));
                add("ldr q9," + at + ",lsl #4]", asm -> asm.ldrQ(new Vreg(9), base, index, 4));
            }
        }
    }

    private void pairs() {
        List<ArmMem> memories = new ArrayList<>();
        for (int count : new int[] {0, 1, 2, 63, -1, -64}) {
            for (Xreg base : new Xreg[] {Xreg.SP, Xreg.X0, Xreg.X30}) {
                memories.add(ArmMem.at(base, count));
                memories.add(ArmMem.preIndex(base, count));
                memories.add(ArmMem.postIndex(base, count));
            }
        }
        for (ArmMem m : memories) {
            ArmMem m8 = new ArmMem(m.base(), 8 * m.offset(), m.mode());
            ArmMem m16 = new ArmMem(m.base(), 16 * m.offset(), m.mode());
            for (int i = 0; i < 32; i++) {
                Xreg r = without(Xreg.SP).get(i);
                Vreg v = new Vreg(i);
                Vreg v7 = new Vreg((i + 7) % 32);
                String numbers = "%d,%c" + v7.number() + ",";
                if (r != m.base() && r != Xreg.X9) {
                    add("ldp x9," + name(r) + "," + name(m8), a -> a.ldp(Xreg.X9, r, m8));
                    add("ldp " + name(r) + ",x9," + name(m8), a -> a.ldp(r, Xreg.X9, m8));
                    add("stp x9," + name(r) + "," + name(m8), a -> a.stp(Xreg.X9, r, m8));
                    add("stp " + name(r) + ",x9," + name(m8), a -> a.stp(r, Xreg.X9, m8));
                }
                add("ldp d" + numbers.formatted(i, 'd') + name(m8), a -> a.ldpD(v, v7, m8));
                add("stp d" + numbers.formatted(i, 'd') + name(m8), a -> a.stpD(v, v7, m8));
                add("ldp q" + numbers.formatted(i, 'q') + name(m16), a -> a.ldpQ(v, v7, m16));
                add("stp q" + numbers.formatted(i, 'q') + name(m16), a -> a.stpQ(v, v7, m16));
            }
        }
    }

    private void replicatingLoads() {
        for (Arrangement a : Arrangement.values()) {
            for (Xreg base : without(Xreg.XZR)) {
                for (int i : new int[] {0, 1, 15, 31}) {
                    Vreg v = new Vreg(i);
                    String text = "ld1r {v%d.%s},[%s]".formatted(i, Listing.name(a), name(base));
                    add(text, asm -> asm.ld1r(a, v, ArmMem.at(base, 0)));
                    ArmMem after = ArmMem.postIndex(base, a.laneBytes());
                    add(text + ",#" + a.laneBytes(), asm -> asm.ld1r(a, v, after));
                }
            }
        }
    }

    @Test
    void encodesAsBinutilsDoes() throws IOException, InterruptedException {
        arithmetic();
        words();
        constants();
        transfers();
        pairs();
        replicatingLoads();
        for (Xreg r : without(Xreg.SP)) {
            add("blr " + name(r), asm -> asm.blr(r));
        }
        add("ret", Arm64Assembler::ret);
        add("svc #0", asm -> asm.svc(0));
        add("svc #65535", asm -> asm.svc(65535));
        add(".word 0x12345678", asm -> asm.word(0x12345678));
        add(
                "ret\n.fill 15,4,0",
                asm -> {
                    asm.ret();
                    asm.align(64);
                });
        listing.check(Binutils.AARCH64, folder);
    }

    private static void jumps(Arm64Assembler asm, Label label) {
        asm.b(label);
        asm.cbz(Xreg.X30, label);
        asm.cbnz(Xreg.XZR, label);
        asm.adr(Xreg.X17, label);
        asm.ldrQ(new Vreg(31), label);
        for (Condition condition : Condition.values()) {
            asm.b(condition, label);
        }
    }

    private static List<String> jumps(String label) {
        List<String> lines = new ArrayList<>();
        lines.add("b " + label);
        lines.add("cbz x30," + label);
        lines.add("cbnz xzr," + label);
        lines.add("adr x17," + label);
        lines.add("ldr q31," + label);
        for (Condition condition : Condition.values()) {
            lines.add("b." + condition.name().toLowerCase(Locale.ROOT) + " " + label);
        }
        return lines;
    }

    @Test
    void jumpsGoToTheirLabels() throws IOException, InterruptedException {
        int fillers = 200_000;
        List<String> lines = new ArrayList<>();
        lines.add("1:");
        lines.addAll(jumps("1b"));
        lines.addAll(jumps("2f"));
        lines.add(".rept " + fillers + "\nret\n.endr");
        lines.addAll(jumps("1b"));
        lines.add("2:");
        lines.addAll(jumps("2b"));
        add(
                String.join("\n", lines),
                asm -> {
                    Label back = new Label();
                    Label ahead = new Label();
                    asm.bind(back);
                    jumps(asm, back);
                    jumps(asm, ahead);
                    for (int i = 0; i < fillers; i++) {
                        asm.ret();
                    }
                    jumps(asm, back);
                    asm.bind(ahead);
                    jumps(asm, ahead);
                });
        listing.check(Binutils.AARCH64, folder);
    }

    private static void assertRefused(ThrowingCallable instruction, String message) {
        assertThatThrownBy(instruction)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @Test
    void registersThatCannotBeAnOperandAreRefused() {
        Arm64Assembler asm = new Arm64Assembler();
        assertRefused(
                () -> asm.add(Xreg.SP, Xreg.X0, Xreg.X1),
                "found SP as an operand that cannot be it");
        assertRefused(
                () -> asm.add(Xreg.X0, Xreg.XZR, 1), "found XZR as an operand that cannot be it");
        assertRefused(
                () -> asm.subs(Xreg.SP, Xreg.X0, 1), "found SP as an operand that cannot be it");
        assertRefused(() -> ArmMem.at(Xreg.XZR, 0), "found base XZR, expected X0 to X30 or SP");
        assertRefused(() -> new Vreg(32), "found vector register 32, expected 0 to 31");
        ArmMem changing = ArmMem.preIndex(Xreg.X1, 16);
        String both = "found X1 both as base that changes and as operand";
        assertRefused(() -> asm.ldr(Xreg.X1, changing), both);
        assertRefused(() -> asm.stp(Xreg.X0, Xreg.X1, changing), both);
        assertRefused(
                () -> asm.ldp(Xreg.X1, Xreg.X1, ArmMem.at(Xreg.X0, 0)), "found X1 loaded twice");
        Vreg v = new Vreg(3);
        assertRefused(
                () -> asm.ldpQ(v, v, ArmMem.at(Xreg.X0, 0)), "found Vreg[number=3] loaded twice");
    }

    @Test
    void numbersOutOfRangeAreRefused() {
        Arm64Assembler asm = new Arm64Assembler();
        for (int value : new int[] {4097, 0x1000000, -4097, Integer.MIN_VALUE}) {
            assertThatThrownBy(() -> asm.add(Xreg.X0, Xreg.X0, value))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("found immediate " + value + ", expected at most 4095");
        }
        assertRefused(() -> asm.lsl(Xreg.X0, Xreg.X0, 64), "found shift 64, expected 0 to 63");
        for (int mask : new int[] {0, -1, 5, 0x0F0F0F00}) {
            assertThatThrownBy(() -> asm.andW(Xreg.X0, Xreg.X0, mask))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("found mask 0x");
        }
        assertRefused(() -> asm.movz(Xreg.X0, 65536, 0), "found value 65536, expected 0 to 65535");
        assertRefused(() -> asm.movk(Xreg.X0, 1, 8), "found shift 8, expected 0, 16, 32 or 48");
        assertRefused(
                () -> asm.ldr(Xreg.X0, Xreg.X1, Xreg.X2, 2), "found shift 2, expected 0 or 3");
        for (int offset : new int[] {-257, 257, 4096 * 8}) {
            assertThatThrownBy(() -> asm.ldr(Xreg.X0, ArmMem.at(Xreg.X1, offset)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageEndingWith(
                            "expected an offset from -256 to 255 or a multiple of 8 up to 32760");
        }
        assertThatThrownBy(() -> asm.ldrQ(new Vreg(0), ArmMem.postIndex(Xreg.X1, 256)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageEndingWith("expected an offset from -256 to 255");
        for (int offset : new int[] {-520, 512, 4}) {
            assertThatThrownBy(() -> asm.stp(Xreg.X0, Xreg.X1, ArmMem.at(Xreg.SP, offset)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageEndingWith("expected an offset from -64 to 63 times 8");
        }
        assertThatThrownBy(() -> asm.ld1r(Arrangement.S4, new Vreg(0), ArmMem.at(Xreg.X0, 4)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageEndingWith("expected no offset, or 4 after the access");
        assertRefused(
                () -> asm.prfmPldl1keep(ArmMem.preIndex(Xreg.X0, 8)),
                "found PRE_INDEX, expected OFFSET");
    }
}
