package autark.engine;

import java.util.List;

/// The prompt of a request as the model reads it.
///
/// @param text what the chat template made of the messages, or the text of a raw prompt; of a
///   prompt of tokens their text
/// @param tokens all that the model reads, the begin of the sequence included
public record ReadPrompt(String text, List<Integer> tokens) {
    public ReadPrompt {
        tokens = List.copyOf(tokens);
    }
}
