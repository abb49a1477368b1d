package autark.engine;

import java.time.Duration;

/// Keeps what the engine has taken on within bounds: answers, and the tokens that they may have to
/// compute. What is refused is refused at once.
final class Admission {
    private static final Duration RETRY_MIN = Duration.ofSeconds(1);
    private static final Duration RETRY_MAX = Duration.ofMinutes(10);

    private final int answersMax;
    private final long tokensMax;
    private int answers;
    private long tokens;

    Admission(int answersMax, long tokensMax) {
        this.answersMax = answersMax;
        this.tokensMax = tokensMax;
    }

    /// Takes answers on.
    ///
    /// @param price tokens that they may have to compute
    /// @param tokensPerSecond how fast the engine computes them, 0 if that is not known
    /// @throws OverloadedException if there is no room
    synchronized void enter(int answerCount, long price, double tokensPerSecond) {
        if (answers + answerCount > answersMax) {
            throw new OverloadedException(
                    "the engine has %d answers to write, expected at most %d with %d more; try again later"
                            .formatted(answers, answersMax, answerCount),
                    retryAfter(tokensPerSecond));
        }
        if (answers > 0 && tokens + price > tokensMax) {
            throw new OverloadedException(
                    "the engine has up to %d tokens to compute, expected at most %d with %d more; try again later"
                            .formatted(tokens, tokensMax, price),
                    retryAfter(tokensPerSecond));
        }
        answers += answerCount;
        tokens += price;
    }

    /// An answer has ended.
    synchronized void leave(long price) {
        answers--;
        tokens -= price;
    }

    /// The time of half of what is taken on: answers rarely become as long as they may.
    private Duration retryAfter(double tokensPerSecond) {
        long seconds = tokensPerSecond > 0 ? (long) (tokens / 2.0 / tokensPerSecond) : 0;
        return Duration.ofSeconds(
                Math.clamp(seconds, RETRY_MIN.toSeconds(), RETRY_MAX.toSeconds()));
    }
}
