package autark.engine.schedule;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/// What was known of the beginning of an answer that comes in, as a flight recording shows it.
/// There is no text in it, and no name.
@Name("autark.Prefix")
@Label("Prefix")
@Category({"Autark", "Engine"})
@Description("An answer came in, and part of its tokens were known")
@StackTrace(false)
final class PrefixEvent extends Event {
    @Label("Tokens")
    int tokens;

    @Label("Remembered Tokens")
    int rememberedTokens;

    @Label("Tokens on Disk")
    int diskTokens;

    @Label("Remembered Pages")
    @Description("Pages of 32 tokens that are remembered for all answers")
    int rememberedPages;

    @Label("Evicted Pages")
    @Description("Pages that made room for others, since the start")
    long evictedPages;
}
