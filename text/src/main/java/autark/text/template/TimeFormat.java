package autark.text.template;

import java.time.LocalDateTime;
import java.time.temporal.ChronoField;
import java.time.temporal.IsoFields;
import java.util.Locale;

/// Python's `strftime` in the C locale.
final class TimeFormat {
    private TimeFormat() {}

    static String format(String format, LocalDateTime time) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < format.length(); i++) {
            char character = format.charAt(i);
            if (character != '%' || i + 1 == format.length()) {
                text.append(character);
                continue;
            }
            boolean plain = format.charAt(i + 1) == '-' && i + 2 < format.length();
            i += plain ? 2 : 1;
            String field = field(format.charAt(i), time);
            text.append(plain ? withoutPadding(field) : field);
        }
        return text.toString();
    }

    /// `%-d` writes a number without zeros or blanks before it.
    private static String withoutPadding(String field) {
        int start = 0;
        while (start < field.length() - 1 && "0 ".indexOf(field.charAt(start)) >= 0) {
            start++;
        }
        return field.substring(start);
    }

    private static String field(char letter, LocalDateTime time) {
        return switch (letter) {
            case 'Y' -> Integer.toString(time.getYear());
            case 'm' -> padded(time.getMonthValue(), 2, '0');
            case 'd' -> padded(time.getDayOfMonth(), 2, '0');
            case 'H' -> padded(time.getHour(), 2, '0');
            case 'M' -> padded(time.getMinute(), 2, '0');
            case 'S' -> padded(time.getSecond(), 2, '0');
            case 'B' -> english(time.getMonth());
            case 'b', 'h' -> english(time.getMonth()).substring(0, 3);
            case 'A' -> english(time.getDayOfWeek());
            case 'a' -> english(time.getDayOfWeek()).substring(0, 3);
            case 'y' -> padded(Math.floorMod(time.getYear(), 100), 2, '0');
            case 'C' -> padded(Math.floorDiv(time.getYear(), 100), 2, '0');
            case 'j' -> padded(time.getDayOfYear(), 3, '0');
            case 'I' -> padded(time.get(ChronoField.CLOCK_HOUR_OF_AMPM), 2, '0');
            case 'p' -> time.getHour() < 12 ? "AM" : "PM";
            case 'f' -> padded(time.getNano() / 1000, 6, '0');
            case 'e' -> padded(time.getDayOfMonth(), 2, ' ');
            case 'u' -> Integer.toString(time.getDayOfWeek().getValue());
            case 'w' -> Integer.toString(time.getDayOfWeek().getValue() % 7);
            case 'U' -> week(time, time.getDayOfWeek().getValue() % 7);
            case 'W' -> week(time, time.getDayOfWeek().getValue() - 1);
            case 'V' -> padded(time.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR), 2, '0');
            case 'G' -> Integer.toString(time.get(IsoFields.WEEK_BASED_YEAR));
            case 'F' -> format("%Y-%m-%d", time);
            case 'T', 'X' -> format("%H:%M:%S", time);
            case 'R' -> format("%H:%M", time);
            case 'D', 'x' -> format("%m/%d/%y", time);
            case 'c' -> format("%a %b %e %H:%M:%S %Y", time);
            case 'r' -> format("%I:%M:%S %p", time);
            // The time has no zone.
            case 'z', 'Z' -> "";
            case 'n' -> "\n";
            case 't' -> "\t";
            case '%' -> "%";
            default ->
                    throw TemplateException.render("strftime_now knows no field '%" + letter + "'");
        };
    }

    /// The English name of a month or a day of the week.
    private static String english(Enum<?> name) {
        return name.name().charAt(0) + name.name().substring(1).toLowerCase(Locale.ROOT);
    }

    /// Weeks since the first one that began in this year.
    private static String week(LocalDateTime time, int daysSinceWeekBegan) {
        return padded((time.getDayOfYear() + 6 - daysSinceWeekBegan) / 7, 2, '0');
    }

    private static String padded(int number, int width, char fill) {
        String digits = Integer.toString(number);
        return String.valueOf(fill).repeat(Math.max(0, width - digits.length())) + digits;
    }
}
