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

    void sample(String name, Labels labels, long value) {
        sample(name, labels, Long.toString(value));
    }

    void sample(String name, Labels labels, double value) {
        boolean whole = value == Math.rint(value) && Math.abs(value) < 1L << 53;
        sample(name, labels, whole ? Long.toString((long) value) : Double.toString(value));
    }

    private void sample(String name, Labels labels, String value) {
        text.append(name);
        if (!labels.text().isEmpty()) {
            text.append('{').append(labels.text()).append('}');
        }
        text.append(' ').append(value).append('\n');
    }

    String text() {
        return text.toString();
    }
}
