package autark.engine;

import autark.engine.sample.TokenLogprob;
import autark.text.parse.Segment;
import autark.text.template.ToolCall;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// An answer as it is written: pieces of thinking, answer and calls of tools.
///
/// ```java
/// try (TokenStream stream = engine.generate(request)) {
///     for (Segment piece : stream) {
///         System.out.print(piece.text());
///     }
/// }
/// ```
///
/// The engine writes ahead of the reader, up to [#AHEAD_MAX] pieces; then the answer waits, and
/// only this one. Reading blocks the reading thread, which may be a virtual one. One thread reads;
/// any thread may cancel.
public final class TokenStream implements Iterable<Segment>, AutoCloseable {
    /// Pieces that are kept for the reader; a piece is the text of a token or so.
    public static final int AHEAD_MAX = 256;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<Segment> ready = new ArrayDeque<>();
    private final StringBuilder answer = new StringBuilder();
    private final StringBuilder thinking = new StringBuilder();
    private final CallCollector calls;
    private final List<TokenLogprob> logprobs = new ArrayList<>();
    private final int promptTokens;
    private final Runnable cancel;
    private final Runnable resume;
    private OptionalInt cachedTokens = OptionalInt.empty();
    private int logprobsRead;
    private boolean wholeWanted;
    private @Nullable Result result;
    private @Nullable Throwable failure;

    /// @param cancel ends the answer soon
    /// @param resume tells the engine that there is room again
    TokenStream(int promptTokens, CallIds ids, Runnable cancel, Runnable resume) {
        this.promptTokens = promptTokens;
        this.calls = new CallCollector(ids);
        this.cancel = cancel;
        this.resume = resume;
    }

    /// The pieces that were not read yet. Every iterator goes on where the last one stopped.
    @Override
    public Iterator<Segment> iterator() {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return await().isPresent();
            }

            @Override
            public Segment next() {
                if (await().isEmpty()) {
                    throw new NoSuchElementException("the answer has ended");
                }
                return take();
            }
        };
    }

    /// Waits for the next piece, which stays; nothing at the end.
    private Optional<Segment> await() {
        lock.lock();
        try {
            while (ready.isEmpty() && !ended()) {
                changed.awaitUninterruptibly();
            }
            if (ready.isEmpty()) {
                rethrow();
            }
            return Optional.ofNullable(ready.peek());
        } finally {
            lock.unlock();
        }
    }

    private Segment take() {
        lock.lock();
        try {
            Segment segment = ready.remove();
            if (ready.size() == AHEAD_MAX / 2) {
                resume.run();
            }
            return segment;
        } finally {
            lock.unlock();
        }
    }

    /// Tokens of the prompt.
    public int promptTokens() {
        return promptTokens;
    }

    /// Tokens of the prompt that were known from an earlier request; found out when the first token
    /// is drawn, so known with the first piece.
    public OptionalInt cachedTokens() {
        lock.lock();
        try {
            return cachedTokens;
        } finally {
            lock.unlock();
        }
    }

    /// The model's opinion of the tokens that were drawn since the last call of this method, if the
    /// request asked for it; with the pieces read so far come those of all their tokens, and
    /// perhaps of further ones.
    public List<TokenLogprob> newLogprobs() {
        lock.lock();
        try {
            List<TokenLogprob> fresh = List.copyOf(logprobs.subList(logprobsRead, logprobs.size()));
            logprobsRead = logprobs.size();
            return fresh;
        } finally {
            lock.unlock();
        }
    }

    /// The id of a call, which is known before the call is written.
    ///
    /// @param index of the call in the answer, from 0: that of its [Segment.Kind#CALL_NAME] among
    ///   the pieces, and of the call in [Result#toolCalls]
    public String callId(int index) {
        return calls.id(index);
    }

    /// Waits for the end and returns the whole answer without thinking and calls.
    public String text() {
        return result().text();
    }

    /// Gives up the pieces that were not read, and those that come: the answer is written to its
    /// end although nobody reads it. [#result] has the whole.
    public void skipPieces() {
        lock.lock();
        try {
            wholeWanted = true;
            ready.clear();
            resume.run();
        } finally {
            lock.unlock();
        }
    }

    /// Waits for the end and returns everything. Pieces that were not read are skipped.
    public Result result() {
        skipPieces();
        lock.lock();
        try {
            while (!ended()) {
                changed.awaitUninterruptibly();
            }
            rethrow();
            if (result == null) {
                throw new IllegalStateException("an answer ended without a result");
            }
            return result;
        } finally {
            lock.unlock();
        }
    }

    /// Whether the answer has ended.
    public boolean finished() {
        lock.lock();
        try {
            return ended();
        } finally {
            lock.unlock();
        }
    }

    /// Ends the answer within a step; the reader gets what is certain, and then the end.
    public void cancel() {
        cancel.run();
    }

    /// Ends the answer, if it has not ended, and waits until it has. What was written so far stays
    /// in [#result].
    @Override
    public void close() {
        if (!finished()) {
            cancel();
        }
        lock.lock();
        try {
            wholeWanted = true;
            ready.clear();
            while (!ended()) {
                changed.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    /// Whether the reader keeps up.
    boolean hasRoom() {
        lock.lock();
        try {
            return wholeWanted || ready.size() < AHEAD_MAX;
        } finally {
            lock.unlock();
        }
    }

    /// Adds pieces.
    void put(List<Segment> segments) {
        if (segments.isEmpty()) {
            return;
        }
        lock.lock();
        try {
            for (Segment segment : segments) {
                switch (segment.kind()) {
                    case THINKING -> thinking.append(segment.text());
                    case ANSWER -> answer.append(segment.text());
                    case CALL_NAME, CALL_ARGUMENTS -> calls.add(segment);
                }
                if (!wholeWanted) {
                    ready.add(segment);
                }
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Tells how much of the prompt was known.
    void begin(int cached) {
        lock.lock();
        try {
            cachedTokens = OptionalInt.of(cached);
        } finally {
            lock.unlock();
        }
    }

    /// Adds the opinion of a token, before the token's text.
    void put(TokenLogprob logprob) {
        lock.lock();
        try {
            logprobs.add(logprob);
        } finally {
            lock.unlock();
        }
    }

    /// What was written so far of the answer.
    String answer() {
        lock.lock();
        try {
            return answer.toString();
        } finally {
            lock.unlock();
        }
    }

    /// What was written so far of the thinking.
    String thinking() {
        lock.lock();
        try {
            return thinking.toString();
        } finally {
            lock.unlock();
        }
    }

    /// The calls that were written to their end.
    List<ToolCall> toolCalls() {
        lock.lock();
        try {
            return calls.complete();
        } finally {
            lock.unlock();
        }
    }

    /// The opinions of all tokens.
    List<TokenLogprob> logprobs() {
        lock.lock();
        try {
            return List.copyOf(logprobs);
        } finally {
            lock.unlock();
        }
    }

    void end(Result whole) {
        lock.lock();
        try {
            result = whole;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    void fail(Throwable cause) {
        lock.lock();
        try {
            failure = cause;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private boolean ended() {
        return result != null || failure != null;
    }

    private void rethrow() {
        switch (failure) {
            case null -> {}
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            case Throwable e -> throw new EngineException("the answer failed: " + e);
        }
    }
}
