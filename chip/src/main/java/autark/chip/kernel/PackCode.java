package autark.chip.kernel;

import static autark.chip.kernel.At.at;

import autark.chip.asm.Label;
import autark.chip.quant.BlockFormat;
import autark.chip.quant.QuantType;

/// Emits the repacking of stored rows into a tile, field by field as [BlockFormat] reads them.
///
/// Arguments: first stored row, tile, rows, blocks a row, bytes from stored row to stored row.
///
/// Block after block, and within it row after row, so that a block of the tile is finished while it
/// is in the cache.
final class PackCode {
    private static final Reg SOURCE = new Reg(0);
    private static final Reg TILE = new Reg(1);
    private static final Reg ROW_COUNT = new Reg(2);
    private static final Reg BLOCKS_LEFT = new Reg(3);
    private static final Reg ROW_BYTES = new Reg(4);
    private static final Reg ROW = new Reg(6);
    private static final Reg ROWS_LEFT = new Reg(7);

    /// Where the row's lane stands among the fields of each size.
    private static final Reg HALVES = new Reg(8);

    private static final Reg BYTES = new Reg(9);
    private static final Reg WORDS = new Reg(10);

    private static final Reg T0 = new Reg(11);
    private static final Reg T1 = new Reg(12);
    private static final Reg T2 = new Reg(13);

    private static final int NIBBLES = 0x0F0F0F0F;
    private static final int TWO_BITS = 0x03030303;
    private static final int SIX_BITS = 0x3F3F3F3F;

    /// Times four bits, it leaves one of them in each byte.
    private static final int SPREAD = 0x00204081;

    private static final int ONE_BITS = 0x01010101;

    private final GeneralMachine general;
    private final int lanes;
    private final QuantType type;
    private final BlockFormat format;

    private PackCode(VectorMachine machine, QuantType type) {
        this.general = machine.general();
        this.lanes = machine.lanes();
        this.type = type;
        this.format = BlockFormat.of(type);
    }

    static byte[] emit(VectorMachine machine, QuantType type) {
        PackCode kernel = new PackCode(machine, type);
        kernel.emit();
        return machine.general().code();
    }

    private void emit() {
        general.begin();
        general.repeat(
                BLOCKS_LEFT,
                () -> {
                    general.move(ROW, SOURCE);
                    general.move(ROWS_LEFT, ROW_COUNT);
                    general.move(HALVES, TILE);
                    general.address(BYTES, at(TILE, 2 * format.halfCount() * lanes));
                    int words = (2 * format.halfCount() + format.byteCount()) * lanes;
                    general.address(WORDS, at(TILE, words));
                    general.repeat(
                            ROWS_LEFT,
                            () -> {
                                block();
                                general.add(ROW, ROW_BYTES);
                                general.add(HALVES, Short.BYTES);
                                general.add(BYTES, Byte.BYTES);
                                general.add(WORDS, Integer.BYTES);
                            });
                    general.add(SOURCE, type.blockBytes());
                    general.add(TILE, format.tileBytesPerRow() * lanes);
                });
        general.end();
    }

    private void block() {
        switch (type) {
            case F32 -> words(0, 0, 1);
            case F16, BF16 -> half(0, 0);
            case Q4_0, IQ4_NL, Q8_0 -> {
                half(0, 0);
                words(2, 0, format.wordCount());
            }
            case Q4_1 -> {
                half(0, 0);
                half(2, 1);
                words(4, 0, 4);
            }
            case Q5_0 -> {
                half(0, 0);
                fifthBits(2);
                words(6, 1, 4);
            }
            case Q5_1 -> {
                half(0, 0);
                half(2, 1);
                fifthBits(4);
                words(8, 1, 4);
            }
            case MXFP4 -> {
                halfOfE8M0();
                words(1, 0, 4);
            }
            case Q2_K -> {
                bytes(0, 16);
                words(16, 0, 16);
                half(80, 0);
                half(82, 1);
            }
            case Q3_K -> {
                words(0, 0, 24);
                scalesOfQ3K(96);
                half(108, 0);
            }
            case Q4_K, Q5_K -> {
                half(0, 0);
                half(2, 1);
                scalesAndMins(4);
                words(16, 0, format.wordCount());
            }
            case Q6_K -> {
                words(0, 0, 48);
                bytes(192, 16);
                half(208, 0);
            }
            case IQ4_XS -> {
                half(0, 0);
                scalesOfIq4Xs(2);
                words(8, 0, 32);
            }
        }
    }

