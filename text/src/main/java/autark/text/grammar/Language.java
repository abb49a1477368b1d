package autark.text.grammar;

import java.util.Optional;

/// A set of texts, read in UTF-8, byte by byte.
///
/// @param <S> where a reader stands: an immutable value with `equals` and `hashCode`. Every state
///   that a language gives is alive: some text of the language goes on from there, and from two
///   equal states the same texts do.
public interface Language<S> {
    /// Before the first byte.
    ///
    /// @throws GrammarException if no text belongs to the language
    S start();

    /// The state after one more byte, or nothing if no text of the language goes on so.
    Optional<S> next(S state, byte value);

    /// Whether a text of the language may end here.
    boolean complete(S state);

    /// A short text that leads from `state` to the end of a text of the language; empty where
    /// [#complete]. With it an answer that runs out of tokens is closed instead of cut.
    byte[] completion(S state);

    /// The work of a step from `state` and the memory that `state` holds, where those of a usual
    /// state (some microseconds, some hundred bytes) are 1. Bounds what finding the tokens of one
    /// place may cost, and counts what is kept.
    default int cost(S state) {
        return 1;
    }
}
