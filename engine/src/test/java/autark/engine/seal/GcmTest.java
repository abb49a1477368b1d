package autark.engine.seal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// AES-256-GCM against the test cases of its specification (McGrew and Viega, "The Galois/Counter
/// Mode of Operation", appendix B, cases 13 to 16).
class GcmTest {
    private static final String KEY_15 = "feffe9928665731c6d6a8f9467308308".repeat(2);
    private static final String CONTENT_15 =
            "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
                    + "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b391aafd255";
    private static final String SEALED_15 =
            "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
                    + "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662898015ad";

    record Case(String key, String nonce, String data, String content, String sealed, String tag) {
        SecretKey secretKey() {
            return new SecretKeySpec(bytes(key), "AES");
        }

        Gcm.Message message() {
            return new Gcm.Message(bytes(nonce), bytes(data), bytes(content).length);
        }

        byte[] sealedAndTag() {
            return bytes(sealed + tag);
        }
    }

    static List<Case> cases() {
        String zeroKey = "00".repeat(32);
        String zeroNonce = "00".repeat(12);
        String zeroBlock = "00".repeat(16);
        String nonce = "cafebabefacedbaddecaf888";
        String data = "feedfacedeadbeeffeedfacedeadbeefabaddad2";
        return List.of(
                new Case(zeroKey, zeroNonce, "", "", "", "530f8afbc74536b9a963b4f1c4cb738b"),
                new Case(
                        zeroKey,
                        zeroNonce,
                        "",
                        zeroBlock,
                        "cea7403d4d606b6e074ec5d3baf39d18",
                        "d0d1c8a799996bf0265b98b5d48ab919"),
                new Case(
                        KEY_15,
                        nonce,
                        "",
                        CONTENT_15,
                        SEALED_15,
                        "b094dac5d93471bdec1a502270e3cc6c"),
                new Case(
                        KEY_15,
                        nonce,
                        data,
                        CONTENT_15.substring(0, 120),
                        SEALED_15.substring(0, 120),
                        "76fc6ece0f4e1768cddf8853bb2d551b"));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void sealsAndOpensAsSpecified(Case test) {
        byte[] sealed = new byte[test.sealedAndTag().length];
        byte[] content = new byte[bytes(test.content()).length];
        Gcm gcm = new Gcm();

        gcm.seal(test.secretKey(), test.message(), bytes(test.content()), sealed);
        assertThat(sealed).isEqualTo(test.sealedAndTag());
        assertThat(gcm.open(test.secretKey(), test.message(), sealed, content)).isTrue();
        assertThat(content).isEqualTo(bytes(test.content()));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void refusesEachOtherTag(Case test) {
        int tagStart = bytes(test.sealed()).length;
        for (int bit = 0; bit < 8 * Seal.TAG_BYTES; bit++) {
            byte[] sealed = test.sealedAndTag();
            sealed[tagStart + bit / 8] ^= (byte) (1 << bit % 8);
            assertRefused(test, sealed);
        }
        for (int value : new int[] {0, 0xff}) {
            byte[] sealed = test.sealedAndTag();
            Arrays.fill(sealed, tagStart, sealed.length, (byte) value);
            assertRefused(test, sealed);
        }
    }

    @Test
    void refusesOtherDataNonceAndKey() {
        Case test = cases().getLast();
        byte[] content = new byte[60];
        SecretKey key = test.secretKey();
        Gcm.Message right = test.message();
        byte[] sealed = test.sealedAndTag();
        Gcm gcm = new Gcm();

        Gcm.Message otherData = new Gcm.Message(right.nonce(), new byte[20], 60);
        Gcm.Message otherNonce = new Gcm.Message(new byte[12], right.additionalData(), 60);
        assertThat(gcm.open(key, otherData, sealed, content)).isFalse();
        assertThat(gcm.open(key, otherNonce, sealed, content)).isFalse();
        assertThat(gcm.open(cases().getFirst().secretKey(), right, sealed, content)).isFalse();
        assertThat(gcm.open(key, right, sealed, content)).isTrue();
    }

    private static void assertRefused(Case test, byte[] sealed) {
        byte[] content = new byte[sealed.length];
        assertThat(new Gcm().open(test.secretKey(), test.message(), sealed, content)).isFalse();
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex);
    }
}
