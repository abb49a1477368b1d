package autark.engine.sample;

/// Random numbers that depend on a seed and a position alone, so that any draw can be repeated
/// without those before it. The generator is SplitMix64 (Steele, Lea, Flood: Fast Splittable
/// Pseudorandom Number Generators, 2014), written out because its numbers are part of what a seed
/// promises.
final class SplitMix64 {
    private static final long GAMMA = 0x9E3779B97F4A7C15L;
    private static final double UNIT = 0x1p-53;

    private SplitMix64() {}

    /// Output number `position`, counted from 0, of the generator that starts at `seed`: uniform in
    /// `[0, 1)`.
    static double uniform(long seed, long position) {
        long z = seed + (position + 1) * GAMMA;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return ((z ^ (z >>> 31)) >>> 11) * UNIT;
    }
}
