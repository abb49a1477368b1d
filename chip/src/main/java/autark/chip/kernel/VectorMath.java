package autark.chip.kernel;

import java.util.HashMap;
import java.util.Map;

/// Emits the functions of [Polynomials] on vectors, operation by operation as they stand there.
///
/// Constants stay in registers as far as there are any; the others are loaded where they are
/// needed.
final class VectorMath {
    private final VectorMachine machine;
    private final VReg t0;
    private final VReg t1;
    private final VReg t2;
    private final VReg t3;
    private final VReg scratch;
    private final Map<Float, VReg> kept = new HashMap<>();
    private int nextRegister;

    /// How many registers it needs at least.
    static final int REGISTERS = 5;

    /// @param firstRegister it uses this register and all behind it
    VectorMath(VectorMachine machine, int firstRegister) {
        this.machine = machine;
        this.t0 = new VReg(firstRegister);
        this.t1 = new VReg(firstRegister + 1);
        this.t2 = new VReg(firstRegister + 2);
        this.t3 = new VReg(firstRegister + 3);
        this.scratch = new VReg(firstRegister + 4);
        this.nextRegister = firstRegister + REGISTERS;
        assert nextRegister <= machine.registers();
    }

    /// Loads constants that come again and again, before a loop.
    void keep(float... values) {
        for (float value : values) {
            if (nextRegister < machine.registers() && !kept.containsKey(value)) {
                VReg register = new VReg(nextRegister++);
                machine.constant(register, value);
                kept.put(value, register);
            }
        }
    }

    /// Loads what [#exp] needs.
    void keepExp() {
        keep(
                Polynomials.ROUNDER,
                Polynomials.LOG2_E,
                -Polynomials.LN_2_HIGH,
                -Polynomials.LN_2_LOW,
                1f,
                Polynomials.EXP_MIN,
                Polynomials.EXP_MAX);
        for (int i = 0; i < Polynomials.EXP_COEFFICIENT_COUNT; i++) {
            keep(Polynomials.expCoefficient(i));
        }
    }

    /// A register with the constant, good until the next call.
    VReg constant(float value) {
        VReg register = kept.get(value);
        if (register != null) {
            return register;
        }
        machine.constant(scratch, value);
        return scratch;
    }

    /// [Polynomials#exp], in place.
    void exp(VReg x) {
        machine.subtract(t2, x, constant(Polynomials.EXP_MIN));
        machine.shiftRightSigned(t2, t2, 31);
        machine.max(x, x, constant(Polynomials.EXP_MIN));
        machine.min(x, x, constant(Polynomials.EXP_MAX));
        machine.copy(t0, constant(Polynomials.ROUNDER));
        machine.fma(t0, x, constant(Polynomials.LOG2_E));
        machine.subtract(t1, t0, constant(Polynomials.ROUNDER));
        machine.fma(x, t1, constant(-Polynomials.LN_2_HIGH));
        machine.fma(x, t1, constant(-Polynomials.LN_2_LOW));
        machine.copy(t1, constant(Polynomials.expCoefficient(0)));
        for (int i = 1; i < Polynomials.EXP_COEFFICIENT_COUNT; i++) {
            machine.multiplyAdd(t1, x, constant(Polynomials.expCoefficient(i)));
        }
        machine.multiply(t3, x, x);
        machine.multiplyAdd(t1, t3, x);
        machine.add(t1, t1, constant(1f));
        machine.shiftLeft(t0, t0, 23);
        machine.addInts(x, t1, t0);
        machine.andNot(x, t2, x);
    }

    /// [Polynomials#silu], in place.
    ///
    /// @param t scratch, apart from what this object uses
    void silu(VReg x, VReg t) {
        machine.multiply(t, x, constant(-1f));
        quotient(x, t);
    }

    /// [Polynomials#gelu], in place.
    void gelu(VReg x, VReg t) {
        machine.multiply(t, x, constant(Polynomials.GELU_CUBIC));
        machine.multiply(t, t, x);
        machine.multiplyAdd(t, x, x);
        machine.multiply(t, t, constant(Polynomials.SQRT_2_OVER_PI));
        machine.multiply(t, t, constant(-2f));
        quotient(x, t);
    }

    /// `x = x / (1 + exp(t))`.
    private void quotient(VReg x, VReg t) {
        exp(t);
        machine.add(t, t, constant(1f));
        machine.divide(x, x, t);
    }

    /// `x = cap * tanh(x / cap)` by [Polynomials#tanh], in place.
    ///
    /// @param a scratch, apart from what this object uses
    /// @param b likewise
    void softcap(VReg x, float cap, VReg a, VReg b) {
        machine.divide(x, x, constant(cap));
        machine.multiply(a, x, constant(2f));
        exp(a);
        machine.subtract(b, a, constant(1f));
        machine.add(a, a, constant(1f));
        machine.divide(a, b, a);
        series(b, x);
        chooseSmall(x, b, a);
        machine.multiply(x, x, constant(cap));
    }

    /// The odd series of tanh.
    private void series(VReg d, VReg x) {
        machine.multiply(t0, x, x);
        machine.copy(t1, constant(Polynomials.TANH_C2));
        machine.multiplyAdd(t1, t0, constant(Polynomials.TANH_C1));
        machine.multiplyAdd(t1, t0, constant(Polynomials.TANH_C0));
        machine.multiply(t1, t1, t0);
        machine.copy(d, x);
        machine.multiplyAdd(t1, x, d);
        machine.copy(d, t1);
    }

    /// `x = |x| < TANH_SMALL ? small : large`.
    private void chooseSmall(VReg x, VReg small, VReg large) {
        machine.constant(t1, Integer.MAX_VALUE);
        machine.and(t0, x, t1);
        machine.subtract(t0, t0, constant(Polynomials.TANH_SMALL));
        machine.shiftRightSigned(t0, t0, 31);
        machine.and(t1, t0, small);
        machine.andNot(t0, t0, large);
        machine.or(x, t0, t1);
    }
}
