package autark.engine.typed;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/// How values of a class of the JDK are written as strings. Java reads every text of the pattern:
/// there is no 30th of February in it, no hour 24 and no time zone that has to be known.
///
/// @param format the name that JSON Schema has for the notation, if it has one
/// @param sketch a short pattern that shows a reader the notation, if there is no such name
/// @param pattern the regular expression of the whole text
record Notation(
        Optional<String> format,
        Optional<String> sketch,
        String pattern,
        Function<String, Object> parse) {
    /// The years 0000 to 9999 of ISO 8601.
    private static final String DATE =
            "([0-9]{4}-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])"
                    + "|(0[469]|11)-(0[1-9]|[12][0-9]|30)"
                    + "|02-(0[1-9]|1[0-9]|2[0-8]))"
                    + "|([0-9]{2}(0[48]|[2468][048]|[13579][26])"
                    + "|([02468][048]|[13579][26])00)-02-29)";

    private static final String TIME = "([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,9})?";

    private static final String SECONDS = "[0-9]{1,9}(\\.[0-9]{1,9})?S";
    private static final String MINUTES = "([0-9]{1,9}M(" + SECONDS + ")?|" + SECONDS + ")";
    private static final String HOURS = "T([0-9]{1,9}H(" + MINUTES + ")?|" + MINUTES + ")";
    private static final String DURATION = "P([0-9]{1,9}D(" + HOURS + ")?|" + HOURS + ")";

    private static final String HEX = "[0-9a-f]";
    private static final String UUID_TEXT =
            HEX + "{8}-" + HEX + "{4}-" + HEX + "{4}-" + HEX + "{4}-" + HEX + "{12}";

    private static final String URI_CHARACTER = "([A-Za-z0-9._~!$&'()*+,;=:@/-]|%[0-9A-Fa-f]{2})";
    private static final String URI_END = "([A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})*";
    private static final String URI_TEXT =
            "[a-z][a-z0-9+.-]*://[A-Za-z0-9.-]+(:[0-9]{1,4})?"
                    + ("(/" + URI_CHARACTER + "*)?(\\?" + URI_END + ")?(#" + URI_END + ")?");

    /// The notation of a class.
    static final Map<Class<?>, Notation> ALL =
            Map.of(
                    LocalDate.class, named("date", DATE, LocalDate::parse),
                    LocalTime.class, shown("[0-9]{2}:[0-9]{2}:[0-9]{2}", TIME, LocalTime::parse),
                    LocalDateTime.class,
                            shown(
                                    "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}",
                                    DATE + "T" + TIME, LocalDateTime::parse),
                    Instant.class, named("date-time", DATE + "T" + TIME + "Z", Instant::parse),
                    Duration.class, named("duration", DURATION, Duration::parse),
                    UUID.class, named("uuid", UUID_TEXT, UUID::fromString),
                    URI.class, named("uri", URI_TEXT, URI::create));

    private static Notation named(String format, String pattern, Function<String, Object> parse) {
        return new Notation(Optional.of(format), Optional.empty(), anchored(pattern), parse);
    }

    private static Notation shown(String sketch, String pattern, Function<String, Object> parse) {
        return new Notation(
                Optional.empty(), Optional.of(anchored(sketch)), anchored(pattern), parse);
    }

    private static String anchored(String pattern) {
        return "^" + pattern + "$";
    }
}
