package autark.engine;

import java.util.List;
import java.util.Set;

/// When an answer ends, apart from the model ending its turn.
///
/// @param maxTokens most tokens to write, [#UNLIMITED] for as many as the context holds
/// @param strings texts that end the answer and are not part of it; thinking is not searched
/// @param tokens token ids that end the answer, besides those with which the model ends its turn
public record Stop(int maxTokens, List<String> strings, Set<Integer> tokens) {
    /// As many tokens as the context holds.
    public static final int UNLIMITED = Integer.MAX_VALUE;

    /// Most stop strings.
    public static final int STRING_COUNT_MAX = 32;

    /// Longest stop string, in UTF-16 units.
    public static final int STRING_CHARS_MAX = 256;

    /// Copies, and refuses values out of range.
    ///
    /// @throws EngineException if one is
    public Stop {
        if (maxTokens < 1) {
            throw new EngineException(
                    "max tokens: found %d, expected at least 1".formatted(maxTokens));
        }
        if (strings.size() > STRING_COUNT_MAX) {
            throw new EngineException(
                    "stop strings: found %d, expected at most %d"
                            .formatted(strings.size(), STRING_COUNT_MAX));
        }
        for (String string : strings) {
            if (string.isEmpty() || string.length() > STRING_CHARS_MAX) {
                throw new EngineException(
                        "stop string: found %d characters, expected 1 to %d"
                                .formatted(string.length(), STRING_CHARS_MAX));
            }
        }
        strings = List.copyOf(strings);
        tokens = Set.copyOf(tokens);
    }

    /// At the end of the model's turn or when the context is full.
    public static Stop atEndOfTurn() {
        return new Stop(UNLIMITED, List.of(), Set.of());
    }

    public Stop withMaxTokens(int count) {
        return new Stop(count, strings, tokens);
    }

    public Stop withStrings(List<String> texts) {
        return new Stop(maxTokens, texts, tokens);
    }

    public Stop withTokens(Set<Integer> ids) {
        return new Stop(maxTokens, strings, ids);
    }
}
