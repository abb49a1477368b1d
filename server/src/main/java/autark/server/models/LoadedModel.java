package autark.server.models;

import autark.engine.Load;
import java.time.Instant;
import java.util.Optional;

/// A model that is in memory.
///
/// @param bytes of memory that it takes
/// @param until when it is unloaded if nobody asks it; empty for never
/// @param load what its engine does
public record LoadedModel(ModelCard card, long bytes, Optional<Instant> until, Load load) {}