    private void half(int offset, int index) {
        general.load16(T0, at(ROW, offset));
        general.store16(at(HALVES, 2 * index * lanes), T0);
    }

    private void words(int offset, int first, int count) {
        for (int i = 0; i < count; i++) {
            Reg word = i % 2 == 0 ? T0 : T1;
            general.load32(word, at(ROW, offset + Integer.BYTES * i));
            general.store32(at(WORDS, Integer.BYTES * (first + i) * lanes), word);
        }
    }

    private void bytes(int offset, int count) {
        for (int i = 0; i < count; i++) {
            Reg value = i % 2 == 0 ? T0 : T1;
            general.load8(value, at(ROW, offset + i));
            general.store8(at(BYTES, i * lanes), value);
        }
    }

    /// Bit `4 i + j` of the word goes to bit `i` of byte `j`.
    private void fifthBits(int offset) {
        general.load32(T0, at(ROW, offset));
        general.set(T2, 0);
        for (int i = 0; i < 8; i++) {
            general.move(T1, T0);
            general.shiftRight(T1, 4 * i);
            general.and(T1, 0xF);
            general.multiply(T1, T1, SPREAD);
            general.and(T1, ONE_BITS);
            general.shiftLeft(T1, i);
            general.or(T2, T1);
        }
        general.store32(at(WORDS, 0), T2);
    }

    /// Half of the power of two that an exponent names, as a bfloat16.
    private void halfOfE8M0() {
        Label isZero = new Label();
        Label isOne = new Label();
        Label done = new Label();
        general.load8(T0, at(ROW, 0));
        general.ifZero(T0, isZero);
        general.add(T0, -1);
        general.ifZero(T0, isOne);
        general.shiftLeft(T0, 7);
        general.jump(done);
        general.bind(isZero);
        general.set(T0, 0x20);
        general.jump(done);
        general.bind(isOne);
        general.set(T0, 0x40);
        general.bind(done);
        general.store16(at(HALVES, 0), T0);
    }

    /// Four scales of Q3_K: low bits of a word, high bits of the third word of the scales.
    private void scalesOfQ3K(int offset) {
        for (int i = 0; i < 4; i++) {
            maskedWord(T0, offset + i % 2 * 4, i / 2 * 4, NIBBLES);
            maskedWord(T1, offset + 8, 2 * i, TWO_BITS);
            general.shiftLeft(T1, 4);
            general.or(T0, T1);
            spreadBytes(4 * i, -32);
        }
    }

    /// Eight scales, then eight mins, of six bits each.
    private void scalesAndMins(int offset) {
        for (int kind = 0; kind < 2; kind++) {
            maskedWord(T0, offset + 4 * kind, 0, SIX_BITS);
            spreadBytes(8 * kind, 0);
            maskedWord(T0, offset + 8, 4 * kind, NIBBLES);
            maskedWord(T1, offset + 4 * kind, 6, TWO_BITS);
            general.shiftLeft(T1, 4);
            general.or(T0, T1);
            spreadBytes(8 * kind + 4, 0);
        }
    }

    private void maskedWord(Reg d, int offset, int shift, int mask) {
        general.load32(d, at(ROW, offset));
        if (shift > 0) {
            general.shiftRight(d, shift);
        }
        general.and(d, mask);
    }

    /// The four bytes of the first scratch register to scales from `first` on, each with `addend`.
    private void spreadBytes(int first, int addend) {
        for (int i = 0; i < 4; i++) {
            general.move(T2, T0);
            general.shiftRight(T2, 8 * i);
            if (addend != 0) {
                general.add(T2, addend);
            }
            general.store8(at(BYTES, (first + i) * lanes), T2);
        }
    }

    private void scalesOfIq4Xs(int offset) {
        for (int i = 0; i < 8; i++) {
            general.load8(T0, at(ROW, offset + 2 + i / 2));
            general.shiftRight(T0, i % 2 * 4);
            general.and(T0, 0xF);
            general.load16(T1, at(ROW, offset));
            general.shiftRight(T1, 2 * i);
            general.and(T1, 3);
            general.shiftLeft(T1, 4);
            general.or(T0, T1);
            general.add(T0, -32);
            general.store8(at(BYTES, i * lanes), T0);
        }
    }
}
