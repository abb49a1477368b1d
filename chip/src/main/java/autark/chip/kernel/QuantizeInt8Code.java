package autark.chip.kernel;

import static autark.chip.kernel.At.at;

import autark.chip.Int8Rows;

/// Emits the quantization of a row of activations as [QuantizeInt8Scalar] does it.
///
/// Arguments: row, first group, bytes from group to group, number of groups.
///
/// Sums of codes and of their squares are whole numbers below 2^24, so floats hold them exactly.
final class QuantizeInt8Code {
    private static final Reg X = new Reg(0);
    private static final Reg GROUP = new Reg(1);
    private static final Reg GROUP_STRIDE = new Reg(2);
    private static final Reg GROUPS_LEFT = new Reg(3);

    private static final int SIGNLESS = Integer.MAX_VALUE;

    private final VectorMachine machine;
    private final GeneralMachine general;
    private final int vectorBytes;

    /// Vectors of 16 floats, half a group.
    private final int halfVectors;

    private final VReg t0 = new VReg(0);
    private final VReg t1 = new VReg(1);
    private final VReg scale = new VReg(2);
    private final VReg tiny = new VReg(3);
    private final VReg[] x;
    private final VReg[] codes;
    private final VReg[] lanes;

    private QuantizeInt8Code(VectorMachine machine) {
        this.machine = machine;
        this.general = machine.general();
        this.vectorBytes = Float.BYTES * machine.lanes();
        this.halfVectors = VectorMachine.VIRTUAL_LANES / machine.lanes();
        this.lanes = registers(4, halfVectors);
        this.x = registers(4 + halfVectors, 2 * halfVectors);
        this.codes = registers(4 + 3 * halfVectors, 2 * halfVectors);
        assert 4 + 5 * halfVectors <= machine.registers();
    }

    private static VReg[] registers(int first, int count) {
        VReg[] result = new VReg[count];
        for (int i = 0; i < count; i++) {
            result[i] = new VReg(first + i);
        }
        return result;
    }

    static byte[] emit(VectorMachine machine) {
        QuantizeInt8Code kernel = new QuantizeInt8Code(machine);
        kernel.general.begin();
        kernel.general.repeat(GROUPS_LEFT, kernel::group);
        kernel.general.end();
        return kernel.general.code();
    }

    private void group() {
        for (int i = 0; i < x.length; i++) {
            machine.load(x[i], at(X, i * vectorBytes));
        }
        largestMagnitude(t0);
        inverse(t0);
        for (int i = 0; i < x.length; i++) {
            machine.multiply(codes[i], x[i], t0);
            machine.toInts(codes[i], codes[i]);
            machine.copy(t1, codes[i]);
            machine.storeBytes(at(GROUP, i * machine.lanes()), t1);
            machine.toFloats(codes[i], codes[i]);
        }
        fitScale();
        sums();
        general.add(X, x.length * vectorBytes);
        general.add(GROUP, GROUP_STRIDE);
    }

    private void largestMagnitude(VReg d) {
        machine.constant(t1, SIGNLESS);
        machine.and(scale, x[0], t1);
        for (int i = 1; i < x.length; i++) {
            machine.and(tiny, x[i], t1);
            machine.max(scale, scale, tiny);
        }
        machine.largestLane(d, scale, t1);
    }

    /// `magnitude = 127 / magnitude`, or zero where it is tiny; the register `tiny` then tells.
    private void inverse(VReg magnitude) {
        machine.constant(t1, QuantizeInt8Scalar.MAGNITUDE_MIN);
        machine.subtract(tiny, magnitude, t1);
        machine.shiftRightSigned(tiny, tiny, 31);
        machine.constant(t1, QuantizeInt8Scalar.CODE_MAX);
        machine.divide(magnitude, t1, magnitude);
        machine.andNot(magnitude, tiny, magnitude);
    }

    /// The scale that fits best: the sum of products over the sum of squares.
    private void fitScale() {
        for (int i = 0; i < halfVectors; i++) {
            machine.zero(lanes[i]);
            machine.fma(lanes[i], x[i], codes[i]);
            machine.fma(lanes[i], x[halfVectors + i], codes[halfVectors + i]);
        }
        machine.sumVirtualLanes(scale, lanes, t0);
        for (int i = 0; i < halfVectors; i++) {
            machine.multiply(lanes[i], codes[i], codes[i]);
            machine.fma(lanes[i], codes[halfVectors + i], codes[halfVectors + i]);
        }
        machine.sumVirtualLanes(t1, lanes, t0);
        machine.divide(scale, scale, t1);
        machine.andNot(scale, tiny, scale);
        machine.storeFirst(at(GROUP, Int8Rows.SCALE), scale);
    }

    private void sums() {
        VReg low = x[0];
        VReg high = tiny;
        sumOfCodes(low, 0);
        scaled(low, Int8Rows.SCALED_SUM_LOW);
        whole(low, -32f, Int8Rows.MINUS_32_SUMS_LOW);
        sumOfCodes(high, halfVectors);
        scaled(high, Int8Rows.SCALED_SUM_HIGH);
        whole(high, -32f, Int8Rows.MINUS_32_SUMS_HIGH);
        machine.add(low, low, high);
        scaled(low, Int8Rows.SCALED_SUM);
        whole(low, -128f, Int8Rows.MINUS_128_SUMS);
        whole(low, -8f, Int8Rows.MINUS_8_SUMS);
    }

    private void sumOfCodes(VReg d, int first) {
        VReg[] half = new VReg[halfVectors];
        System.arraycopy(codes, first, half, 0, halfVectors);
        machine.sumVirtualLanes(d, half, t0);
    }

    private void scaled(VReg sum, int field) {
        machine.multiply(t0, scale, sum);
        machine.storeFirst(at(GROUP, field), t0);
    }

    private void whole(VReg sum, float factor, int field) {
        machine.constant(t1, factor);
        machine.multiply(t0, sum, t1);
        machine.toInts(t0, t0);
        machine.storeFirst(at(GROUP, field), t0);
    }
}
