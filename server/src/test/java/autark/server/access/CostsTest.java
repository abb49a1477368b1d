package autark.server.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import autark.server.http.Caller;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What answers cost, in money and in joules.
class CostsTest {
    private static final Energy.Estimate ESTIMATE = new Energy.Estimate(7.5, 2);

    @TempDir private Path folder;

    private Prices prices(String json) throws IOException {
        return Prices.read(Files.writeString(folder.resolve("prices.json"), json));
    }

    private static BigDecimal cost(Prices prices, String model) {
        return prices.cost(Receipts.of(Caller.local(), model, 1_000, 300, 77));
    }

    @Test
    void moneyIsExact() throws IOException {
        Prices prices =
                prices(
                        """
                        {"currency": "EUR", "models": {
                          "a": {"input": 0.1, "cached_input": 0.03, "output": 0.7},
                          "b": {"input": 1000000, "output": 0},
                          "*": {"input": 0, "output": 1e-6}}}
                        """);
        assertThat(cost(prices, "a")).isEqualByComparingTo("0.0001329");
        assertThat(cost(prices, "b")).isEqualByComparingTo("1000");
        assertThat(cost(prices, "c")).isEqualByComparingTo("0.000000000077");
        assertThat(cost(Prices.read(folder.resolve("none.json")), "a")).isEqualByComparingTo("0");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "{\"prices\": {}}",
                "{\"models\": {\"a\": {\"input\": 1}}}",
                "{\"models\": {\"a\": {\"input\": \"1\", \"output\": 1}}}",
                "{\"models\": {\"a\": {\"input\": -1, \"output\": 1}}}",
                "{\"models\": {\"a\": {\"input\": 1, \"output\": 1e99}}}",
                "{\"watts_per_core\": -1}"
            })
    void pricesThatAreNoneAreRefused(String json) {
        assertThatThrownBy(() -> prices(json))
                .isInstanceOf(BooksException.class)
                .hasMessageContaining("prices.json");
    }

    @Test
    void withoutCountersTheEstimateIsSaidToBeOne() {
        Energy energy = Energy.of(folder, ESTIMATE);
        assertThat(energy.source()).contains("estimated", "7.5 watts", "2 cores");
        assertThat(energy.begin().joules(Duration.ofSeconds(4), Duration.ofSeconds(9)))
                .isCloseTo(60, within(1e-9));
    }

    /// Two packages, one of whose counters begins again meanwhile; a part of a package is not
    /// counted twice.
    @Test
    void countersOfTheProcessorAreRead() throws IOException {
        domain("intel-rapl:0", 1_000_000);
        domain("intel-rapl:1", 9_000_000);
        domain("intel-rapl:0:0", 1_000_000);
        Energy energy = Energy.of(folder, ESTIMATE);
        assertThat(energy.source()).contains("measured");
        Energy.Reading reading = energy.begin();
        domain("intel-rapl:0", 7_000_000);
        domain("intel-rapl:1", 3_000_000);
        domain("intel-rapl:0:0", 8_000_000);
        assertThat(reading.joules(Duration.ofSeconds(1), Duration.ofSeconds(4)))
                .isCloseTo((6 + 4) / 4.0, within(1e-9));
        assertThat(reading.joules(Duration.ZERO, Duration.ZERO)).isZero();
    }

    private void domain(String name, long microjoules) throws IOException {
        Path domain = Files.createDirectories(folder.resolve(name));
        Files.writeString(domain.resolve("energy_uj"), microjoules + "\n");
        Files.writeString(domain.resolve("max_energy_range_uj"), "10000000\n");
    }
}
