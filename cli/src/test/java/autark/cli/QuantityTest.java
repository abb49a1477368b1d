package autark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class QuantityTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0 B",
        "999, 999 B",
        "1000, 1.0 kB",
        "98362432, 98.4 MB",
        "999949999, 999.9 MB",
        "999950000, 1.0 GB",
        "9223372036854775807, 9223372.0 TB",
    })
    void bytes(long bytes, String expected) {
        assertThat(Quantity.bytes(bytes)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"42, 42", "1000, 1.0 K", "134515008, 134.5 M", "7000000000, 7.0 B"})
    void counts(long count, String expected) {
        assertThat(Quantity.count(count)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"0, 0:00", "65, 1:05", "3599, 59:59", "3600, 1:00:00", "90061, 25:01:01"})
    void durations(long seconds, String expected) {
        assertThat(Quantity.duration(seconds)).isEqualTo(expected);
    }
}
