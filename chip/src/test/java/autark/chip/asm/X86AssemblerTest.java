package autark.chip.asm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import autark.chip.asm.Vec.Width;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Every instruction, over all registers and addressing forms, against the assembler of binutils.
class X86AssemblerTest {
    private static final int[] DISPLACEMENTS = {
        0, 1, 4, 32, 36, 64, 127, 128, 256, 508, 512, 8128, 8192, -4, -128, -129, 100_000
    };

    private final Listing listing = new Listing();

    @TempDir Path folder;

    private void add(String text, Consumer<X86Assembler> instruction) {
        X86Assembler asm = new X86Assembler();
        instruction.accept(asm);
        listing.add(text, asm.toBytes());
    }

    /// An instruction with three vector operands.
    @FunctionalInterface
    private interface Three {
        void emit(X86Assembler asm, Vec d, Vec a, Vec b);
    }

    /// An instruction with two vector operands.
    @FunctionalInterface
    private interface Two {
        void emit(X86Assembler asm, Vec d, Vec a);
    }

    /// An instruction that reads memory, with or without a source register.
    @FunctionalInterface
    private interface Load {
        void emit(X86Assembler asm, Vec d, Vec a, Mem m);
    }

    private static String name(Gpr r) {
        return "%" + r.name().toLowerCase(Locale.ROOT);
    }

    private static String name32(Gpr r) {
        String name = r.name().toLowerCase(Locale.ROOT);
        return name.matches("r\\d+") ? "%" + name + "d" : "%e" + name.substring(1);
    }

    private static String name(Vec v) {
        return "%" + v.width().name().toLowerCase(Locale.ROOT) + v.number();
    }

    private static Gpr base(Mem m) {
        return Objects.requireNonNull(m.base());
    }

    private static String name(Mem m) {
        Gpr index = m.index();
        String tail = index == null ? "" : "," + name(index) + "," + m.scale();
        return m.displacement() + "(" + name(base(m)) + tail + ")";
    }

    private static String vex(Width width) {
        return width == Width.ZMM ? "" : "{vex3} ";
    }

    private static int registers(Width width) {
        return width == Width.ZMM ? 32 : 16;
    }

    private static List<Mem> memories() {
        List<Mem> memories = new ArrayList<>();
        for (Gpr base : Gpr.values()) {
            memories.add(Mem.at(base, 0));
            memories.add(Mem.at(base, 44));
            for (Gpr index : Gpr.values()) {
                if (index != Gpr.RSP) {
                    memories.add(Mem.at(base, index, 2, 76));
                }
            }
        }
        for (int displacement : DISPLACEMENTS) {
            memories.add(Mem.at(Gpr.RSI, displacement));
            for (int scale : new int[] {1, 2, 4, 8}) {
                memories.add(Mem.at(Gpr.R10, Gpr.RCX, scale, displacement));
            }
        }
        return memories;
    }

    private void three(String name, Width width, Three instruction) {
        for (int i = 0; i < registers(width); i++) {
            int[][] numbers = {{i, 1, 2}, {1, i, 2}, {1, 2, i}, {i, i, i}};
            for (int[] number : numbers) {
                Vec d = new Vec(number[0], width);
                Vec a = new Vec(number[1], width);
                Vec b = new Vec(number[2], width);
                add(
                        vex(width) + name + " " + name(b) + "," + name(a) + "," + name(d),
                        asm -> instruction.emit(asm, d, a, b));
            }
        }
    }

    private void two(String name, Width width, String immediate, Two instruction) {
        for (int i = 0; i < registers(width); i++) {
            for (int[] number : new int[][] {{i, 3}, {3, i}}) {
                Vec d = new Vec(number[0], width);
                Vec a = new Vec(number[1], width);
                add(
                        vex(width) + name + " " + immediate + name(a) + "," + name(d),
                        asm -> instruction.emit(asm, d, a));
            }
        }
    }

    /// @param broadcast `{1to16}` or nothing
    /// @param source whether there is a source register beside the memory
    private void load(
            String name, Width width, String broadcast, boolean source, Load instruction) {
        List<Mem> memories = memories();
        for (int i = 0; i < memories.size(); i++) {
            Mem m = memories.get(i);
            Vec d = new Vec(i % registers(width), width);
            Vec a = new Vec((i + 7) % registers(width), width);
            String middle = source ? "," + name(a) : "";
            add(
                    vex(width) + name + " " + name(m) + broadcast + middle + "," + name(d),
                    asm -> instruction.emit(asm, d, a, m));
        }
    }

