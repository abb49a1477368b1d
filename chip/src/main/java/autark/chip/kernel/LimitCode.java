package autark.chip.kernel;

/// Emits nothing but dot products in registers, as many at once as hide their latency: what the
/// processor can do at most. Argument: rounds.
final class LimitCode {
    private static final int SUMS_MAX = 12;
    private static final Reg ROUNDS = new Reg(0);

    private LimitCode() {}

    static byte[] emit(VectorMachine machine) {
        GeneralMachine general = machine.general();
        VReg codes = new VReg(0);
        VReg x = new VReg(1);
        VReg t = new VReg(2);
        general.begin();
        for (int i = 0; i < 3 + sums(machine); i++) {
            machine.zero(new VReg(i));
        }
        general.repeat(
                ROUNDS,
                () -> {
                    for (int i = 0; i < sums(machine); i++) {
                        machine.dotRegisters(new VReg(3 + i), codes, x, t);
                    }
                });
        general.end();
        return general.code();
    }

    private static int sums(VectorMachine machine) {
        return Math.min(SUMS_MAX, machine.registers() - 3);
    }

    /// Multiplications with addition of a round: four in each lane.
    static long multiplyAdds(VectorMachine machine) {
        return 4L * machine.lanes() * sums(machine);
    }
}
