package autark.server.config;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A size as people write it: a number and a unit, decimal (`512MB`, `1.5G`) or binary (`2GiB`).
public record ByteSize(long bytes) {
    private static final Pattern FORM =
            Pattern.compile("(\\d{1,18}(?:\\.\\d{1,9})?)\\s?([kmgt]?)(i?)b?");

    private static final String UNITS = "kmgt";
    private static final BigDecimal BYTES_MAX = BigDecimal.valueOf(1L << 50);

    /// @throws ConfigException if the text is no size from 1 byte to 1 PiB
    public static ByteSize parse(String text) {
        Matcher parts = FORM.matcher(text.toLowerCase(Locale.ROOT));
        boolean sized = parts.matches() && (!parts.group(2).isEmpty() || parts.group(3).isEmpty());
        if (!sized) {
            throw mistake(text);
        }
        BigDecimal base = BigDecimal.valueOf(parts.group(3).isEmpty() ? 1000 : 1024);
        int power = parts.group(2).isEmpty() ? 0 : UNITS.indexOf(parts.group(2)) + 1;
        BigDecimal bytes = new BigDecimal(parts.group(1)).multiply(base.pow(power));
        if (bytes.compareTo(BigDecimal.ONE) < 0 || bytes.compareTo(BYTES_MAX) > 0) {
            throw mistake(text);
        }
        return new ByteSize(bytes.longValue());
    }

    private static ConfigException mistake(String text) {
        return new ConfigException(
                "found %s, expected a size from 1 byte to 1 PiB, for instance 512MB or 2GiB"
                        .formatted(text));
    }
}
