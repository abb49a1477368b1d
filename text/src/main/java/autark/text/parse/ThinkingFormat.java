package autark.text.parse;

import java.util.List;
import java.util.Optional;

/// The pair of tags that a model puts around its thinking.
public record ThinkingFormat(String open, String close) {
    /// The pairs that published models use.
    private static final List<ThinkingFormat> KNOWN =
            List.of(
                    new ThinkingFormat("<think>", "</think>"),
                    new ThinkingFormat("[THINK]", "[/THINK]"),
                    new ThinkingFormat("<seed:think>", "</seed:think>"),
                    new ThinkingFormat("<mm:think>", "</mm:think>"),
                    new ThinkingFormat("<thinking>", "</thinking>"),
                    new ThinkingFormat("<|START_THINKING|>", "<|END_THINKING|>"),
                    new ThinkingFormat("<|inner_prefix|>", "<|inner_suffix|>"),
                    new ThinkingFormat("<|channel>thought", "<channel|>"));

    /// Requires two tags that are not empty.
    public ThinkingFormat {
        if (open.isBlank() || close.isBlank()) {
            throw new IllegalArgumentException(
                    "thinking tags must not be blank, found '" + open + "' and '" + close + "'");
        }
    }

    /// The tags that a chat template knows, or nothing if its model does not think. A template
    /// counts as a thinking one if it names the closing tag: each of them does so, either to cut
    /// earlier thinking off or to write the tag itself.
    public static Optional<ThinkingFormat> of(String templateSource) {
        for (ThinkingFormat format : KNOWN) {
            if (templateSource.contains(format.close)) {
                return Optional.of(format);
            }
        }
        return Optional.empty();
    }
}
