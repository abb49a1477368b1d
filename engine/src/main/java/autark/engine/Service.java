package autark.engine;

import java.time.Duration;

/// How a request is served among others; never changes what is written.
///
/// @param tenant on whose behalf: tenants get equal shares of the engine, and none can find out
///   what another one asked; empty for nobody in particular
/// @param priority the higher goes first, [#PRIORITY_MIN] to [#PRIORITY_MAX]; 0 is usual
/// @param timeout after which the answer ends with what there is; [#FOREVER] for never
public record Service(String tenant, int priority, Duration timeout) {
    public static final int TENANT_CHARS_MAX = 256;
    public static final int PRIORITY_MIN = -100;
    public static final int PRIORITY_MAX = 100;
    public static final Duration FOREVER = Duration.ofDays(36_500);

    /// Refuses values out of range.
    ///
    /// @throws EngineException if one is
    public Service {
        if (tenant.length() > TENANT_CHARS_MAX) {
            throw new EngineException(
                    "tenant: found %d characters, expected at most %d"
                            .formatted(tenant.length(), TENANT_CHARS_MAX));
        }
        if (priority < PRIORITY_MIN || priority > PRIORITY_MAX) {
            throw new EngineException(
                    "priority: found %d, expected %d to %d"
                            .formatted(priority, PRIORITY_MIN, PRIORITY_MAX));
        }
        if (timeout.isNegative() || timeout.isZero() || timeout.compareTo(FOREVER) > 0) {
            throw new EngineException(
                    "timeout: found %s, expected more than zero and at most 100 years"
                            .formatted(timeout));
        }
    }

    /// For nobody in particular, with no hurry and no end.
    public static Service usual() {
        return new Service("", 0, FOREVER);
    }

    public Service withTenant(String name) {
        return new Service(name, priority, timeout);
    }

    public Service withPriority(int level) {
        return new Service(tenant, level, timeout);
    }

    public Service withTimeout(Duration time) {
        return new Service(tenant, priority, time);
    }
}
