package autark.server.access;

/// What an answer may cost at most, before it begins.
///
/// @param model its name
/// @param promptTokens tokens of the prompt
/// @param maxTokens most tokens of all choices together
public record Claim(String model, long promptTokens, long maxTokens) {}
