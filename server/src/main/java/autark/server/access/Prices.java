package autark.server.access;

import autark.server.http.ApiException;
import autark.server.http.Fields;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// What answers cost: money by the token, and energy by an estimate where the machine does not
/// measure it. It comes from the file `prices.json`:
///
/// ```json
/// {"currency": "EUR", "watts_per_core": 6.5,
///  "models": {"*": {"input": 0.10, "cached_input": 0.02, "output": 0.40}}}
/// ```
///
/// Prices are for a million tokens; `*` stands for all models that are not named. All arithmetic is
/// in decimals, nothing is rounded.
///
/// @param currency a word for people
/// @param wattsPerCore of a busy core with its share of the machine
/// @param models prices by model
record Prices(String currency, double wattsPerCore, Map<String, Price> models) {
    private static final double WATTS_PER_CORE = 10;
    private static final double WATTS_MAX = 1000;
    private static final int PRICE_DIGITS_MAX = 18;
    private static final int MILLION_DIGITS = 6;
    private static final String ALL = "*";
    private static final Price FREE = new Price(BigDecimal.ZERO, BigDecimal.ZERO, BigDecimal.ZERO);

    /// For a million tokens each.
    record Price(BigDecimal input, BigDecimal cachedInput, BigDecimal output) {}

    Prices {
        models = Map.copyOf(models);
    }

    /// @throws BooksException if the file is there and cannot be understood
    static Prices read(Path file) {
        try {
            return Files.exists(file)
                    ? of(Fields.of(Files.readAllBytes(file)))
                    : new Prices("", WATTS_PER_CORE, Map.of());
        } catch (IOException | ApiException e) {
            throw new BooksException("cannot read %s: %s".formatted(file, e.getMessage()), e);
        }
    }

    private static Prices of(Fields fields) {
        String currency = fields.text("currency").orElse("");
        double watts = fields.number("watts_per_core", 0, WATTS_MAX).orElse(WATTS_PER_CORE);
        Map<String, Price> models = new HashMap<>();
        fields.object("models")
                .ifPresent(all -> {
                    for (String name : all.names()) {
                        models.put(name, price(all.object(name).orElseThrow()));
                    }
                });
        fields.end();
        return new Prices(currency, watts, models);
    }

    private static Price price(Fields fields) {
        BigDecimal input = amount(fields, "input");
        Price price =
                new Price(
                        input,
                        fields.has("cached_input") ? amount(fields, "cached_input") : input,
                        amount(fields, "output"));
        fields.end();
        return price;
    }

    private static BigDecimal amount(Fields fields, String name) {
        JsonNode node = fields.any(name).orElseThrow(() -> fields.missing(name));
        boolean plain =
                node.isNumber()
                        && node.decimalValue().signum() >= 0
                        && node.decimalValue().precision() <= PRICE_DIGITS_MAX
                        && Math.abs(node.decimalValue().scale()) <= PRICE_DIGITS_MAX;
        if (!plain) {
            throw fields.invalid(name, "expected a price for a million tokens, as 0.15");
        }
        return node.decimalValue();
    }

    /// What an answer costs, exactly.
    BigDecimal cost(Receipt receipt) {
        Price price = models.getOrDefault(receipt.model(), models.getOrDefault(ALL, FREE));
        long read = receipt.promptTokens() - receipt.cachedTokens();
        return price.input()
                .multiply(BigDecimal.valueOf(read))
                .add(price.cachedInput().multiply(BigDecimal.valueOf(receipt.cachedTokens())))
                .add(price.output().multiply(BigDecimal.valueOf(receipt.writtenTokens())))
                .movePointLeft(MILLION_DIGITS);
    }
}
