package autark.server.models;

import java.time.Instant;

/// What a client is told of a model.
///
/// @param name as clients call it
/// @param created when it came to be here
public record ModelCard(String name, Instant created) {}
