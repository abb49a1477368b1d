package autark.engine.schedule;

import java.time.Instant;

/// On which terms an answer is served.
///
/// @param tenant who pays; tenants get equal shares and never see one another's prefixes
/// @param priority the higher goes first
/// @param deadline when the answer ends, finished or not; [Instant#MAX] for never
public record Terms(String tenant, int priority, Instant deadline) {}
