package autark.engine;

import autark.text.parse.Segment;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// An answer as it is written: pieces of thinking and answer.
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
    private final Runnable cancel;
    private final Runnable resume;
    private boolean wholeWanted;
    private @Nullable Result result;
    private @Nullable Throwable failure;

    /// @param cancel ends the answer soon
    /// @param resume tells the engine that there is room again
    TokenStream(Runnable cancel, Runnable resume) {
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

    /// Waits for the end and returns the whole answer without the thinking.
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

    /// What was written so far.
    String written(Segment.Kind kind) {
        lock.lock();
        try {
            return (kind == Segment.Kind.THINKING ? thinking : answer).toString();
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
