package autark.engine.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SealTest {
    private static final int SEALED_FRAME_BYTES = Seal.FRAME_BYTES + Seal.TAG_BYTES;
    private static final SealedName NAME = new SealedName("ann", "letter");

    /// What [Sealer] wrote under [#NAME] with a key of the bytes 0 to 31.
    private static final String FIRST_RELEASE =
            "6175746b736561018f15871ec61736be742138af8ec65fe5f2bd3e7148ac7e93"
                    + "3b16fc2f78b4b19dda0238e8667306d5d5deeffc929bae8669b3026038c0c0a2"
                    + "9e590de315a82ab4060fd52c49634744e4d559";

    private final SealKey key = SealKey.random(new SecureRandom());
    private final Sealer sealer = new Sealer();
    private final Opener opener = new Opener();

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 511, 65_535, 65_536, 65_537, 131_071, 131_072, 131_073, 500_000})
    void contentOfAnySizeComesBack(int contentBytes) {
        byte[] content = content(contentBytes);
        byte[] file = seal(key, NAME, content);

        assertThat(file).hasSize((int) Seal.sealedBytes(contentBytes));
        assertThat(open(key, NAME, file)).isEqualTo(content);
    }

    @Test
    void eachFlippedByteOfASmallFileIsFound() {
        byte[] file = seal(key, NAME, content(300));
        for (int at = 0; at < file.length; at++) {
            assertRefused(flipped(file, at), "byte " + at);
        }
    }

    @Test
    void flippedBytesOfALargeFileAreFound() {
        byte[] file = seal(key, NAME, content(2 * Seal.FRAME_BYTES + 100));
        for (int at = 0; at < file.length; at += 97) {
            assertRefused(flipped(file, at), "byte " + at);
        }
    }

    @Test
    void eachCutOfASmallFileIsFound() {
        byte[] file = seal(key, NAME, content(300));
        for (int length = 0; length < file.length; length++) {
            assertRefused(Arrays.copyOf(file, length), "cut to " + length);
        }
    }

    @Test
    void cutsAndAdditionsAtTheBordersOfFramesAreFound() {
        byte[] file = seal(key, NAME, content(3 * Seal.FRAME_BYTES));
        for (int frame = 0; frame <= 4; frame++) {
            int border = Seal.HEADER_BYTES + frame * SEALED_FRAME_BYTES;
            for (int length = border - 20; length <= border + 20; length++) {
                if (length != file.length) {
                    assertRefused(Arrays.copyOf(file, length), "length " + length);
                }
            }
        }
    }

    @Test
    void framesKeepTheirPlaces() {
        byte[] file = seal(key, NAME, content(4 * Seal.FRAME_BYTES));
        assertRefused(withFrames(file, 1, 0, 2, 3), "swapped");
        assertRefused(withFrames(file, 0, 2, 1, 3), "swapped");
        assertRefused(withFrames(file, 0, 1, 3), "left out");
        assertRefused(withFrames(file, 1, 2, 3), "left out");
        assertRefused(withFrames(file, 0, 1, 2), "left out");
        assertRefused(withFrames(file, 0, 1, 1, 2, 3), "doubled");
        assertRefused(withFrames(file, 0, 1, 2, 3, 3), "doubled");
        assertThat(open(key, NAME, withFrames(file, 0, 1, 2, 3))).hasSize(4 * Seal.FRAME_BYTES);
    }

    @Test
    void framesAndHeadersOfAnotherFileAreFound() {
        byte[] content = content(2 * Seal.FRAME_BYTES);
        byte[] file = seal(key, NAME, content);
        byte[] again = seal(key, NAME, content);
        byte[] mixed = file.clone();
        int border = Seal.HEADER_BYTES + SEALED_FRAME_BYTES;
        System.arraycopy(again, border, mixed, border, SEALED_FRAME_BYTES);
        assertRefused(mixed, "frame of another file");
        byte[] otherHeader = file.clone();
        System.arraycopy(again, 0, otherHeader, 0, Seal.HEADER_BYTES);
        assertRefused(otherHeader, "header of another file");
    }

    @Test
    void aFileOpensUnderItsNameAndKeyOnly() {
        byte[] content = content(100);
        byte[] file = seal(key, NAME, content);
        try (SealKey other = SealKey.random(new SecureRandom())) {
            assertThat(open(other, NAME, file)).isEmpty();
        }
        assertThat(open(key, new SealedName("bob", "letter"), file)).isEmpty();
        assertThat(open(key, new SealedName("ann", "lettes"), file)).isEmpty();
        assertThat(open(key, new SealedName("annl", "etter"), file)).isEmpty();
        assertThat(open(key, NAME, file)).isEqualTo(content);
    }

    @Test
    void noTwoFramesOfAFileHaveOneNonce() {
        Set<String> nonces = new HashSet<>();
        int frameCount = 1000;
        Frames frames = new Frames((long) frameCount * Seal.FRAME_BYTES);
        for (int index = 0; index < frameCount; index++) {
            byte[] nonce = frames.frame(index).nonce();
            assertThat(nonce).hasSize(12);
            nonces.add(HexFormat.of().formatHex(nonce));
            nonces.add(
                    HexFormat.of()
                            .formatHex(new FrameCipher.Frame(index, index != 999, 1).nonce()));
        }

        assertThat(nonces).hasSize(2 * frameCount);
    }

    @Test
    void eachFileHasItsSalt() {
        Set<String> salts = new HashSet<>();
        for (int i = 0; i < 10_000; i++) {
            byte[] header = new byte[Seal.HEADER_BYTES];
            sealer.begin(key, NAME, 0, header);
            assertThat(Arrays.copyOf(header, 8)).isEqualTo(Seal.MAGIC);
            salts.add(HexFormat.of().formatHex(header));
        }

        assertThat(salts).hasSize(10_000);
    }

    @Test
    void aCompleteFileTakesNoMoreFrames() {
        seal(key, NAME, content(10));
        byte[] content = new byte[10];
        byte[] sealed = new byte[26];

        assertThatThrownBy(() -> sealer.seal(content, sealed))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the file is complete");
        assertThatThrownBy(() -> new Sealer().seal(content, sealed))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void sizesThatNoSealedFileHasAreRefused() {
        for (long bytes : new long[] {-1, 0, 39, 40, 55, 40 + SEALED_FRAME_BYTES + 15, 1L << 62}) {
            assertThat(Frames.ofSealed(bytes)).as("%d bytes", bytes).isEmpty();
        }
        assertThat(Frames.ofSealed(56)).contains(new Frames(0));
        assertThat(Frames.ofSealed(40 + SEALED_FRAME_BYTES + 16)).isEmpty();
        assertThat(Frames.ofSealed(40 + SEALED_FRAME_BYTES + 17))
                .contains(new Frames(Seal.FRAME_BYTES + 1));
        assertThatThrownBy(() -> new Frames(Seal.CONTENT_BYTES_MAX + 1))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theFormatIsTheOneOfTheFirstRelease() {
        byte[] keyBytes = new byte[SealKey.BYTES];
        for (int i = 0; i < keyBytes.length; i++) {
            keyBytes[i] = (byte) i;
        }
        byte[] file = HexFormat.of().parseHex(FIRST_RELEASE);

        assertThat(open(SealKey.take(keyBytes), NAME, file))
                .asString(StandardCharsets.UTF_8)
                .isEqualTo("sealed by the first release");
    }

    @Test
    void warmUpEnds() {
        Seal.warmUp();
        assertThat(open(key, NAME, seal(key, NAME, content(10)))).isEqualTo(content(10));
    }

    private byte[] seal(SealKey withKey, SealedName name, byte[] content) {
        byte[] file = new byte[(int) Seal.sealedBytes(content.length)];
        byte[] sealed = new byte[SEALED_FRAME_BYTES];
        sealer.begin(withKey, name, content.length, file);
        int at = Seal.HEADER_BYTES;
        int from = 0;
        while (at < file.length) {
            int to = Math.min(content.length, from + Seal.FRAME_BYTES);
            int count = sealer.seal(Arrays.copyOfRange(content, from, to), sealed);
            System.arraycopy(sealed, 0, file, at, count);
            at += count;
            from = to;
        }
        return file;
    }

    /// The content, or nothing if the file does not open.
    private byte[] open(SealKey withKey, SealedName name, byte[] file) {
        byte[] header = Arrays.copyOf(file, Seal.HEADER_BYTES);
        if (!opener.begin(withKey, name, file.length, header)) {
            return new byte[0];
        }
        byte[] content = new byte[(int) opener.contentBytes()];
        byte[] frame = new byte[Seal.FRAME_BYTES];
        int at = Seal.HEADER_BYTES;
        int to = 0;
        for (int i = opener.frameCount(); i > 0; i--) {
            int sealedCount = opener.sealedFrameBytes();
            int count = opener.frameBytes();
            if (!opener.open(Arrays.copyOfRange(file, at, at + sealedCount), frame)) {
                return new byte[0];
            }
            System.arraycopy(frame, 0, content, to, count);
            at += sealedCount;
            to += count;
        }
        return content;
    }

    private void assertRefused(byte[] file, String what) {
        assertThat(open(key, NAME, file)).as(what).isEmpty();
    }

    private static byte[] withFrames(byte[] file, int... frames) {
        byte[] result = Arrays.copyOf(file, Seal.HEADER_BYTES + frames.length * SEALED_FRAME_BYTES);
        for (int i = 0; i < frames.length; i++) {
            System.arraycopy(
                    file,
                    Seal.HEADER_BYTES + frames[i] * SEALED_FRAME_BYTES,
                    result,
                    Seal.HEADER_BYTES + i * SEALED_FRAME_BYTES,
                    SEALED_FRAME_BYTES);
        }
        return result;
    }

    private static byte[] flipped(byte[] file, int at) {
        byte[] flipped = file.clone();
        flipped[at] ^= (byte) (1 << at % 8);
        return flipped;
    }

    private static byte[] content(int bytes) {
        byte[] content = new byte[bytes];
        new SplittableRandom(bytes).nextBytes(content);
        return content;
    }
}