    private void general() {
        for (Gpr r : Gpr.values()) {
            add("push " + name(r), asm -> asm.push(r));
            add("pop " + name(r), asm -> asm.pop(r));
            add("call " + name(r), asm -> asm.call(r));
            add("movq $-5," + name(r), asm -> asm.mov(r, -5));
            for (int value : new int[] {1, -128, 127, 160, 100_000}) {
                // Binutils has a form of its own for wide immediates of the first register.
                if (r != Gpr.RAX || value == (byte) value) {
                    add("subq $" + value + "," + name(r), asm -> asm.sub(r, value));
                    add("addq $" + value + "," + name(r), asm -> asm.add(r, value));
                }
            }
            for (Gpr s : Gpr.values()) {
                add("movq " + name(s) + "," + name(r), asm -> asm.mov(r, s));
                add("addq " + name(s) + "," + name(r), asm -> asm.add(r, s));
                add("subq " + name(s) + "," + name(r), asm -> asm.sub(r, s));
                String factor = "imulq $1000,";
                add(factor + name(s) + "," + name(r), asm -> asm.imul(r, s, 1000));
            }
        }
        for (Mem m : memories()) {
            add("movq " + name(m) + ",%r9", asm -> asm.mov(Gpr.R9, m));
            add("movq %rbx," + name(m), asm -> asm.mov(m, Gpr.RBX));
            add("movl " + name(m) + ",%edx", asm -> asm.movd(Gpr.RDX, m));
            add("movl " + name32(Gpr.R11) + "," + name(m), asm -> asm.movd(m, Gpr.R11));
            add("leaq " + name(m) + ",%r12", asm -> asm.lea(Gpr.R12, m));
            add("addq " + name(m) + ",%rdi", asm -> asm.add(Gpr.RDI, m));
        }
        wordsOfBits();
        add("cpuid", X86Assembler::cpuid);
        add("xgetbv", X86Assembler::xgetbv);
        add("vzeroupper", X86Assembler::vzeroupper);
        add("ret", X86Assembler::ret);
    }

    private void wordsOfBits() {
        for (Gpr r : Gpr.values()) {
            add("movabsq $0x123456789abcdef," + name(r), asm -> asm.mov(r, 0x123456789ABCDEFL));
            add("shll $7," + name32(r), asm -> asm.shl(r, 7));
            add("shrl $9," + name32(r), asm -> asm.shr(r, 9));
            add("shrq $32," + name(r), asm -> asm.shrq(r, 32));
            add("testq " + name(r) + "," + name(r), asm -> asm.test(r, r));
            add("andq $-64," + name(r), asm -> asm.andq(r, -64));
            // Binutils has a form of its own for wide immediates of the first register.
            if (r != Gpr.RAX) {
                add("andl $0x3030303," + name32(r), asm -> asm.and(r, 0x3030303));
            }
            for (Gpr s : Gpr.values()) {
                add("orq " + name(s) + "," + name(r), asm -> asm.or(r, s));
                add("movl " + name32(s) + "," + name32(r), asm -> asm.movd(r, s));
            }
        }
        for (Mem m : memories()) {
            add("prefetcht0 " + name(m), asm -> asm.prefetcht0(m));
            add("movzwl " + name(m) + ",%r9d", asm -> asm.movzxw(Gpr.R9, m));
            add("movzbl " + name(m) + ",%esi", asm -> asm.movzxb(Gpr.RSI, m));
            add("movw %r14w," + name(m), asm -> asm.movw(m, Gpr.R14));
            add("movw %ax," + name(m), asm -> asm.movw(m, Gpr.RAX));
            add("movb %sil," + name(m), asm -> asm.movb(m, Gpr.RSI));
            add("movb %r13b," + name(m), asm -> asm.movb(m, Gpr.R13));
        }
    }

