package autark.chip.asm;

import static autark.chip.asm.Arrangement.B16;
import static autark.chip.asm.Arrangement.B8;
import static autark.chip.asm.Arrangement.D2;
import static autark.chip.asm.Arrangement.H4;
import static autark.chip.asm.Arrangement.H8;
import static autark.chip.asm.Arrangement.S2;
import static autark.chip.asm.Arrangement.S4;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import autark.chip.asm.Listing.Binutils;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Every vector instruction, over all registers, arrangements, lanes and shifts, against the
/// assembler of binutils.
class NeonAssemblerTest {
    private static final Arrangement[] FULL = {B16, H8, S4, D2};

    private final Listing listing = new Listing();

    @TempDir Path folder;

    private void add(String text, Consumer<NeonAssembler> instruction) {
        Arm64Assembler asm = new Arm64Assembler();
        instruction.accept(asm.neon());
        listing.add(text, asm.toBytes());
    }

    /// An instruction with three vector operands.
    @FunctionalInterface
    private interface Three {
        void emit(NeonAssembler asm, Vreg d, Vreg n, Vreg m);
    }

    /// An instruction with two vector operands.
    @FunctionalInterface
    private interface Two {
        void emit(NeonAssembler asm, Vreg d, Vreg n);
    }

    /// An instruction with an arrangement and three vector operands.
    @FunctionalInterface
    private interface ThreeOf {
        void emit(NeonAssembler asm, Arrangement a, Vreg d, Vreg n, Vreg m);
    }

    /// An instruction with an arrangement and two vector operands.
    @FunctionalInterface
    private interface TwoOf {
        void emit(NeonAssembler asm, Arrangement a, Vreg d, Vreg n);
    }

    /// An instruction with an arrangement, two vector operands and a number.
    @FunctionalInterface
    private interface Shift {
        void emit(NeonAssembler asm, Arrangement a, Vreg d, Vreg n, int shift);
    }

    /// An instruction with a vector operand of which it takes one lane.
    @FunctionalInterface
    private interface ByElement {
        void emit(NeonAssembler asm, Vreg d, Vreg n, Vreg m, int index);
    }

    /// @param format of the text, with the numbers of the operands left out
    private void three(String format, Three instruction) {
        for (int i = 0; i < 32; i++) {
            for (int[] o : new int[][] {{i, 1, 2}, {1, i, 2}, {1, 2, i}, {i, i, i}}) {
                add(
                        format.formatted(o[0], o[1], o[2]),
                        asm ->
                                instruction.emit(
                                        asm, new Vreg(o[0]), new Vreg(o[1]), new Vreg(o[2])));
            }
        }
    }

    private void two(String format, Two instruction) {
        for (int i = 0; i < 32; i++) {
            for (int[] o : new int[][] {{i, 3}, {3, i}}) {
                add(
                        format.formatted(o[0], o[1]),
                        asm -> instruction.emit(asm, new Vreg(o[0]), new Vreg(o[1])));
            }
        }
    }

    private static String operands(String name, String... kinds) {
        StringBuilder format = new StringBuilder(name);
        for (int i = 0; i < kinds.length; i++) {
            format.append(i == 0 ? " v%d." : ",v%d.").append(kinds[i]);
        }
        return format.toString();
    }

    private void floats(String name, Three instruction) {
        three(operands(name, "4s", "4s", "4s"), instruction);
    }

    private void floats(String name, Two instruction) {
        two(operands(name, "4s", "4s"), instruction);
    }

    private void same(String name, ThreeOf instruction) {
        for (Arrangement a : Arrangement.values()) {
            String kind = Listing.name(a);
            if (a != D2 || !name.equals("mul")) {
                three(
                        operands(name, kind, kind, kind),
                        (asm, d, n, m) -> instruction.emit(asm, a, d, n, m));
            }
        }
    }

    private void shift(String name, int first, Shift instruction) {
        for (Arrangement a : Arrangement.values()) {
            String kind = Listing.name(a);
            for (int i = 0; i < a.laneBits(); i++) {
                int shift = first + i;
                two(
                        operands(name, kind, kind) + ",#" + shift,
                        (asm, d, n) -> instruction.emit(asm, a, d, n, shift));
            }
        }
    }

    /// The half of a register whose lanes are made twice as wide, or the reverse.
    private enum Half {
        LOWER,
        UPPER;

        private String suffix() {
            return this == LOWER ? "" : "2";
        }

        private List<Arrangement> narrow() {
            return this == LOWER ? List.of(B8, H4, S2) : List.of(B16, H8, S4);
        }
    }

