package autark.chip.os;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Locale;

/// What the system says about the processor, where the processor itself answers to systems only.
@SuppressWarnings("restricted") // the package is the one place that calls the system
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
        return armDotProducts(System.getProperty("os.name"), ProcessorFeatures::call);
    }

    static boolean armDotProducts(String osName, SystemFunction system) {
        String os = osName.toLowerCase(Locale.ROOT);
        if (os.contains("linux")) {
            return (system.call("getauxval", AT_HWCAP) >> HWCAP_ASIMDDP & 1) != 0;
        }
        if (os.contains("mac")) {
            return isSetOnMac(FEAT_DOT_PROD, system);
        }
        return os.contains("windows")
                && (int)
                                system.call(
                                        "IsProcessorFeaturePresent",
                                        PF_ARM_V82_DP_INSTRUCTIONS_AVAILABLE)
                        != 0;
    }

    /// A system that does not know the name lacks the feature.
    private static boolean isSetOnMac(String feature, SystemFunction system) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocateFrom(feature);
            MemorySegment value = arena.allocate(ValueLayout.JAVA_INT);
            MemorySegment bytes = arena.allocateFrom(LONG, value.byteSize());
            long error =
                    system.call(
                            "sysctlbyname", name.address(), value.address(), bytes.address(), 0, 0);
            return (int) error == 0 && value.get(ValueLayout.JAVA_INT, 0) != 0;
        }
    }

    /// A function of the system that takes up to five integers or addresses.
    @FunctionalInterface
    interface SystemFunction {
        long call(String function, long... arguments);
    }

    /// Calls with five arguments, of which a function takes as many as it has.
    static long call(String function, long... arguments) {
        Linker linker = Linker.nativeLinker();
        SymbolLookup functions =
                System.getProperty("os.name").startsWith("Windows")
                        ? SymbolLookup.libraryLookup("kernel32", Arena.global())
                        : linker.defaultLookup();
        long[] a = Arrays.copyOf(arguments, 5);
        try {
            return (long)
                    linker.downcallHandle(
                                    functions.find(function).orElseThrow(),
                                    FunctionDescriptor.of(LONG, LONG, LONG, LONG, LONG, LONG))
                            .invokeExact(a[0], a[1], a[2], a[3], a[4]);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("a call of " + function + " failed", e);
        }
    }
}
