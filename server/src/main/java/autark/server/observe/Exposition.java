package autark.server.observe;

/// The text that Prometheus reads, in its format 0.0.4.
final class Exposition {
    static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private final StringBuilder text = new StringBuilder();

    /// Begins a metric; its samples follow.
    ///
    /// @param type `counter`, `gauge` or `histogram`
    void metric(String name, String type, String help) {
        text.append("# HELP ").append(name).append(' ').append(help).append('\n');
        text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
    }

    void sample(String name, Labels labels, double value) {
        text.append(name);
        if (!labels.text().isEmpty()) {
            text.append('{').append(labels.text()).append('}');
        }
        boolean whole = value == Math.rint(value) && Math.abs(value) < 1L << 53;
        text.append(' ').append(whole ? Long.toString((long) value) : Double.toString(value));
        text.append('\n');
    }

    String text() {
        return text.toString();
    }
}
