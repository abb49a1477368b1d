package autark.model.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Memory follows the bytes that are there, not the bytes that a file claims: opening allocates at
/// most eight times the header and 16 MiB, all garbage counted.
final class GgufMemoryTest {
    private static final long SLACK_BYTES = 16L << 20;

    @TempDir Path folder;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private long allocatedBy(Runnable action) {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        action.run();
        return THREADS.getCurrentThreadAllocatedBytes() - before;
    }

    private void opensWithinTheLimit(GgufImage image) {
        Path path = image.writeTo(folder.resolve("big.gguf"));
        List<Long> headerBytes = new ArrayList<>();
        long allocated =
                allocatedBy(() -> {
                    try (Gguf file = Gguf.open(path)) {
                        headerBytes.add(file.headerBytes());
                    }
                });
        assertThat(allocated).isLessThanOrEqualTo(8 * headerBytes.getFirst() + SLACK_BYTES);
    }

    @Test
    void ofTheLargestNumberOfEntries() {
        GgufImage image = new GgufImage();
        for (int i = 0; i < GgufHeader.METADATA_COUNT_MAX; i++) {
            image.put(Integer.toString(i, Character.MAX_RADIX), GgufImage.UINT8, 0);
        }
        opensWithinTheLimit(image);
    }

    @Test
    void ofTheLargestNumberOfTensors() {
        GgufImage image = new GgufImage();
        for (int i = 0; i < GgufHeader.TENSOR_COUNT_MAX; i++) {
            image.tensor(Integer.toString(i, Character.MAX_RADIX), 1);
        }
        opensWithinTheLimit(image);
    }

    @Test
    void ofTheLongestArrays() {
        GgufImage image = new GgufImage();
        List<GgufImage.Value> texts =
                Collections.nCopies(GgufHeader.ARRAY_ELEMENTS_MAX, new GgufImage.Text(""));
        image.put("texts", GgufImage.ARRAY, new GgufImage.Array(GgufImage.STRING, texts));
        List<GgufImage.Value> arrays =
                Collections.nCopies(
                        GgufHeader.ARRAY_ELEMENTS_MAX,
                        new GgufImage.Array(GgufImage.UINT8, List.of()));
        image.put("arrays", GgufImage.ARRAY, new GgufImage.Array(GgufImage.ARRAY, arrays));
        opensWithinTheLimit(image);
    }

    @Test
    void ofAnArrayOfStringsThatIsRead() {
        int count = 200_000;
        GgufImage image = new GgufImage();
        image.put(
                "texts",
                GgufImage.ARRAY,
                new GgufImage.Array(
                        GgufImage.STRING, Collections.nCopies(count, new GgufImage.Text("ab"))));
        try (Gguf file = Gguf.open(image.writeTo(folder.resolve("texts.gguf")))) {
            assertThat(allocatedBy(() -> file.metadata().strings("texts")))
                    .isLessThanOrEqualTo(8 * file.headerBytes() + SLACK_BYTES);
        }
    }

    @Test
    void ofAKeyAsLongAsTheFile() {
        int length = 40 << 20;
        GgufImage image = new GgufImage();
        image.entries.add(
                new GgufImage.Entry(
                        new GgufImage.Text(new byte[length], OptionalLong.empty()),
                        GgufImage.UINT8,
                        new GgufImage.Bits(1, 0)));
        Path path = image.writeTo(folder.resolve("key.gguf"));
        assertThat(
                        allocatedBy(() ->
                                assertThatThrownBy(() -> Gguf.open(path))
                                        .isInstanceOf(ModelFormatException.class)))
                .isLessThanOrEqualTo(SLACK_BYTES);
    }

    @Test
    void ofCountsThatAreOnlyClaimed() {
        GgufImage image = new GgufImage();
        image.claimedTensors = OptionalLong.of(GgufHeader.TENSOR_COUNT_MAX);
        image.claimedEntries = OptionalLong.of(GgufHeader.METADATA_COUNT_MAX);
        Path path = image.writeTo(folder.resolve("claims.gguf"));
        assertThat(
                        allocatedBy(() ->
                                assertThatThrownBy(() -> Gguf.open(path))
                                        .isInstanceOf(ModelFormatException.class)))
                .isLessThanOrEqualTo(SLACK_BYTES);
    }
}
