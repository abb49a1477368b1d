package autark.chip.os;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Locale;

/// What the system says about the processor, where the processor itself answers to systems only.
public final class ProcessorFeatures {
    /// Linux: which number of `getauxval` asks for the features of AArch64, and their bit.
    static final int AT_HWCAP = 16;

    private static final int HWCAP_ASIMDDP = 20;

    private static final String FEAT_DOT_PROD = "hw.optional.arm.FEAT_DotProd";
    private static final int PF_ARM_V82_DP_INSTRUCTIONS_AVAILABLE = 43;

    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;

    private ProcessorFeatures() {}

    /// Whether this AArch64 processor has dot products of bytes (FEAT_DotProd).
    public static boolean armDotProducts() {
        return armDotProducts(System.getProperty("os.name"), new NativeCalls());
    }

    static boolean armDotProducts(String osName, SystemCalls system) {
        String os = osName.toLowerCase(Locale.ROOT);
        if (os.contains("linux")) {
            return (system.call("getauxval", AT_HWCAP).value() >> HWCAP_ASIMDDP & 1) != 0;
        }
        if (os.contains("mac")) {
            return isSetOnMac(FEAT_DOT_PROD, system);
        }
        return os.contains("windows")
                && (int)
                                system.call(
                                                "IsProcessorFeaturePresent",
                                                PF_ARM_V82_DP_INSTRUCTIONS_AVAILABLE)
                                        .value()
                        != 0;
    }

    /// A system that does not know the name lacks the feature.
    private static boolean isSetOnMac(String feature, SystemCalls system) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocateFrom(feature);
            MemorySegment value = arena.allocate(ValueLayout.JAVA_INT);
            MemorySegment bytes = arena.allocateFrom(LONG, value.byteSize());
            long error =
                    system.call(
                                    "sysctlbyname",
                                    name.address(),
                                    value.address(),
                                    bytes.address(),
                                    0,
                                    0)
                            .value();
            return (int) error == 0 && value.get(ValueLayout.JAVA_INT, 0) != 0;
        }
    }
}
