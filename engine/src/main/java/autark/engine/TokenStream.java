package autark.engine;

import autark.text.parse.Segment;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// An answer that is being written. The model works while the stream is read, in the thread that
/// reads it: a stream that nobody reads costs nothing, and one that is forgotten blocks nobody.
///
/// Read it piece by piece in a loop, or whole with [#text] or [#result]. A piece is some whole
/// characters, of the thinking or of the answer.
///
/// One thread reads; any thread may [#cancel].
public final class TokenStream implements Iterable<Segment>, AutoCloseable {
    private final Engine engine;
    private final Generation generation;
    private final AnswerText text;
    private final int maxTokens;
    private final Set<Integer> endTokens;
    private final Queue<Segment> ready = new ArrayDeque<>();
    private final StringBuilder answer = new StringBuilder();
    private final StringBuilder thinking = new StringBuilder();
    private volatile boolean cancelled;
    private @Nullable FinishReason finish;

    TokenStream(
            Engine engine,
            Generation generation,
            AnswerText text,
            int maxTokens,
            Set<Integer> endTokens) {
        this.engine = engine;
        this.generation = generation;
        this.text = text;
        this.maxTokens = maxTokens;
        this.endTokens = endTokens;
    }

    /// The pieces that were not read yet. Every iterator goes on where the last one stopped.
    @Override
    public Iterator<Segment> iterator() {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                work();
                return !ready.isEmpty();
            }

            @Override
            public Segment next() {
                if (!hasNext()) {
                    throw new NoSuchElementException("the answer has ended");
                }
                return ready.remove();
            }
        };
    }

    /// Waits for the end and returns the whole answer without the thinking.
    public String text() {
        return result().text();
    }

    /// Waits for the end and returns everything. Pieces that were not read are skipped.
    public Result result() {
        FinishReason reason = finish;
        while (reason == null) {
            ready.clear();
            work();
            reason = finish;
        }
        ready.clear();
        return new Result(
                answer.toString(),
                thinking.toString(),
                Arrays.stream(generation.generated()).boxed().toList(),
                reason,
                generation.usage());
    }

    /// Whether the answer has ended.
    public boolean finished() {
        return finish != null;
    }

    /// Ends the answer within a step; the reader gets what is certain, and then the end.
    public void cancel() {
        cancelled = true;
    }

    /// Ends the answer now, if it has not ended. What was written so far stays in [#result].
    @Override
    public void close() {
        cancel();
        if (finish == null) {
            end(FinishReason.CANCELLED, text.cutOff());
        }
        ready.clear();
    }

    /// Works until a piece is ready or the answer has ended.
    private void work() {
        while (ready.isEmpty() && finish == null) {
            if (cancelled) {
                end(FinishReason.CANCELLED, text.cutOff());
            } else {
                step().ifPresent(this::take);
            }
        }
    }

    private OptionalInt step() {
        try {
            return engine.step(generation);
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    private void take(int token) {
        if (endTokens.contains(token)) {
            end(FinishReason.STOP, text.endOfTurn());
            return;
        }
        add(text.next(token));
        if (text.stopped()) {
            end(FinishReason.STOP_STRING, List.of());
        } else if (generation.generatedTokens() >= maxTokens) {
            end(FinishReason.LENGTH, text.cutOff());
        } else if (generation.full()) {
            end(FinishReason.CONTEXT_FULL, text.cutOff());
        }
    }

    private void end(FinishReason reason, List<Segment> rest) {
        add(rest);
        finish = text.stopped() ? FinishReason.STOP_STRING : reason;
        engine.release(generation);
    }

    private void add(List<Segment> segments) {
        for (Segment segment : segments) {
            ready.add(segment);
            switch (segment.kind()) {
                case THINKING -> thinking.append(segment.text());
                case ANSWER -> answer.append(segment.text());
            }
        }
    }
}
