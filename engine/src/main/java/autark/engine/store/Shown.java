package autark.engine.store;

/// Text from outside as an error message may repeat it: bounded, without control characters.
final class Shown {
    private static final int CHARACTER_LIMIT = 80;

    private Shown() {}

    static String of(String text) {
        StringBuilder shown = new StringBuilder("'");
        for (int i = 0; i < text.length() && i < CHARACTER_LIMIT; i++) {
            char c = text.charAt(i);
            boolean plain = c >= ' ' && c < 0x7f;
            shown.append(plain ? String.valueOf(c) : "\\u%04x".formatted((int) c));
        }
        if (text.length() > CHARACTER_LIMIT) {
            shown.append("...");
        }
        return shown.append("'").toString();
    }
}
