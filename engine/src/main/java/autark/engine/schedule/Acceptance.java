package autark.engine.schedule;

/// How well guesses at the next tokens of an answer did.
final class Acceptance {
    /// Part of a new guess in the mean.
    private static final double NEW = 0.1;

    private static final double START = 0.7;

    private double rate = START;
    private int drafted;
    private int accepted;

    /// Counts guesses in: all up to the first wrong one were checked.
    void add(int draftCount, int acceptedCount) {
        int checked = Math.min(draftCount, acceptedCount + 1);
        for (int i = 0; i < checked; i++) {
            rate += NEW * ((i < acceptedCount ? 1 : 0) - rate);
        }
        drafted += draftCount;
        accepted += acceptedCount;
    }

    /// A chance that comes again after answers that could not be guessed.
    void recover() {
        rate += NEW / 10 * (START - rate);
    }

    /// Probability that the next guess is right if those before it are.
    double rate() {
        return rate;
    }

    int drafted() {
        return drafted;
    }

    int accepted() {
        return accepted;
    }
}
