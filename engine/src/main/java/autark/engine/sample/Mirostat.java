package autark.engine.sample;

/// Steers the surprise of the text towards `tau` bits a token (Basu et al.: Mirostat, 2021, the
/// second algorithm). A bound `mu` on the surprise starts at `2 * tau`; tokens with more surprise
/// are out, though never the likeliest; behind each draw `mu` falls by `eta` times what the
/// surprise of the drawn token, among those that were left, exceeded `tau`.
///
/// @param version 0 for off, or 2
/// @param tau bits, above 0, at most [#TAU_MAX]
/// @param eta how fast it learns, from 0 to 1
public record Mirostat(int version, double tau, double eta) {
    public static final double TAU_MAX = 100;

    /// The only version that there is, beside 0 for off.
    public static final int VERSION = 2;

    /// The target if only the version is said.
    public static final double TAU = 5;

    /// The rate if only the version is said.
    public static final double ETA = 0.1;

    /// Refuses values out of range.
    ///
    /// @throws SamplingException if one is, named
    public Mirostat {
        Range.check(
                "mirostat",
                version,
                version == 0 || version == VERSION,
                "0 (off) or 2, the second algorithm");
        Range.check("mirostat tau", tau, tau > 0 && tau <= TAU_MAX, "more than 0 and at most 100");
        Range.check("mirostat eta", eta, eta >= 0 && eta <= 1, "0 to 1");
    }

    public static Mirostat off() {
        return new Mirostat(0, TAU, ETA);
    }

    public Mirostat withVersion(int value) {
        return new Mirostat(value, tau, eta);
    }

    public Mirostat withTau(double value) {
        return new Mirostat(version, value, eta);
    }

    public Mirostat withEta(double value) {
        return new Mirostat(version, tau, value);
    }

    boolean isOn() {
        return version != 0;
    }
}
