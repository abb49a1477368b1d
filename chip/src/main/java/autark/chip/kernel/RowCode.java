package autark.chip.kernel;

import static autark.chip.kernel.At.at;

import autark.chip.Activation;
import autark.chip.RopeShape;
import java.util.function.Consumer;

/// Emits the kernels that work on single rows of floats, operation by operation as their scalar
/// twins do. Rows are walked in whole vectors, into their filling where there is one.
final class RowCode {
    private static final Reg X = new Reg(0);
    private static final Reg Y = new Reg(1);
    private static final Reg OUT = new Reg(2);
    private static final Reg COUNT = new Reg(3);
    private static final Reg FACTOR = new Reg(4);
    private static final Reg POINTER = new Reg(6);
    private static final Reg LEFT = new Reg(7);

    private static final VReg V0 = new VReg(0);
    private static final VReg V1 = new VReg(1);
    private static final VReg V2 = new VReg(2);
    private static final VReg V3 = new VReg(3);

    private final VectorMachine machine;
    private final GeneralMachine general;
    private final int vectorBytes;

    RowCode(VectorMachine machine) {
        this.machine = machine;
        this.general = machine.general();
        this.vectorBytes = Float.BYTES * machine.lanes();
    }

    /// Repeats `body` over [#COUNT] vectors; it finds them at [#X] and [#Y].
    private void overVectors(Runnable body) {
        general.repeat(
                COUNT,
                () -> {
                    body.run();
                    general.add(X, vectorBytes);
                    general.add(Y, vectorBytes);
                });
    }

    /// `x += y`. Arguments: x, y, none, vectors.
    byte[] add() {
        general.begin();
        overVectors(() -> {
            machine.load(V0, at(X, 0));
            machine.load(V1, at(Y, 0));
            machine.add(V0, V0, V1);
            machine.store(at(X, 0), V0);
        });
        general.end();
        return general.code();
    }

    /// `x = fma(factor, y, x)`. Arguments: x, y, none, vectors, bits of the factor.
    byte[] addScaled() {
        beginWithFactor();
        overVectors(() -> {
            machine.load(V0, at(X, 0));
            machine.load(V1, at(Y, 0));
            machine.fma(V0, V1, V2);
            machine.store(at(X, 0), V0);
        });
        general.end();
        return general.code();
    }

    /// `x *= factor`. Arguments: x, none, none, vectors, bits of the factor.
    byte[] scale() {
        beginWithFactor();
        overVectors(() -> {
            machine.load(V0, at(X, 0));
            machine.multiply(V0, V0, V2);
            machine.store(at(X, 0), V0);
        });
        general.end();
        return general.code();
    }

    private void beginWithFactor() {
        general.begin(64);
        general.work(POINTER);
        general.store32(at(POINTER, 0), FACTOR);
        machine.broadcast(V2, at(POINTER, 0));
    }

    /// `x = activation(x) * y`. Arguments: x, y, none, vectors.
    byte[] gate(Activation activation) {
        general.begin();
        VectorMath math = new VectorMath(machine, 2);
        math.keep(-1f);
        math.keepExp();
        overVectors(() -> {
            machine.load(V0, at(X, 0));
            switch (activation) {
                case SILU -> math.silu(V0, V1);
                case GELU -> math.gelu(V0, V1);
            }
            machine.load(V1, at(Y, 0));
            machine.multiply(V0, V0, V1);
            machine.store(at(X, 0), V0);
        });
        general.end();
        return general.code();
    }

    /// `x = cap * tanh(x / cap)`. Arguments: x, none, none, vectors.
    byte[] softcap(float cap) {
        general.begin();
        VectorMath math = new VectorMath(machine, 3);
        math.keep(cap);
        math.keepExp();
        overVectors(() -> {
            machine.load(V0, at(X, 0));
            math.softcap(V0, cap, V1, V2);
            machine.store(at(X, 0), V0);
        });
        general.end();
        return general.code();
    }

    /// Root mean square norm of spans of `width` values, a multiple of 16. Arguments: x, weight,
    /// output, number of spans.
    byte[] rmsNorm(int width, float epsilon) {
        general.begin();
        VReg[] lanes = virtualLanes(4);
        general.repeat(
                COUNT,
                () -> {
                    sumOfSquares(lanes, width);
                    machine.sumVirtualLanes(V0, lanes, V1);
                    machine.constant(V1, (float) width);
                    machine.divide(V0, V0, V1);
                    machine.constant(V1, epsilon);
                    machine.add(V0, V0, V1);
                    machine.squareRoot(V0, V0);
                    machine.constant(V1, 1f);
                    machine.divide(V0, V1, V0);
                    general.move(POINTER, Y);
                    overSpan(
                            width / machine.lanes(),
                            () -> {
                                machine.load(V1, at(X, 0));
                                machine.multiply(V1, V1, V0);
                                machine.load(V2, at(POINTER, 0));
                                machine.multiply(V1, V1, V2);
                                machine.store(at(OUT, 0), V1);
                                general.add(X, vectorBytes);
                                general.add(OUT, vectorBytes);
                                general.add(POINTER, vectorBytes);
                            });
                });
        general.end();
        return general.code();
    }

