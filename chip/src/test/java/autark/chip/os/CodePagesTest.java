package autark.chip.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// The calls of each system in their order, on a system that only keeps a list of them.
class CodePagesTest {
    private static final byte[] CODE = {1, 2, 3, 4};
    private static final String BYTES = "40"; // one line of 64 bytes

    static List<Arguments> systems() {
        String posixMap = "mmap(0 " + BYTES + " 3 ";
        String posixSeal = "mprotect(pages " + BYTES + " 5)";
        return List.of(
                Arguments.of("Linux", "amd64", List.of(posixMap + "22 " + minusOne(), posixSeal)),
                Arguments.of("Linux", "aarch64", List.of(posixMap + "22 " + minusOne(), posixSeal)),
                Arguments.of(
                        "Mac OS X", "x86_64", List.of(posixMap + "1002 " + minusOne(), posixSeal)),
                Arguments.of(
                        "Mac OS X",
                        "aarch64",
                        List.of(
                                posixMap + "1002 " + minusOne(),
                                posixSeal,
                                "sys_icache_invalidate(pages " + BYTES + ")")),
                Arguments.of(
                        "Windows 11",
                        "amd64",
                        List.of(
                                "VirtualAlloc(0 " + BYTES + " 3000 4)",
                                "VirtualProtect(pages " + BYTES + " 20 former)",
                                "GetCurrentProcess()",
                                "FlushInstructionCache(ffffffffffffffff pages " + BYTES + ")")));
    }

    private static String minusOne() {
        return "ffffffffffffffff 0)";
    }

    @ParameterizedTest
    @MethodSource("systems")
    void pagesAreMappedFilledSealedInThisOrder(
            String system, String processor, List<String> calls) {
        FakeSystem fake = new FakeSystem("");
        MemorySegment code = seal(List.of(CODE), system, processor, fake).getFirst();

        assertThat(fake.calls()).isEqualTo(calls);
        assertThat(fake.sealed()).as("bytes when the pages were sealed").isEqualTo("01020304");
        assertThat(code.address()).isEqualTo(fake.address());
        assertThat(code.isReadOnly()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "Linux, mmap, ",
        "Linux, mprotect, munmap(pages 40)",
        "Mac OS X, mmap, ",
        "Mac OS X, mprotect, munmap(pages 40)",
        "Windows 11, VirtualAlloc, ",
        "Windows 11, VirtualProtect, VirtualFree(pages 0 8000)",
        "Windows 11, FlushInstructionCache, VirtualFree(pages 0 8000)",
    })
    void aRefusedCallIsNamedAndThePagesAreGivenBack(String system, String refused, String last) {
        FakeSystem fake = new FakeSystem(refused);

        assertThatThrownBy(() -> seal(List.of(CODE), system, "aarch64", fake))
                .isInstanceOf(ExecutionDeniedException.class)
                .hasMessageContaining("refuses executable memory (" + refused + ": error 13)");
        String end = last == null ? refused : last;
        assertThat(fake.calls().getLast()).startsWith(end);
        assertThat(fake.calls()).filteredOn(call -> call.startsWith(refused)).hasSize(1);
    }

    @Test
    void severalCodesShareOneMappingAndStartAtCacheLines() {
        FakeSystem fake = new FakeSystem("");
        List<byte[]> codes = List.of(new byte[] {7}, new byte[65], new byte[] {8, 9});
        List<MemorySegment> entries = seal(codes, "Linux", "amd64", fake);

        assertThat(fake.calls()).hasSize(2);
        assertThat(entries.stream().map(entry -> entry.address() - fake.address()))
                .containsExactly(0L, 64L, 192L);
        for (int i = 0; i < codes.size(); i++) {
            assertThat(entries.get(i).toArray(ValueLayout.JAVA_BYTE)).isEqualTo(codes.get(i));
        }
    }

    @Test
    void noCodesNeedNoPagesAndAnEmptyOneIsRefused() {
        FakeSystem fake = new FakeSystem("");

        assertThat(seal(List.of(), "Linux", "amd64", fake)).isEmpty();
        assertThatThrownBy(() -> seal(List.of(new byte[0]), "Linux", "amd64", fake))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(fake.calls()).isEmpty();
    }

    @Test
    void theFunctionsOfThisSystemAreCalledAndTellTheirError() {
        SystemCalls calls = new NativeCalls();

        assertThat((int) calls.call("getpagesize").value() % 4096).isZero();
        SystemCalls.Result refused = calls.call("mprotect", 1, 1, 1); // not the start of a page
        assertThat((int) refused.value()).isEqualTo(-1);
        assertThat(refused.error()).isEqualTo(22);
    }

    private static List<MemorySegment> seal(
            List<byte[]> codes, String system, String processor, SystemCalls calls) {
        return ExecutableMemory.seal(codes, CodePages.of(system, processor, calls));
    }
}
