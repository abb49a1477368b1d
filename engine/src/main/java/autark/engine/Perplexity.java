package autark.engine;

import autark.text.token.Tokenizer;
import java.util.Arrays;
import java.util.function.Consumer;

/// How surprised a model is by a text: e to the mean negative log-likelihood of its tokens. 1 is a
/// model that knows the text, the size of the vocabulary one that guesses.
///
/// The method is that of llama.cpp, so that values can be compared: the tokens of the whole text,
/// with the begin of the sequence if the model wants it, are cut into chunks of `contextTokens`; a
/// rest is left out. Each chunk is read on its own, its first token replaced by the begin of the
/// sequence if the model wants that. Its second half is scored, where each token has at least half
/// a context before it.
///
/// @param value the perplexity
/// @param error standard error of `value`
/// @param contextTokens tokens of a chunk
/// @param chunkCount chunks that were read
/// @param scoredTokens tokens that were scored
public record Perplexity(
        double value, double error, int contextTokens, int chunkCount, int scoredTokens) {
    /// How a text is cut.
    ///
    /// @param contextTokens tokens of a chunk, at least [#CONTEXT_TOKENS_MIN]
    /// @param maxChunks most chunks to read
    public record Chunks(int contextTokens, int maxChunks) {
        /// The shortest chunk in which a token can be scored.
        public static final int CONTEXT_TOKENS_MIN = 4;

        /// Refuses values out of range.
        ///
        /// @throws EngineException if one is
        public Chunks {
            if (contextTokens < CONTEXT_TOKENS_MIN) {
                throw new EngineException(
                        "context: found %d tokens, expected at least %d"
                                .formatted(contextTokens, CONTEXT_TOKENS_MIN));
            }
            if (maxChunks < 1) {
                throw new EngineException(
                        "chunks: found %d, expected at least 1".formatted(maxChunks));
            }
        }
    }

    /// Measures a text.
    ///
    /// @param progress gets what is known after each chunk
    /// @throws EngineException if the text is shorter than a chunk, or the model's context is
    public static Perplexity measure(
            Engine engine, String text, Chunks chunks, Consumer<Perplexity> progress) {
        int contextTokens = chunks.contextTokens();
        if (contextTokens > engine.contextLength()) {
            throw new EngineException(
                    "context: found %d tokens, expected at most the %d of the model"
                            .formatted(contextTokens, engine.contextLength()));
        }
        int[] tokens = engine.prompts().tokens(text, Tokenizer.Specials.AS_TEXT);
        int chunkCount = Math.min(chunks.maxChunks(), tokens.length / contextTokens);
        if (chunkCount == 0) {
            throw new EngineException(
                    "the text has %d tokens, expected at least one context of %d"
                            .formatted(tokens.length, contextTokens));
        }
        ChunkScorer scorer = new ChunkScorer(contextTokens, engine.prompts().begin());
        for (int chunk = 0; chunk < chunkCount; chunk++) {
            int start = chunk * contextTokens;
            int[] chunkTokens = Arrays.copyOfRange(tokens, start, start + contextTokens);
            progress.accept(engine.withModel(model -> scorer.add(model, chunkTokens)));
        }
        return scorer.perplexity();
    }
}