    private void ofBothWidths(Width width) {
        boolean wide = width == Width.ZMM;
        BiConsumer<String, Three> three = (name, instruction) -> three(name, width, instruction);
        three.accept(wide ? "vpxord" : "vpxor", X86Assembler::vpxor);
        three.accept(wide ? "vpandd" : "vpand", X86Assembler::vpand);
        three.accept(wide ? "vpord" : "vpor", X86Assembler::vpor);
        three.accept("vpaddd", X86Assembler::vpaddd);
        three.accept("vpaddw", X86Assembler::vpaddw);
        three.accept("vpmaddwd", X86Assembler::vpmaddwd);
        three.accept("vpmaddubsw", X86Assembler::vpmaddubsw);
        three.accept("vpshufb", X86Assembler::vpshufb);
        three.accept("vmulps", X86Assembler::vmulps);
        three.accept("vfmadd231ps", X86Assembler::vfmadd231ps);
        three.accept("vfmadd213ps", X86Assembler::vfmadd213ps);
        three.accept("vaddps", X86Assembler::vaddps);
        three.accept("vsubps", X86Assembler::vsubps);
        three.accept("vdivps", X86Assembler::vdivps);
        three.accept("vmaxps", X86Assembler::vmaxps);
        three.accept(wide ? "vpandnd" : "vpandn", X86Assembler::vpandn);
        three.accept("vminps", X86Assembler::vminps);
        two("vsqrtps", width, "", X86Assembler::vsqrtps);
        two("vcvtps2dq", width, "", X86Assembler::vcvtps2dq);
        two(wide ? "vmovdqa32" : "vmovdqa", width, "", X86Assembler::vmovdqa);
        two("vpermilps", width, "$0xb1,", (asm, d, a) -> asm.vpermilps(d, a, 0xB1));
        two("vcvtdq2ps", width, "", X86Assembler::vcvtdq2ps);
        two("vpabsb", width, "", X86Assembler::vpabsb);
        two("vpsrld", width, "$5,", (asm, d, a) -> asm.vpsrld(d, a, 5));
        two("vpsrad", width, "$31,", (asm, d, a) -> asm.vpsrad(d, a, 31));
        two("vpslld", width, "$16,", (asm, d, a) -> asm.vpslld(d, a, 16));
        load("vmovups", width, "", false, (asm, d, a, m) -> asm.vmovups(d, m));
        load("vaddps", width, "", true, X86Assembler::vaddps);
        load("vpbroadcastd", width, "", false, (asm, d, a, m) -> asm.vpbroadcastd(d, m));
        load("vbroadcastss", width, "", false, (asm, d, a, m) -> asm.vbroadcastss(d, m));
        String table = wide ? "vbroadcasti32x4" : "vbroadcasti128";
        load(table, width, "", false, (asm, d, a, m) -> asm.vbroadcasti128(d, m));
        load("vpmovsxbd", width, "", false, (asm, d, a, m) -> asm.vpmovsxbd(d, m));
        load("vpmovzxbd", width, "", false, (asm, d, a, m) -> asm.vpmovzxbd(d, m));
        load("vpmovzxwd", width, "", false, (asm, d, a, m) -> asm.vpmovzxwd(d, m));
        load("vcvtph2ps", width, "", false, (asm, d, a, m) -> asm.vcvtph2ps(d, m));
        for (Mem m : memories()) {
            Vec s = new Vec(base(m).number(), width);
            add(vex(width) + "vmovups " + name(s) + "," + name(m), asm -> asm.vmovups(m, s));
            String toHalves = "vcvtps2ph $0," + name(s) + "," + name(m);
            add(vex(width) + toHalves, asm -> asm.vcvtps2ph(m, s));
        }
    }

