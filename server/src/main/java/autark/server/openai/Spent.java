package autark.server.openai;

import autark.engine.Result;
import autark.engine.Usage;
import autark.text.token.Tokenizer;
import java.util.List;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The tokens of an answer, as both kinds of routes tell them.
///
/// @param prompt tokens of the prompts
/// @param cached those of them that did not have to be read
/// @param written tokens that were drawn, in all choices
/// @param thinking those of them that are thinking, found by reading its text again
record Spent(long prompt, long cached, long written, long thinking) {
    /// What the choices of an answer to one prompt cost.
    static Spent of(List<Result> results, Tokenizer tokenizer) {
        Usage first = results.getFirst().usage();
        long written = 0;
        long thinking = 0;
        for (Result result : results) {
            int drawn = result.usage().generatedTokens();
            int read = tokenizer.encode(result.thinking(), Tokenizer.Specials.AS_TEXT).length;
            written += drawn;
            thinking += Math.min(drawn, read);
        }
        return new Spent(first.promptTokens(), first.cachedTokens(), written, thinking);
    }

    static Spent nothing() {
        return new Spent(0, 0, 0, 0);
    }

    Spent plus(Spent other) {
        return new Spent(
                prompt + other.prompt,
                cached + other.cached,
                written + other.written,
                thinking + other.thinking);
    }

    /// As completions tell it.
    ObjectNode completion() {
        ObjectNode usage = JsonNodeFactory.instance.objectNode();
        usage.put("prompt_tokens", prompt);
        usage.put("completion_tokens", written);
        usage.put("total_tokens", prompt + written);
        usage.putObject("prompt_tokens_details").put("cached_tokens", cached);
        usage.putObject("completion_tokens_details").put("reasoning_tokens", thinking);
        return usage;
    }

    /// As responses and batches tell it.
    ObjectNode response() {
        ObjectNode usage = JsonNodeFactory.instance.objectNode();
        usage.put("input_tokens", prompt);
        ObjectNode details = usage.putObject("input_tokens_details");
        details.put("cached_tokens", cached);
        details.put("cache_write_tokens", 0); // nobody has to ask, or pay, for what is kept
        usage.put("output_tokens", written);
        usage.putObject("output_tokens_details").put("reasoning_tokens", thinking);
        usage.put("total_tokens", prompt + written);
        return usage;
    }
}
