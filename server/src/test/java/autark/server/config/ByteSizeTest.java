package autark.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ByteSizeTest {
    @ParameterizedTest
    @CsvSource({
        "1, 1",
        "512B, 512",
        "1k, 1000",
        "512MB, 512000000",
        "512 mb, 512000000",
        "1.5G, 1500000000",
        "2GiB, 2147483648",
        "2gi, 2147483648",
        "0.5KiB, 512",
        "1024TiB, 1125899906842624",
    })
    void readsSizes(String text, long bytes) {
        assertThat(ByteSize.parse(text).bytes()).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "0",
                "0.1",
                "-1",
                "MB",
                "1X",
                "1iB",
                "1e9",
                "1.",
                "1025TiB",
                "999999999999999999TB",
                "1234567890123456789"
            })
    void refusesWhatIsNone(String text) {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> ByteSize.parse(text))
                .withMessageContaining("expected a size from 1 byte to 1 PiB");
    }
}