    @Test
    void encodesAsBinutilsDoes() throws IOException, InterruptedException {
        general();
        ofBothWidths(Width.YMM);
        ofBothWidths(Width.ZMM);
        three("vpsignb", Width.YMM, X86Assembler::vpsignb);
        three("vpternlogd $0xea,", Width.ZMM, (asm, d, a, b) -> asm.vpternlogd(d, a, b, 0xEA));
        three("vpackssdw", Width.YMM, X86Assembler::vpackssdw);
        three("vpacksswb", Width.YMM, X86Assembler::vpacksswb);
        three("vpdpbusd", Width.YMM, X86Assembler::vpdpbusd);
        three("vpdpbusd", Width.ZMM, X86Assembler::vpdpbusd);
        for (Mem m : memories()) {
            Vec xmm = new Vec(base(m).number(), Width.XMM);
            Vec zmm = new Vec(base(m).number() + 9, Width.ZMM);
            add("{vex3} vmovd " + name(xmm) + "," + name(m), asm -> asm.vmovd(m, xmm));
            add("{vex3} vmovss " + name(xmm) + "," + name(m), asm -> asm.vmovss(m, xmm));
            add("vpmovdb " + name(zmm) + "," + name(m), asm -> asm.vpmovdb(m, zmm));
        }
        load(
                "vpdpbusd",
                Width.ZMM,
                "{1to16}",
                true,
                (asm, d, a, m) -> asm.vpdpbusdBroadcast(d, a, m));
        load("vmulps", Width.ZMM, "{1to16}", true, X86Assembler::vmulpsBroadcast);
        load("vfmadd231ps", Width.ZMM, "{1to16}", true, X86Assembler::vfmadd231psBroadcast);

        two("vpermilps", Width.XMM, "$0x4e,", (asm, d, a) -> asm.vpermilps(d, a, 0x4E));
        three("vaddps", Width.XMM, X86Assembler::vaddps);
        three("vmaxps", Width.XMM, X86Assembler::vmaxps);
        for (int i = 0; i < 16; i++) {
            Vec xmm = new Vec(i, Width.XMM);
            Vec ymm = new Vec(15 - i, Width.YMM);
            Vec zmm = new Vec(31 - i, Width.ZMM);
            String upper128 = "{vex3} vextractf128 $1," + name(ymm) + "," + name(xmm);
            add(upper128, asm -> asm.vextractf128(xmm, ymm));
            String upper256 = "vextractf64x4 $1," + name(zmm) + "," + name(ymm);
            add(upper256, asm -> asm.vextractf64x4(ymm, zmm));
            String toYmm = "{vex3} vbroadcastss " + name(xmm) + "," + name(ymm);
            add(toYmm, asm -> asm.vbroadcastss(ymm, xmm));
            String toZmm = "vbroadcastss " + name(xmm) + "," + name(zmm);
            add(toZmm, asm -> asm.vbroadcastss(zmm, xmm));
        }

        listing.check(Listing.Binutils.X86_64, folder);
    }

    @Test
    void jumpsGoToTheirLabels() {
        X86Assembler asm = new X86Assembler();
        Label back = new Label();
        Label ahead = new Label();
        asm.bind(back);
        asm.jnz(ahead);
        asm.jnz(back);
        asm.bind(ahead);
        asm.ret();
        assertThat(asm.toBytes())
                .containsExactly(0x0F, 0x85, 6, 0, 0, 0, 0x0F, 0x85, 0xF4, 0xFF, 0xFF, 0xFF, 0xC3);
        assertThatThrownBy(() -> asm.bind(ahead)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void operandsInTheCodeAreFoundFromBehindTheInstruction() {
        X86Assembler asm = new X86Assembler();
        Label constant = new Label();
        asm.vbroadcastss(new Vec(17, Width.ZMM), Mem.at(constant));
        asm.lea(Gpr.R9, Mem.at(constant));
        asm.ret();
        asm.align(32);
        asm.bind(constant);
        asm.word(0x12345678);
        byte[] code = asm.toBytes();
        // vbroadcastss 0x16(%rip),%zmm17; lea 0xf(%rip),%r9; ret
        assertThat(Arrays.copyOf(code, 18))
                .containsExactly(
                        0x62, 0xE2, 0x7D, 0x48, 0x18, 0x0D, 0x16, 0, 0, 0, 0x4C, 0x8D, 0x0D, 0x0F,
                        0, 0, 0, 0xC3);
        assertThat(Arrays.copyOfRange(code, 32, 36)).containsExactly(0x78, 0x56, 0x34, 0x12);
        assertThatThrownBy(() -> asm.vcvtps2ph(Mem.at(constant), new Vec(0, Width.YMM)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void registersAndOperandsThatDoNotExistAreRefused() {
        assertThatThrownBy(() -> new Vec(16, Width.YMM))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("found vector register 16, expected 0 to 15");
        assertThatThrownBy(() -> Mem.at(Gpr.RAX, Gpr.RSP, 1, 0))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Mem.at(Gpr.RAX, Gpr.RCX, 3, 0))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
