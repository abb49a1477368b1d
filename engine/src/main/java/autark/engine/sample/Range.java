package autark.engine.sample;

/// Refuses settings that are out of range.
final class Range {
    private Range() {}

    static void check(String name, Number found, boolean valid, String expected) {
        if (!valid) {
            throw new SamplingException(
                    "%s: found %s, expected %s".formatted(name, found, expected));
        }
    }

    static void checkCount(String name, int found) {
        check(
                name,
                found,
                found >= 0 && found <= Sampling.COUNT_MAX,
                "0 (off) to " + Sampling.COUNT_MAX);
    }
}
