package autark.engine.schedule;

import java.time.Duration;

/// Bounds of a [Scheduler].
///
/// @param running most answers that have keys and values at once
/// @param aging time of waiting that counts as a priority higher by one: who waits is served in the
///   end, whatever comes after
/// @param stepFactor how much longer a step may become by prompts that are read beside answers that
///   are written
public record Limits(int running, Duration aging, double stepFactor) {
    private static final Duration AGING = Duration.ofSeconds(30);
    private static final double STEP_FACTOR = 1.5;

    public static Limits of(int running) {
        return new Limits(running, AGING, STEP_FACTOR);
    }
}
