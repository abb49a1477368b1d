package autark.engine.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.stream.Stream;
import javax.crypto.SecretKey;
import org.junit.jupiter.api.Test;

class SealKeyTest {
    /// RFC 5869, appendix A.1.
    @Test
    void derivesAsTheFirstCaseOfRfc5869() {
        byte[] key = bytes("0b".repeat(22));
        byte[] salt = bytes("000102030405060708090a0b0c");
        byte[] info = bytes("f0f1f2f3f4f5f6f7f8f9");

        assertThat(SealKey.hkdf(key, salt, info, 42))
                .isEqualTo(
                        bytes(
                                "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf"
                                        + "34007208d5b887185865"));
    }

    /// RFC 5869, appendix A.2.
    @Test
    void derivesAsTheSecondCaseOfRfc5869() {
        assertThat(SealKey.hkdf(row(0x00, 80), row(0x60, 80), row(0xb0, 80), 82))
                .isEqualTo(
                        bytes(
                                "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c"
                                        + "59045a99cac7827271cb41c65e590e09da3275600c2f09b8367793a9aca3db71"
                                        + "cc30c58179ec3e87c14c01d5c1f3434f1d87"));
    }

    /// RFC 5869, appendix A.3: neither salt nor info.
    @Test
    void derivesAsTheThirdCaseOfRfc5869() {
        assertThat(SealKey.hkdf(bytes("0b".repeat(22)), new byte[0], new byte[0], 42))
                .isEqualTo(
                        bytes(
                                "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d"
                                        + "9d201395faa4b61a96c8"));
    }

    @Test
    void eachSaltAndEachPurposeHasItsKey() {
        SealKey key = SealKey.random(new SecureRandom());
        SecretKey one = key.derive("AES", new byte[] {1}, Fields.of("a"));

        assertThat(key.derive("AES", new byte[] {1}, Fields.of("a"))).isEqualTo(one);
        assertThat(key.derive("AES", new byte[] {2}, Fields.of("a"))).isNotEqualTo(one);
        assertThat(key.derive("AES", new byte[] {1}, Fields.of("b"))).isNotEqualTo(one);
    }

    @Test
    void fieldsCannotBeMistakenForOthers() {
        byte[][] rows = {
            Fields.of("t"),
            Fields.of("t", bytes("")),
            Fields.of("t", bytes("aa"), bytes("bbcc")),
            Fields.of("t", bytes("aabb"), bytes("cc")),
            Fields.of("t", bytes("aabbcc")),
            Fields.of("t", bytes("aabbcc"), bytes("")),
            Fields.of("ta", bytes("abbc"))
        };

        assertThat(Stream.of(rows).map(HexFormat.of()::formatHex)).doesNotHaveDuplicates();
    }

    @Test
    void aClosedKeyDerivesNothing() {
        SealKey key = SealKey.random(new SecureRandom());
        key.close();

        assertThatThrownBy(() -> key.derive("AES", new byte[0], new byte[0]))
                .isInstanceOf(KeyClosedException.class);
    }

    @Test
    void takingBytesZeroesThem() {
        byte[] source = row(1, SealKey.BYTES);
        SealKey key = SealKey.take(source);

        assertThat(source).containsOnly(0);
        assertThat(key.copy()).isEqualTo(row(1, SealKey.BYTES));
        assertThatThrownBy(() -> SealKey.take(new byte[31]))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static byte[] row(int first, int count) {
        byte[] row = new byte[count];
        for (int i = 0; i < count; i++) {
            row[i] = (byte) (first + i);
        }
        return row;
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex);
    }
}
