package autark.chip.kernel;

/// A general register of a [GeneralMachine], 64 bits wide. The first [GeneralMachine#ARGUMENTS]
/// hold the arguments of a kernel when it begins.
///
/// @param number from 0 to below [GeneralMachine#REGISTERS]
record Reg(int number) {
    Reg {
        if (number < 0 || number >= GeneralMachine.REGISTERS) {
            throw new IllegalArgumentException(
                    "found general register %d, expected 0 to %d"
                            .formatted(number, GeneralMachine.REGISTERS - 1));
        }
    }
}
