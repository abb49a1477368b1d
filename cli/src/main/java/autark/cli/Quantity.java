package autark.cli;

import java.util.Locale;

/// Numbers as people read them.
final class Quantity {
    private static final String[] BYTE_UNITS = {"B", "kB", "MB", "GB", "TB"};
    private static final String[] COUNT_UNITS = {"", " K", " M", " B", " T"};

    private Quantity() {}

    /// A size in decimal units: `98.4 MB`.
    static String bytes(long bytes) {
        return scaled(bytes, " ", BYTE_UNITS);
    }

    /// A large count: `134.5 M`.
    static String count(long count) {
        return scaled(count, "", COUNT_UNITS);
    }

    /// Minutes and seconds, `1:05`, or hours, minutes and seconds.
    static String duration(long seconds) {
        long hours = seconds / 3600;
        long minutes = seconds / 60 % 60;
        return hours > 0
                ? "%d:%02d:%02d".formatted(hours, minutes, seconds % 60)
                : "%d:%02d".formatted(minutes, seconds % 60);
    }

    private static String scaled(long number, String separator, String[] units) {
        double value = number;
        int unit = 0;
        // 999.95 would be shown as 1000.0
        while (value >= 999.95 && unit < units.length - 1) {
            value /= 1000;
            unit++;
        }
        String digits = unit == 0 ? "%.0f" : "%.1f";
        return String.format(Locale.ROOT, digits, value) + separator + units[unit];
    }
}