    private void sumOfSquares(VReg[] lanes, int width) {
        for (VReg lane : lanes) {
            machine.zero(lane);
        }
        general.move(POINTER, X);
        overSpan(
                width / VectorMachine.VIRTUAL_LANES,
                () ->
                        overVirtualLanes(
                                POINTER,
                                lanes,
                                lane -> {
                                    machine.fma(lane, V1, V1);
                                }));
    }

    private void overSpan(int count, Runnable body) {
        general.set(LEFT, count);
        general.repeat(LEFT, body);
    }

    /// Loads the vectors of 16 floats into [#V1], one after the other, and moves on.
    private void overVirtualLanes(Reg pointer, VReg[] lanes, Consumer<VReg> body) {
        for (int i = 0; i < lanes.length; i++) {
            machine.load(V1, at(pointer, i * vectorBytes));
            body.accept(lanes[i]);
        }
        general.add(pointer, lanes.length * vectorBytes);
    }

    private VReg[] virtualLanes(int firstRegister) {
        VReg[] lanes = new VReg[VectorMachine.VIRTUAL_LANES / machine.lanes()];
        for (int i = 0; i < lanes.length; i++) {
            lanes[i] = new VReg(firstRegister + i);
        }
        return lanes;
    }

    /// Whether there is a kernel for this shape.
    static boolean covers(RopeShape shape, int lanes) {
        return switch (shape.pairing()) {
            case INTERLEAVED -> shape.ropeDim() % lanes == 0;
            case HALVES -> shape.ropeDim() % (2 * lanes) == 0;
        };
    }

    /// Rotation of heads. Arguments: x, factors, none, number of heads.
    byte[] rope(RopeShape shape) {
        general.begin();
        int bytes = Float.BYTES * shape.ropeDim();
        general.repeat(
                COUNT,
                () -> {
                    switch (shape.pairing()) {
                        case INTERLEAVED -> turnNeighbours(bytes);
                        case HALVES -> turnHalves(bytes);
                    }
                    general.add(X, Float.BYTES * shape.headDim());
                });
        general.end();
        return general.code();
    }

    private void turnNeighbours(int bytes) {
        for (int i = 0; i < bytes; i += vectorBytes) {
            machine.load(V0, at(X, i));
            machine.swapNeighbours(V1, V0);
            turn(V0, V1, V2, i, bytes);
            machine.store(at(X, i), V0);
        }
    }

    private void turnHalves(int bytes) {
        int half = bytes / 2;
        for (int i = 0; i < half; i += vectorBytes) {
            machine.load(V0, at(X, i));
            machine.load(V1, at(X, half + i));
            machine.copy(V3, V0);
            turn(V0, V1, V2, i, bytes);
            turn(V1, V3, V2, half + i, bytes);
            machine.store(at(X, i), V0);
            machine.store(at(X, half + i), V1);
        }
    }

    /// `x = fma(x, P, partner * Q)` for the components `i` bytes into a head.
    private void turn(VReg x, VReg partner, VReg t, int i, int bytes) {
        VReg product = new VReg(4);
        machine.load(t, at(Y, bytes + i));
        machine.multiply(product, partner, t);
        machine.load(t, at(Y, i));
        machine.multiplyAdd(x, t, product);
    }

    /// Softmax of a row whose width is a multiple of 16. Arguments: x, none, none, spans of 16.
    byte[] softmax() {
        general.begin();
        VReg[] lanes = virtualLanes(4);
        VectorMath math = new VectorMath(machine, 4 + lanes.length);
        math.keepExp();
        machine.constant(V2, Float.NEGATIVE_INFINITY);
        overSpans(() -> overVirtualLanes(POINTER, lanes, _ -> machine.max(V2, V2, V1)));
        machine.largestLane(V0, V2, V1);
        for (VReg lane : lanes) {
            machine.zero(lane);
        }
        overSpans(() -> {
            for (int i = 0; i < lanes.length; i++) {
                machine.load(V1, at(POINTER, i * vectorBytes));
                machine.subtract(V1, V1, V0);
                math.exp(V1);
                machine.store(at(POINTER, i * vectorBytes), V1);
                machine.add(lanes[i], lanes[i], V1);
            }
            general.add(POINTER, lanes.length * vectorBytes);
        });
        machine.sumVirtualLanes(V0, lanes, V1);
        overSpans(() -> {
            for (int i = 0; i < lanes.length; i++) {
                machine.load(V1, at(POINTER, i * vectorBytes));
                machine.divide(V1, V1, V0);
                machine.store(at(POINTER, i * vectorBytes), V1);
            }
            general.add(POINTER, lanes.length * vectorBytes);
        });
        general.end();
        return general.code();
    }

    private void overSpans(Runnable body) {
        general.move(POINTER, X);
        general.move(LEFT, COUNT);
        general.repeat(LEFT, body);
    }
}
