package autark.chip.kernel;

import autark.chip.os.ProcessorFeatures;

/// What this AArch64 processor can do beyond what all of them can.
///
/// @param dotProducts four-way dot products of bytes
record Arm64Features(boolean dotProducts) {
    static Arm64Features ofThisProcessor() {
        return new Arm64Features(ProcessorFeatures.armDotProducts());
    }
}