    private static Arrangement widened(Arrangement narrow) {
        return switch (narrow) {
            case B8, B16 -> H8;
            case H4, H8 -> S4;
            case S2, S4, D2 -> D2;
        };
    }

    private void widen(String name, Half half, TwoOf instruction) {
        for (Arrangement narrow : half.narrow()) {
            Arrangement wide = widened(narrow);
            two(
                    operands(name + half.suffix(), Listing.name(wide), Listing.name(narrow)),
                    (asm, d, n) -> instruction.emit(asm, wide, d, n));
        }
    }

    private void narrow(String name, Half half, TwoOf instruction) {
        for (Arrangement narrow : half.narrow()) {
            String wide = Listing.name(widened(narrow));
            two(
                    operands(name + half.suffix(), Listing.name(narrow), wide),
                    (asm, d, n) -> instruction.emit(asm, narrow, d, n));
        }
    }

    private void byElement(String name, String kind, String group, ByElement instruction) {
        for (int i = 0; i < 4; i++) {
            int index = i;
            three(
                    operands(name, "4s", kind, group + "[" + i + "]"),
                    (asm, d, n, m) -> instruction.emit(asm, d, n, m, index));
        }
    }

    private void moves() {
        for (int value : new int[] {0, 1, 0x1F, 0x20, 0x80, 0xA5, 0xFF}) {
            for (Arrangement a : Arrangement.values()) {
                for (int i = 0; i < 32 && (a != D2 || value == 0); i++) {
                    Vreg d = new Vreg(i);
                    String text = "movi v%d.%s,#%d".formatted(i, Listing.name(a), value);
                    add(text, asm -> asm.movi(a, d, value));
                }
            }
        }
        two(operands("mov", "16b", "16b"), NeonAssembler::mov);
        for (Arrangement a : Arrangement.values()) {
            for (int i = 0; i < 16 >> a.size(); i++) {
                int index = i;
                two(
                        operands("dup", Listing.name(a), lane(a, i)),
                        (asm, d, n) -> asm.dup(a, d, n, index));
            }
            general(a, "dup v%1$d." + Listing.name(a) + ",%2$s", (asm, x, v) -> asm.dup(a, v, x));
        }
        for (Arrangement a : FULL) {
            int lanes = 16 >> a.size();
            for (int i = 0; i < lanes; i++) {
                int index = i;
                String lane = "v%1$d." + lane(a, i);
                general(a, "ins " + lane + ",%2$s", (asm, x, v) -> asm.ins(a, v, index, x));
                general(a, "umov %2$s," + lane, (asm, x, v) -> asm.umov(a, x, v, index));
                for (int j = 0; j < lanes; j++) {
                    int source = j;
                    two(
                            operands("ins", lane(a, i), lane(a, j)),
                            (asm, d, n) -> asm.ins(a, d, index, n, source));
                }
            }
        }
        general(S4, "fmov s%1$d,%2$s", (asm, x, v) -> asm.fmovS(v, x));
        general(S4, "fmov %2$s,s%1$d", (asm, x, v) -> asm.fmovS(x, v));
    }

    /// An instruction between a general register and a vector register.
    @FunctionalInterface
    private interface General {
        void emit(NeonAssembler asm, Xreg x, Vreg v);
    }

    /// @param format takes the number of the vector register and the name of the general one
    private void general(Arrangement a, String format, General instruction) {
        int number = 0;
        for (Xreg x : Xreg.values()) {
            if (x != Xreg.SP) {
                Vreg v = new Vreg(number++);
                String wide = x.name().toLowerCase(Locale.ROOT);
                String name = a == D2 ? wide : "w" + wide.substring(1);
                add(format.formatted(v.number(), name), asm -> instruction.emit(asm, x, v));
            }
        }
    }

    private static String lane(Arrangement a, int index) {
        return "%c[%d]".formatted("bhsd".charAt(a.size()), index);
    }

