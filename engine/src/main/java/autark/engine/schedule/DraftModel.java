package autark.engine.schedule;

import autark.model.Batch;
import autark.model.KvCache;
import autark.model.KvPool;
import autark.model.Span;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.IdentityHashMap;

/// Guesses with a smaller model of the same vocabulary (Leviathan et al., Fast Inference from
/// Transformers via Speculative Decoding, 2023), always the token that it holds likeliest.
///
/// It has keys and values of its own for each answer. A prompt it reads in the first steps of its
/// answer, a chunk a step, so that no step waits long for it; until then it has no idea.
public final class DraftModel implements Drafter {
    /// Part of a new measurement in the mean.
    private static final double NEW = 0.1;

    private final LanguageModel model;
    private final Clock clock;
    private final KvPool pool;
    private final int answersMax;
    private final IdentityHashMap<TokenList, Read> reads = new IdentityHashMap<>();
    private final float[] logits;
    private double secondsPerGuess;

    /// What the model has read of an answer.
    private record Read(KvCache cache, TokenList tokens) {}

    /// Takes `model` over and closes it at the end.
    ///
    /// @param pageCount pages for keys and values of all answers
    /// @param answersMax answers that it guesses for at once
    public DraftModel(LanguageModel model, int pageCount, int answersMax, Clock clock) {
        this.model = model;
        this.clock = clock;
        this.pool = model.newPool(pageCount);
        this.answersMax = answersMax;
        this.logits = new float[model.vocabSize()];
    }

    @Override
    public int[] draft(TokenList tokens, int most) {
        Read read = reads.get(tokens);
        if (read == null) {
            if (reads.size() >= answersMax) {
                return new int[0];
            }
            read = new Read(pool.newCache(), new TokenList());
            reads.put(tokens, read);
        }
        int known = read.tokens.commonPrefix(tokens);
        read.cache.truncate(known);
        read.tokens.truncate(known);
        int count = Math.min(most, model.contextLength() - tokens.size());
        int unread = tokens.size() - known;
        boolean room = read.cache.unitsNeeded(unread + Math.max(0, count)) <= pool.freeUnits();
        if (count <= 0 || !room) {
            return new int[0];
        }
        if (unread > model.maxStepTokens()) {
            append(read, tokens.slice(known, known + model.maxStepTokens()), Span.Outputs.NONE);
            return new int[0];
        }
        append(read, tokens.slice(known, tokens.size()), Span.Outputs.LAST);
        return guesses(read, count);
    }

    private int[] guesses(Read read, int count) {
        Instant start = clock.instant();
        int[] guesses = new int[count];
        for (int i = 0; i < count; i++) {
            guesses[i] = likeliest();
            if (i + 1 < count) {
                append(read, new int[] {guesses[i]}, Span.Outputs.LAST);
            }
        }
        double seconds = Duration.between(start, clock.instant()).toNanos() / 1e9;
        if (count > 1) {
            double measured = seconds / (count - 1);
            secondsPerGuess += secondsPerGuess == 0 ? measured : NEW * (measured - secondsPerGuess);
        }
        return guesses;
    }

    private void append(Read read, int[] tokens, Span.Outputs outputs) {
        model.forward(Batch.of(new Span(tokens, read.cache, outputs)));
        read.tokens.add(tokens);
    }

    private int likeliest() {
        model.copyLogits(0, logits);
        int best = 0;
        for (int token = 1; token < logits.length; token++) {
            best = logits[token] > logits[best] ? token : best;
        }
        return best;
    }

    @Override
    public double secondsPerGuess() {
        return secondsPerGuess;
    }

    @Override
    public void forget(TokenList tokens) {
        Read read = reads.remove(tokens);
        if (read != null) {
            read.cache.close();
        }
    }

    @Override
    public void close() {
        pool.close();
        model.close();
    }
}
