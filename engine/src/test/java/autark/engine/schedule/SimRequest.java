package autark.engine.schedule;

import autark.engine.FinishReason;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// A request of a simulation: what is asked, when, and what is done to it.
///
/// @param number of the request
/// @param prompt token ids
/// @param choices answers to it
/// @param maxTokens most tokens of an answer
/// @param submitted when it comes
/// @param cancel when it is cancelled
/// @param reader how its answers are read
/// @param fault what its writers do wrong
record SimRequest(
        int number,
        int[] prompt,
        int choices,
        int maxTokens,
        boolean scored,
        Terms terms,
        Instant submitted,
        Cancel cancel,
        Reader reader,
        Fault fault) {
    static final int NEVER = Integer.MAX_VALUE;

    /// When an answer is cancelled.
    enum Phase {
        /// Never.
        NONE,
        /// Before it was ever looked at.
        SUBMITTED,
        /// Some time later, whatever it does then.
        LATER,
        /// While its prompt is being read.
        PREFILL,
        /// While it is written.
        DECODE,
        /// By another thread, while a token is drawn.
        DRAW,
        /// While it waits for its reader.
        PAUSED,
        /// After its blocks were taken away.
        PREEMPTED,
        /// While it waits for the answer that reads the prompt for it.
        FOLLOWER
    }

    /// Where a writer throws.
    enum Place {
        NOWHERE,
        DRAW,
        ROOM,
        END
    }

    /// @param draws how many tokens there are by then
    record Fault(Place place, int draws) {
        static Fault none() {
            return new Fault(Place.NOWHERE, 0);
        }
    }

    /// @param time for [Phase#LATER]: after the submission
    /// @param draws for the phases of writing: how many tokens there are by then
    record Cancel(Phase phase, Duration time, int draws) {}

    /// @param pauses probability of a pause behind a token
    /// @param pause how long at most
    /// @param forgottenAfter tokens after which nobody reads any more, [#NEVER] for none
    record Reader(double pauses, Duration pause, int forgottenAfter) {
        static Reader eager() {
            return new Reader(0, Duration.ZERO, NEVER);
        }
    }

    @Override
    public String toString() {
        return "#%d: %d tokens, %d answers of %d, %s, %s, %s, %s%s"
                .formatted(
                        number,
                        prompt.length,
                        choices,
                        maxTokens,
                        terms,
                        cancel,
                        reader,
                        fault,
                        scored ? ", scored" : "");
    }

    /// What an answer says if nothing is done to it.
    ///
    /// @param tokens that are drawn
    /// @param drawn fingerprints of the logits behind each
    /// @param scored fingerprints of the logits of the prompt, from its second token on
    record Expected(
            List<Integer> tokens,
            List<Integer> drawn,
            List<Integer> scored,
            FinishReason finish,
            boolean poisoned) {}

    long seed(int choice) {
        return 1000L * number + choice;
    }

    /// Most tokens that an answer may have to compute.
    long price() {
        return (long) prompt.length + maxTokens;
    }

    /// The right answer, found without a scheduler.
    Expected expected(int choice, int contextLength) {
        List<Integer> scores = new ArrayList<>();
        long state = SimLogits.EMPTY;
        boolean poisoned = false;
        for (int i = 0; i < prompt.length; i++) {
            state = SimLogits.next(state, prompt[i]);
            poisoned |= prompt[i] == SimLogits.POISON;
            if (scored && i + 1 < prompt.length) {
                scores.add(SimLogits.fingerprint(SimLogits.of(state)));
            }
        }
        List<Integer> tokens = new ArrayList<>();
        List<Integer> drawn = new ArrayList<>();
        FinishReason finish = null;
        while (finish == null) {
            float[] logits = SimLogits.of(state);
            int token = SimLogits.draw(logits, seed(choice), tokens.size());
            drawn.add(SimLogits.fingerprint(logits));
            tokens.add(token);
            state = SimLogits.next(state, token);
            finish = finish(token, tokens.size(), contextLength);
        }
        return new Expected(tokens, drawn, scores, finish, poisoned);
    }

    /// Why an answer ends behind a token, null if it goes on.
    @org.jspecify.annotations.Nullable
    FinishReason finish(int token, int drawn, int contextLength) {
        if (token == SimLogits.END) {
            return FinishReason.STOP;
        } else if (drawn >= maxTokens) {
            return FinishReason.LENGTH;
        }
        return prompt.length + drawn >= contextLength ? FinishReason.CONTEXT_FULL : null;
    }
}
