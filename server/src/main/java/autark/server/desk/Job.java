package autark.server.desk;

import autark.engine.FinishReason;
import autark.engine.Result;
import autark.engine.TokenStream;
import autark.engine.sample.SamplingException;
import autark.engine.sample.TokenLogprob;
import autark.server.access.Charge;
import autark.server.access.Receipt;
import autark.server.http.ApiException;
import autark.text.parse.Segment;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/// The answers to a request as they are written: their pieces in the order in which they come.
///
/// One answer is read as it is. Of several each has a virtual thread that passes its pieces on, so
/// that none waits for another.
public final class Job implements Iterable<Piece> {
    private static final int AHEAD_MAX = 64;
    private static final Logger LOGGER = System.getLogger(Job.class.getName());

    private final List<TokenStream> streams;
    private final Charge charge;
    private final List<Thread> pumps = new ArrayList<>();

    Job(List<TokenStream> streams, Charge charge) {
        this.streams = List.copyOf(streams);
        this.charge = charge;
    }

    Charge charge() {
        return charge;
    }

    /// The pieces. To be asked for once.
    ///
    /// @throws autark.engine.EngineException from the iterator if an answer fails
    @Override
    public Iterator<Piece> iterator() {
        if (streams.size() == 1) {
            Iterator<Segment> segments = streams.getFirst().iterator();
            return new Iterator<>() {
                @Override
                public boolean hasNext() {
                    return segments.hasNext();
                }

                @Override
                public Piece next() {
                    return new Piece(0, segments.next());
                }
            };
        }
        BlockingQueue<Optional<Piece>> pieces = new ArrayBlockingQueue<>(AHEAD_MAX);
        for (int choice = 0; choice < streams.size(); choice++) {
            int number = choice;
            pumps.add(Thread.ofVirtual().start(() -> pump(number, pieces)));
        }
        return new Merged(pieces, streams.size());
    }

    private void pump(int choice, BlockingQueue<Optional<Piece>> pieces) {
        try {
            try {
                for (Segment segment : streams.get(choice)) {
                    pieces.put(Optional.of(new Piece(choice, segment)));
                }
            } finally {
                pieces.put(Optional.empty());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // nobody reads any more
        } catch (RuntimeException e) {
            streams.forEach(TokenStream::cancel); // [#results] tells the failure
        }
    }

    /// The pieces of several answers.
    private static final class Merged implements Iterator<Piece> {
        private final BlockingQueue<Optional<Piece>> pieces;
        private int open;
        private @Nullable Piece next;

        Merged(BlockingQueue<Optional<Piece>> pieces, int open) {
            this.pieces = pieces;
            this.open = open;
        }

        @Override
        public boolean hasNext() {
            while (next == null && open > 0) {
                Optional<Piece> taken = take();
                if (taken.isPresent()) {
                    next = taken.get();
                } else {
                    open--;
                }
            }
            return next != null;
        }

        private Optional<Piece> take() {
            try {
                return pieces.take();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                open = 1;
                return Optional.empty();
            }
        }

        @Override
        public Piece next() {
            if (!hasNext() || next == null) {
                throw new NoSuchElementException("all answers have ended");
            }
            Piece piece = next;
            next = null;
            return piece;
        }
    }

    /// Waits for the end of all answers. Pieces that were not read are skipped.
    ///
    /// @throws ApiException if format and bias left no token that an answer could go on with
    /// @throws autark.engine.EngineException if an answer failed
    public List<Result> results() {
        streams.forEach(TokenStream::skipPieces);
        try {
            return streams.stream().map(TokenStream::result).toList();
        } catch (SamplingException e) {
            throw ruledOut(e);
        }
    }

    /// A format and a bias that leave no token between them are the client's.
    private static ApiException ruledOut(SamplingException cause) {
        return ApiException.of(ApiException.Kind.INVALID, String.valueOf(cause.getMessage()));
    }

    /// Waits for the end of all answers, each of which has to be one of its own.
    ///
    /// @throws ApiException if somebody has ended one: its key was revoked or the server stops
    /// @throws autark.engine.EngineException if an answer failed
    public List<Result> wholeResults() {
        List<Result> results = results();
        for (Result result : results) {
            if (result.finish() == FinishReason.CANCELLED) {
                throw ApiException.of(
                                ApiException.Kind.UNAVAILABLE,
                                "the answer was cancelled before it was complete")
                        .withCode("cancelled");
            }
        }
        return results;
    }

    /// What a client is told of a failure that comes once its answer has begun.
    ///
    /// @param request its id
    public static ApiException failure(RuntimeException cause, String request) {
        if (cause instanceof ApiException known) {
            return known;
        }
        if (cause instanceof SamplingException ruledOut) {
            return ruledOut(ruledOut);
        }
        LOGGER.log(Level.ERROR, "request " + request + " failed", cause);
        return ApiException.of(ApiException.Kind.INTERNAL, "failed: " + request);
    }

    /// Tokens of the prompt.
    public int promptTokens() {
        return streams.getFirst().promptTokens();
    }

    /// Tokens of the prompt that did not have to be read; known with the first piece, 0 before.
    public int cachedTokens() {
        return streams.getFirst().cachedTokens().orElse(0);
    }

    /// The id of a call of a tool; see [TokenStream#callId].
    public String callId(int choice, int index) {
        return streams.get(choice).callId(index);
    }

    /// The opinions on tokens that came since the last call; see [TokenStream#newLogprobs].
    public List<TokenLogprob> newLogprobs(int choice) {
        return streams.get(choice).newLogprobs();
    }

    /// Ends all answers soon.
    public void cancel() {
        streams.forEach(TokenStream::cancel);
    }

    /// Ends all answers and waits until they have ended.
    List<Receipt.Choice> end() {
        pumps.forEach(Thread::interrupt);
        List<Receipt.Choice> choices = new ArrayList<>();
        for (TokenStream stream : streams) {
            stream.close();
            try {
                Result result = stream.result();
                choices.add(new Receipt.Choice(result.finish(), result.usage()));
            } catch (RuntimeException e) {
                // an answer that failed costs nothing; its reader has been told
            }
        }
        return choices;
    }
}
