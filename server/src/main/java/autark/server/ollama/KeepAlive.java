package autark.server.ollama;

import autark.server.http.ApiException;
import autark.server.http.Caller;
import autark.server.http.Fields;
import autark.server.http.Scope;
import autark.server.models.LoadingCatalog;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/// Reads how long a model shall stay loaded when nobody asks it any more: seconds, or a text as
/// `1h30m`; what is negative stands for ever.
final class KeepAlive {
    private static final String FIELD = "keep_alive";
    private static final int CHARS_MAX = 64;
    private static final Pattern FORM =
            Pattern.compile("(-?)((?:\\d{1,9}(?:\\.\\d{1,9})?(?:ms|h|m|s))+)");
    private static final Pattern PART = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,9})?)(ms|h|m|s)");
    private static final Duration FOREVER = LoadingCatalog.Limits.FOREVER;

    private KeepAlive() {}

    /// @throws ApiException if it is no time, or the caller has no say in it
    static Optional<Duration> read(Fields body, Caller caller) {
        Optional<JsonNode> node = body.any(FIELD);
        if (node.isPresent() && !caller.may(Scope.MODELS)) {
            throw ApiException.field(
                    ApiException.Kind.FORBIDDEN,
                    FIELD,
                    FIELD + ": the key is not allowed to do this: it needs the scope models");
        }
        return node.map(value -> duration(body, value));
    }

    private static Duration duration(Fields body, JsonNode value) {
        if (value.isNumber()) {
            return limited(value.decimalValue().signum() < 0, seconds(value.decimalValue(), "s"));
        }
        String text = value.isString() ? value.stringValue() : "";
        if (text.matches("-?\\d{1,9}")) {
            BigDecimal count = new BigDecimal(text);
            return limited(count.signum() < 0, seconds(count, "s"));
        }
        Matcher form = FORM.matcher(text);
        if (text.length() > CHARS_MAX || !form.matches()) {
            throw body.invalid(FIELD, "expected seconds, or a time as 5m or 1h30m, or -1");
        }
        BigDecimal sum = BigDecimal.ZERO;
        Matcher part = PART.matcher(form.group(2));
        while (part.find()) {
            sum = sum.add(seconds(new BigDecimal(part.group(1)), part.group(2)));
        }
        return limited(!form.group(1).isEmpty(), sum);
    }

    private static BigDecimal seconds(BigDecimal count, String unit) {
        return switch (unit) {
            case "h" -> count.multiply(BigDecimal.valueOf(3600));
            case "m" -> count.multiply(BigDecimal.valueOf(60));
            case "ms" -> count.movePointLeft(3);
            default -> count;
        };
    }

    private static Duration limited(boolean negative, BigDecimal seconds) {
        boolean longer = seconds.compareTo(BigDecimal.valueOf(FOREVER.toSeconds())) > 0;
        return negative || longer
                ? FOREVER
                : Duration.ofMillis(seconds.movePointRight(3).longValue());
    }
}
