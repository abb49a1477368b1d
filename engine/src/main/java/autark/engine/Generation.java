package autark.engine;

import autark.engine.SequencePool.Pooled;
import autark.engine.sample.SampleBuffers;
import autark.engine.sample.Sampler;
import autark.engine.sample.TokenHistory;
import autark.model.Span;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalInt;

/// The token level of one answer: reads the prompt in steps of limited size, then draws one token a
/// step. It keeps only token ids between steps; keys and values are in the pool's sequences, which
/// it may lose and win back (see [SequencePool]).
///
/// Guarded by the lock of the engine.
final class Generation {
    private static final long[] ALL_ALLOWED = {};

    private final LanguageModel model;
    private final SequencePool pool;
    private final Clock clock;
    private final Sampler sampler;
    private final SampleBuffers buffers;
    private final TokenList tokens;
    private final int promptTokens;
    private final float[] logits;
    private int cachedTokens;
    private Duration prefill = Duration.ZERO;
    private Duration decode = Duration.ZERO;
    private boolean started;

    Generation(LanguageModel model, SequencePool pool, Clock clock, Sampler sampler, int[] prompt) {
        this.model = model;
        this.pool = pool;
        this.clock = clock;
        this.sampler = sampler;
        this.buffers = new SampleBuffers(model.vocabSize());
        this.tokens = new TokenList(prompt);
        this.promptTokens = prompt.length;
        this.logits = new float[model.vocabSize()];
    }

    /// Runs one step. Returns the drawn token, or nothing while tokens are still to be read.
    ///
    /// @throws autark.engine.sample.SamplingException if the model's logits are no numbers
    OptionalInt step() {
        Instant start = clock.instant();
        boolean first = tokens.size() == promptTokens;
        Pooled sequence = pool.acquire(this, tokens);
        if (!started) {
            started = true;
            cachedTokens = sequence.length();
        }
        int end = Math.min(tokens.size(), sequence.length() + model.maxStepTokens());
        int[] step = tokens.slice(sequence.length(), end);
        OptionalInt drawn = OptionalInt.empty();
        if (end < tokens.size()) {
            sequence.append(step, Span.Outputs.NONE);
        } else {
            sequence.append(step, Span.Outputs.LAST);
            sequence.copyLogits(0, logits);
            drawn = OptionalInt.of(draw());
        }
        Duration time = Duration.between(start, clock.instant());
        if (first) {
            prefill = prefill.plus(time);
        } else {
            decode = decode.plus(time);
        }
        return drawn;
    }

    private int draw() {
        TokenHistory history = new TokenHistory(tokens.backing(), promptTokens, tokens.size());
        int token = sampler.next(logits, ALL_ALLOWED, history, buffers);
        tokens.add(token);
        return token;
    }

    /// Gives the sequence back.
    void release() {
        pool.release(this);
    }

    int generatedTokens() {
        return tokens.size() - promptTokens;
    }

    /// The tokens drawn so far.
    int[] generated() {
        return tokens.slice(promptTokens, tokens.size());
    }

    /// Whether the context has no room for another token.
    boolean full() {
        return tokens.size() >= model.contextLength();
    }

    Usage usage() {
        return new Usage(promptTokens, cachedTokens, generatedTokens(), prefill, decode);
    }
}
