package autark.chip.kernel;

import static autark.chip.kernel.At.at;
import static org.assertj.core.api.Assertions.assertThat;

import autark.chip.asm.Label;
import autark.chip.kernel.GuardedMemory.Side;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// The integer half of AArch64, in an emulator: operands near and far, words and jumps.
class Arm64GeneralTest {
    private static final Reg DATA = new Reg(0);
    private static final Reg RESULT = new Reg(1);
    private static final Reg INDEX = new Reg(2);
    private static final Reg VALUE = new Reg(3);
    private static final Reg T0 = new Reg(6);
    private static final Reg T1 = new Reg(13);

    private final byte[] data = new byte[100_000];
    private final List<Long> expected = new ArrayList<>();
    private final Arm64General general = new Arm64General();

    /// Stores the first scratch register as the next result.
    private void expect(long value) {
        general.store64(at(RESULT, Long.BYTES * expected.size()), T0);
        expected.add(value);
    }

    private void check(int dataAt, long index, long value) {
        general.end();
        Arm64Program program = new Arm64Program();
        var kernel = program.kernel("kernel", general.code());
        var input = program.input("data", MemorySegment.ofArray(data), Side.BEHIND);
        MemorySegment zeros = MemorySegment.ofArray(new long[expected.size()]);
        var results = program.output("results", zeros, Side.BEHIND);
        program.call(kernel, input.address() + dataAt, results.address(), index, value);
        long[] found = program.run().of(results).toArray(ValueLayout.JAVA_LONG);
        assertThat(Arrays.stream(found).mapToObj(Long::toHexString).toList())
                .isEqualTo(expected.stream().map(Long::toHexString).toList());
    }

    private long data(int offset, int bytes) {
        long value = 0;
        for (int i = 0; i < bytes; i++) {
            value |= (data[offset + i] & 0xFFL) << 8 * i;
        }
        return value;
    }

    @Test
    void operandsMayBeNearOrFar() {
        new SplittableRandom(1).nextBytes(data);
        int middle = 50_000;
        int index = -7_001;
        general.begin();
        int[] offsets = {
            0, 1, 8, -8, 255, -256, 256, 257, -257, 4094, 4095, 4096, 4097, 8190, 8192, 16_380,
            16_384, 32_760, 32_768, 40_001, -4096, -4097, -33_333
        };
        for (int offset : offsets) {
            At plain = at(DATA, offset);
            general.load64(T0, plain);
            expect(data(middle + offset, 8));
            general.load32(T0, plain);
            expect(data(middle + offset, 4));
            general.load16(T0, plain);
            expect(data(middle + offset, 2));
            general.load8(T0, plain);
            expect(data(middle + offset, 1));
            At indexed = at(DATA, INDEX, offset);
            general.load64(T0, indexed);
            expect(data(middle + index + offset, 8));
            general.load32(T0, indexed);
            expect(data(middle + index + offset, 4));
            general.address(T0, indexed);
            general.load8(T0, at(T0, 0));
            expect(data(middle + index + offset, 1));
        }
        check(middle, index, 0);
    }

    @Test
    void storesWriteTheirBytesOnly() {
        general.begin(64);
        general.work(T1);
        general.set(T0, -1);
        general.store64(at(T1, 0), T0);
        general.store64(at(T1, 8), T0);
        general.store64(at(T1, 16), T0);
        general.store8(at(T1, 1), VALUE);
        general.store16(at(T1, 5), VALUE);
        general.store32(at(T1, 9), VALUE);
        general.load64(T0, at(T1, 0));
        expect(0xFFCD_EFFF_FFFF_EFFFL);
        general.load64(T0, at(T1, 8));
        expect(0xFFFF_FF89_ABCD_EFFFL);
        general.load64(T0, at(T1, 16));
        expect(-1);
        check(0, 0, 0x0123_4567_89AB_CDEFL);
    }

    private void arithmetic(long expectedValue, Consumer<Reg> operation) {
        general.move(T0, VALUE);
        operation.accept(T0);
        expect(expectedValue);
    }

    @Test
    void numbersMayBeLarge() {
        long value = 0x0123_4567_89AB_CDEFL;
        general.begin();
        int[] addends = {
            0,
            1,
            -1,
            4095,
            4096,
            -4096,
            4097,
            0xABCDEF,
            -0xABCDEF,
            0xFFFFFF,
            0x1000000,
            Integer.MAX_VALUE,
            Integer.MIN_VALUE,
            -0x1234567
        };
        for (int addend : addends) {
            arithmetic(value + addend, d -> general.add(d, addend));
            arithmetic(value * addend, d -> general.multiply(d, VALUE, addend));
            arithmetic(addend, d -> general.set(d, addend));
        }
        for (int mask : new int[] {1, 0xF, 0x3F3F3F3F, 0x01010101, 5, -1, 0, 0x80000001, 0x12345}) {
            arithmetic(value & Integer.toUnsignedLong(mask), d -> general.and(d, mask));
        }
        for (int bits : new int[] {0, 1, 7, 31}) {
            arithmetic((0x89AB_CDEFL << bits) & 0xFFFF_FFFFL, d -> general.shiftLeft(d, bits));
            arithmetic(0x89AB_CDEFL >>> bits, d -> general.shiftRight(d, bits));
        }
        arithmetic(0x89AB_CDEFL, d -> general.or(d, VALUE));
        arithmetic(0x0123_4567L, d -> general.upperHalf(d, VALUE));
        arithmetic(0x89AB_CDEFL, d -> general.lowerHalf(d, VALUE));
        arithmetic(2 * value, d -> general.add(d, VALUE));
        arithmetic(0, d -> general.subtract(d, VALUE));
        check(0, 0, value);
    }

    @Test
    void jumpsAndConstantsAreFound() {
        List<Integer> words = IntStream.range(0, 100).mapToObj(i -> i * 0x01234567).toList();
        general.begin();
        Label zero = new Label();
        Label end = new Label();
        general.address(T1, words);
        general.load32(T0, at(T1, 4 * 77));
        expect(Integer.toUnsignedLong(77 * 0x01234567));
        general.and(T1, 63);
        general.move(T0, T1);
        expect(0);
        general.set(T1, 5);
        general.set(T0, 0);
        general.repeat(T1, () -> general.add(T0, 3));
        expect(15);
        general.ifZero(T1, zero);
        general.set(T0, 1);
        general.jump(end);
        general.bind(zero);
        general.set(T0, 2);
        general.bind(end);
        expect(2);
        check(0, 0, 0);
    }

    @Test
    void workingMemoryIsAlignedAndKeepsApart() {
        general.begin(GeneralMachine.WORK_BYTES_MAX);
        general.work(T1);
        general.move(T0, T1);
        general.and(T0, 63);
        expect(0);
        general.set(T0, -1);
        for (int i = 0; i < GeneralMachine.WORK_BYTES_MAX; i += 8) {
            general.store64(at(T1, i), T0);
        }
        expect(-1);
        check(0, 0, 0);
    }
}
