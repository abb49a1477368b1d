package autark.engine.schedule;

import autark.engine.FinishReason;
import autark.engine.cache.Prefix;
import autark.model.KvCache;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One answer in the hands of the [Scheduler]. It keeps its tokens all the time, and keys and
/// values only while it runs: they can be taken away and computed again.
///
/// But for [#cancel] it belongs to the thread of the scheduler, and during a step to the thread
/// that draws for it.
public final class Task {
    final Writer writer;
    private final boolean scoresPrompt;
    final Terms terms;
    final TokenList tokens;
    final int promptTokens;

    /// Most tokens that it may still have to compute, as it was admitted.
    private final long price;

    /// Answers to the same prompt that begin where this one has read it.
    final List<Task> followers = new ArrayList<>();

    private volatile boolean cancelled;
    private final Instant submitted;

    /// Since when it waits, or runs.
    Instant since;

    /// Its priority when it was admitted, waiting counted in.
    double rank;

    long number;
    @Nullable KvCache cache;
    @Nullable Prefix prefix;
    int[] draft = {};
    final Acceptance acceptance = new Acceptance();
    @Nullable FinishReason finish;
    @Nullable Throwable failure;
    int cachedTokens;

    /// What is being read for it from disk; meanwhile it takes part in no step.
    @Nullable Loading loading;

    /// Most tokens whose keys and values it has had.
    int reached;

    /// Position of the last token of the prompt that the writer was given logits of.
    int scored;

    boolean started;
    private Duration queued = Duration.ZERO;
    private Duration prefill = Duration.ZERO;
    private Duration decode = Duration.ZERO;
    private Duration computed = Duration.ZERO;

    /// @param price tokens to read and to write at most
    public Task(Writer writer, Terms terms, int[] prompt, long price, Instant submitted) {
        this.writer = writer;
        this.scoresPrompt = writer.scoresPrompt();
        this.terms = terms;
        this.tokens = new TokenList(prompt);
        this.promptTokens = prompt.length;
        this.price = price;
        this.submitted = submitted;
        this.since = submitted;
    }

    /// Tokens that it has to read and write at most.
    public long price() {
        return price;
    }

    /// Adds an answer to the same prompt.
    public void follow(Task follower) {
        followers.add(follower);
    }

    /// Ends it within a step, whatever it is doing. Any thread may call this.
    public void cancel() {
        cancelled = true;
    }

    boolean cancelled() {
        return cancelled;
    }

    /// Tokens whose keys and values are not there yet; the last of them gives the next token.
    int unread() {
        return tokens.size() - length();
    }

    int length() {
        return cache == null ? 0 : cache.length();
    }

    /// Whether its reader keeps up. A writer that cannot tell has failed.
    boolean hasRoom() {
        try {
            return failure == null && writer.hasRoom();
        } catch (RuntimeException | Error e) {
            failure = e;
            return false;
        }
    }

    boolean drewNothing() {
        return tokens.size() == promptTokens;
    }

    /// Whether all tokens of the prompt have to be read for their logits.
    boolean scoring() {
        return drewNothing() && scoresPrompt;
    }

    /// Counts tokens in whose keys and values it has now.
    ///
    /// @return how many of them it never had before
    int reach(int length) {
        int fresh = Math.max(0, length - reached);
        reached += fresh;
        return fresh;
    }

    boolean ended() {
        return finish != null || failure != null;
    }

    /// Counts a step in.
    void worked(Instant start, Duration time, boolean firstTokenMissing) {
        if (!started) {
            started = true;
            queued = Duration.between(submitted, start);
        }
        if (firstTokenMissing) {
            prefill = prefill.plus(time);
        } else {
            decode = decode.plus(time);
        }
    }

    /// Adds its share of a step.
    void computed(Duration share) {
        computed = computed.plus(share);
    }

    Work work() {
        return new Work(
                cachedTokens,
                queued,
                prefill,
                decode,
                computed,
                acceptance.drafted(),
                acceptance.accepted());
    }
}