    private void integers() {
        three(operands("and", "16b", "16b", "16b"), NeonAssembler::and);
        three(operands("orr", "16b", "16b", "16b"), NeonAssembler::orr);
        three(operands("bic", "16b", "16b", "16b"), NeonAssembler::bic);
        same("add", NeonAssembler::add);
        same("sub", NeonAssembler::sub);
        same("mul", NeonAssembler::mul);
        shift("ushr", 1, NeonAssembler::ushr);
        shift("sshr", 1, NeonAssembler::sshr);
        shift("shl", 0, NeonAssembler::shl);
        widen("sxtl", Half.LOWER, NeonAssembler::sxtl);
        widen("uxtl", Half.LOWER, NeonAssembler::uxtl);
        for (Arrangement narrow : Half.LOWER.narrow()) {
            Arrangement wide = widened(narrow);
            two(
                    operands("shll", Listing.name(wide), Listing.name(narrow))
                            + (",#" + narrow.laneBits()),
                    (asm, d, n) -> asm.shll(wide, d, n));
        }
        narrow("xtn", Half.LOWER, NeonAssembler::xtn);
        narrow("sqxtn", Half.LOWER, NeonAssembler::sqxtn);
        Arrangement[][] pairs = {{H4, B8}, {H8, B16}, {S2, H4}, {S4, H8}, {D2, S4}};
        for (Arrangement[] pair : pairs) {
            two(
                    operands("saddlp", Listing.name(pair[0]), Listing.name(pair[1])),
                    (asm, d, n) -> asm.saddlp(pair[0], d, n));
        }
        three(operands("sdot", "4s", "16b", "16b"), NeonAssembler::sdot);
        byElement("sdot", "16b", "4b", NeonAssembler::sdot);
    }

    private void floats() {
        floats("fadd", NeonAssembler::fadd);
        floats("fsub", NeonAssembler::fsub);
        floats("fmul", (Three) NeonAssembler::fmul);
        floats("fdiv", NeonAssembler::fdiv);
        floats("fmax", NeonAssembler::fmax);
        floats("fmin", NeonAssembler::fmin);
        floats("fmla", (Three) NeonAssembler::fmla);
        floats("faddp", NeonAssembler::faddp);
        byElement("fmul", "4s", "s", NeonAssembler::fmul);
        byElement("fmla", "4s", "s", NeonAssembler::fmla);
        floats("fsqrt", NeonAssembler::fsqrt);
        floats("fcvtns", NeonAssembler::fcvtns);
        floats("scvtf", NeonAssembler::scvtf);
        two(operands("fcvtl", "4s", "4h"), NeonAssembler::fcvtl);
        two(operands("fcvtn", "4h", "4s"), NeonAssembler::fcvtn);
        two("fmaxv s%d,v%d.4s", NeonAssembler::fmaxv);
    }

    private void permutations() {
        for (Arrangement a : new Arrangement[] {B8, B16, H4, H8, S2, S4}) {
            String kind = Listing.name(a);
            two(operands("rev64", kind, kind), (asm, d, n) -> asm.rev64(a, d, n));
        }
        three("tbl v%d.16b,{v%d.16b},v%d.16b", NeonAssembler::tbl);
        for (int i = 0; i < 16; i++) {
            int index = i;
            three(
                    operands("ext", "16b", "16b", "16b") + ",#" + i,
                    (asm, d, n, m) -> asm.ext(d, n, m, index));
        }
    }

    @Test
    void encodesAsBinutilsDoes() throws IOException, InterruptedException {
        moves();
        integers();
        floats();
        permutations();
        listing.check(Binutils.AARCH64, folder);
    }

    private static void assertRefused(ThrowingCallable instruction, String message) {
        assertThatThrownBy(instruction)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @Test
    void formsThatDoNotExistAreRefused() {
        NeonAssembler asm = new Arm64Assembler().neon();
        Vreg v = new Vreg(0);
        assertRefused(
                () -> asm.mul(D2, v, v, v),
                "found D2 for mul, expected one of [B8, B16, H4, H8, S2, S4]");
        assertRefused(
                () -> asm.sxtl(B16, v, v), "found B16 for sxtl, expected one of [H8, S4, D2]");
        assertRefused(
                () -> asm.rev64(D2, v, v),
                "found D2 for rev64, expected one of [B8, B16, H4, H8, S2, S4]");
        assertRefused(() -> asm.xtn(H8, v, v), "found H8 for xtn, expected one of [B8, H4, S2]");
        assertRefused(
                () -> asm.ins(B8, v, 0, Xreg.X0),
                "found B8 for ins, expected one of [B16, H8, S4, D2]");
        assertRefused(() -> asm.ushr(S4, v, v, 0), "found shift 0, expected 1 to 32");
        assertRefused(() -> asm.sshr(H8, v, v, 17), "found shift 17, expected 1 to 16");
        assertRefused(() -> asm.shl(B16, v, v, 8), "found shift 8, expected 0 to 7");
        assertRefused(() -> asm.dup(S4, v, v, 4), "found lane 4, expected 0 to 3");
        assertRefused(() -> asm.fmla(v, v, v, 4), "found lane 4, expected 0 to 3");
        assertRefused(() -> asm.movi(B16, v, 256), "found value 256, expected 0 to 255");
        assertRefused(() -> asm.movi(D2, v, 1), "found value 1, expected 0 to 0");
        assertRefused(() -> asm.ext(v, v, v, 16), "found byte 16, expected 0 to 15");
    }
}
