package autark.server.openai;

import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.random.RandomGenerator;

/// Makes up names of things, in the order of time: what is younger comes behind.
///
/// @param random for use by many threads
record Names(Clock clock, RandomGenerator random) {
    private static final int TIME_DIGITS = 11;
    private static final int CHARS_MAX = 80;

    /// @param prefix says what it is, as `chatcmpl-`
    String next(String prefix) {
        HexFormat hex = HexFormat.of();
        return prefix
                + hex.toHexDigits(clock.millis(), TIME_DIGITS)
                + hex.toHexDigits(random.nextLong());
    }

    /// Whether a text that a client sends can be a name that was made here.
    static boolean isName(String text) {
        return text.length() <= CHARS_MAX && text.chars().allMatch(Names::isNameUnit);
    }

    private static boolean isNameUnit(int unit) {
        return (unit >= 'a' && unit <= 'z')
                || (unit >= '0' && unit <= '9')
                || unit == '_'
                || unit == '-';
    }

    /// Whether a name was made longer ago than this.
    ///
    /// @param prefix with which it was made
    boolean olderThan(String name, String prefix, Duration age) {
        int end = prefix.length() + TIME_DIGITS;
        if (!name.startsWith(prefix) || name.length() < end) {
            return false;
        }
        try {
            long made = HexFormat.fromHexDigitsToLong(name, prefix.length(), end);
            return made < clock.millis() - age.toMillis();
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /// Seconds since 1970.
    long now() {
        return clock.instant().getEpochSecond();
    }
}
