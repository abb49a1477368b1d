package autark.server.observe;

/// Names with values, as a sample of a metric carries them.
///
/// @param text as it is written between the braces
record Labels(String text) {
    static Labels none() {
        return new Labels("");
    }

    Labels and(String name, String value) {
        String escaped = value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
        return new Labels(
                "%s%s%s=\"%s\"".formatted(text, text.isEmpty() ? "" : ",", name, escaped));
    }
}
