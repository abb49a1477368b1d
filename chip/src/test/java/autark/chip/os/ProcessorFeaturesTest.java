package autark.chip.os;

import static org.assertj.core.api.Assertions.assertThat;

import autark.chip.os.SystemCalls.Result;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProcessorFeaturesTest {
    private static final int AT_PHDR = 3;

    @ParameterizedTest
    @CsvSource({"0x100000,true", "0xFFFFFFFFFFEFFFFF,false", "0,false"})
    void linuxTellsByABit(String capabilities, boolean expected) {
        long bits = Long.parseUnsignedLong(capabilities.replace("0x", ""), 16);
        boolean found =
                ProcessorFeatures.armDotProducts(
                        "Linux",
                        (function, arguments) -> {
                            assertThat(function).isEqualTo("getauxval");
                            assertThat(arguments).containsExactly(ProcessorFeatures.AT_HWCAP);
                            return new Result(bits, 0);
                        });
        assertThat(found).isEqualTo(expected);
    }

    @SuppressWarnings("restricted")
    private static boolean onMac(int value, long error) {
        return ProcessorFeatures.armDotProducts(
                "Mac OS X",
                (function, arguments) -> {
                    assertThat(function).isEqualTo("sysctlbyname");
                    MemorySegment name = MemorySegment.ofAddress(arguments[0]).reinterpret(100);
                    assertThat(name.getString(0)).isEqualTo("hw.optional.arm.FEAT_DotProd");
                    MemorySegment result = MemorySegment.ofAddress(arguments[1]).reinterpret(4);
                    MemorySegment bytes = MemorySegment.ofAddress(arguments[2]).reinterpret(8);
                    assertThat(bytes.get(ValueLayout.JAVA_LONG, 0)).isEqualTo(4);
                    result.set(ValueLayout.JAVA_INT, 0, value);
                    return new Result(error, 0);
                });
    }

    @Test
    void macTellsByAName() {
        assertThat(onMac(1, 0)).isTrue();
        assertThat(onMac(1, 0x7F00_0000_0000L)).isTrue();
        assertThat(onMac(0, 0)).isFalse();
        assertThat(onMac(1, -1)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void windowsTellsByANumber(boolean present) {
        boolean found =
                ProcessorFeatures.armDotProducts(
                        "Windows 11",
                        (function, arguments) -> {
                            assertThat(function).isEqualTo("IsProcessorFeaturePresent");
                            assertThat(arguments).containsExactly(43);
                            return new Result((present ? 1 : 0) | 1L << 32, 0);
                        });
        assertThat(found).isEqualTo(present);
    }

    @Test
    void anotherSystemHasNone() {
        assertThat(ProcessorFeatures.armDotProducts("SunOS", (_, _) -> new Result(1, 0))).isFalse();
    }

    /// By a number that the C library does not answer on its own, as it does some on x86.
    @Test
    void theSystemIsAsked() throws IOException {
        byte[] vector = Files.readAllBytes(Path.of("/proc/self/auxv"));
        ByteBuffer buffer = ByteBuffer.wrap(vector).order(ByteOrder.nativeOrder());
        long[] entries = new long[vector.length / Long.BYTES];
        Arrays.setAll(entries, i -> buffer.getLong(Long.BYTES * i));
        int index = 0;
        while (entries[index] != AT_PHDR) {
            index += 2;
        }
        assertThat(new NativeCalls().call("getauxval", AT_PHDR).value())
                .isEqualTo(entries[index + 1]);
    }
}
