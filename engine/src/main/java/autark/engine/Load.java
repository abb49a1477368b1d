package autark.engine;

/// What an engine is doing and has done.
///
/// @param running answers that have keys and values
/// @param waiting answers that wait for their turn
/// @param pages pages of 32 tokens that there are
/// @param freePages pages that nobody uses
/// @param rememberedPages pages of beginnings that are remembered
/// @param steps steps since the start
/// @param tokens tokens that were read and written since the start
/// @param tokensPerSecond of them a second of work, 0 before the first step
/// @param cachedTokens tokens of prompts that were known and not read
/// @param draftedTokens tokens that were guessed
/// @param acceptedTokens guesses that were right
/// @param preemptions how often an answer had to wait again
/// @param ended answers that have ended
/// @param failed those of them that failed
public record Load(
        int running,
        int waiting,
        int pages,
        int freePages,
        int rememberedPages,
        long steps,
        long tokens,
        double tokensPerSecond,
        long cachedTokens,
        long draftedTokens,
        long acceptedTokens,
        long preemptions,
        long ended,
        long failed) {}
