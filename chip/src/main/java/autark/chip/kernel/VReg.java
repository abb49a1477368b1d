package autark.chip.kernel;

/// A vector register of a [VectorMachine].
///
/// @param number from 0 to below [VectorMachine#registers]
record VReg(int number) {}
