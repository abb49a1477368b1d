package autark.server.access;

import autark.server.http.ApiException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;

/// What one key uses. A request sets aside the tokens of its prompt and the most that it may write;
/// when its answer has ended, what was really used takes that place. So what is granted is never
/// more than the limits, to the token, however many threads ask.
final class Meter {
    private static final Duration SOON = Duration.ofSeconds(1);

    private final Window requests = new Window();
    private final Window tokens = new Window();
    private final List<Hold> running = new CopyOnWriteArrayList<>();
    private Instant last = Instant.EPOCH;
    private LocalDate day = LocalDate.EPOCH;
    private long tokensOfDay;

    /// What is set aside for a request. It is itself alone: two may look alike.
    static final class Hold {
        private final Instant time;
        private final long tokens;
        private final Runnable cancel;

        Hold(Instant time, long tokens, Runnable cancel) {
            this.time = time;
            this.tokens = tokens;
            this.cancel = cancel;
        }

        /// When it was granted; it belongs to this day, however long it takes.
        Instant time() {
            return time;
        }
    }

    /// Counts what was used on a day before the server started.
    synchronized void restore(LocalDate ofDay, long used) {
        turnTo(ofDay);
        tokensOfDay += used;
    }

    /// @throws ApiException of kind [ApiException.Kind#LIMITED] if a limit stands against it
    synchronized Hold reserve(Limits limits, Instant clock, Claim claim, Runnable cancel) {
        Instant now = clock.isBefore(last) ? last : clock; // a clock that is set back gives nothing
        last = now;
        turnTo(dayOf(now));
        long wanted = claim.promptTokens() + claim.maxTokens();
        checkSizes(limits, claim, wanted);
        check(limits.concurrent(), running.size(), 1, "answers at once", SOON);
        limits.requestsPerMinute()
                .ifPresent(limit ->
                        check(
                                limits.requestsPerMinute(),
                                requests.sum(now),
                                1,
                                "requests a minute",
                                requests.wait(now, 1, limit)));
        limits.tokensPerMinute()
                .ifPresent(limit ->
                        check(
                                limits.tokensPerMinute(),
                                tokens.sum(now),
                                wanted,
                                "tokens a minute",
                                tokens.wait(now, wanted, limit)));
        check(limits.tokensPerDay(), tokensOfDay, wanted, "tokens a day", untilTomorrow(now));
        requests.add(now, 1);
        tokens.add(now, wanted);
        tokensOfDay += wanted;
        Hold hold = new Hold(now, wanted, cancel);
        running.add(hold);
        return hold;
    }

    /// What can never be granted is not worth another try.
    private static void checkSizes(Limits limits, Claim claim, long wanted) {
        check(limits.answerTokens(), 0, claim.maxTokens(), "tokens an answer", Duration.ZERO);
        check(
                bounded(limits.tokensPerMinute(), wanted),
                0,
                wanted,
                "tokens a minute",
                Duration.ZERO);
        check(bounded(limits.tokensPerDay(), wanted), 0, wanted, "tokens a day", Duration.ZERO);
    }

    private static OptionalLong bounded(OptionalLong limit, long wanted) {
        return limit.isPresent() && wanted > limit.getAsLong() ? limit : OptionalLong.empty();
    }

    private static void check(
            OptionalLong limit, long used, long wanted, String what, Duration retryAfter) {
        if (limit.isPresent() && used + wanted > limit.getAsLong()) {
            String advice =
                    retryAfter.isZero() && wanted > 1 ? "; ask for fewer with max_tokens" : "";
            throw ApiException.of(
                            ApiException.Kind.LIMITED,
                            "%s: this key may use %d, %d are used or set aside, and %d more are asked for%s"
                                    .formatted(what, limit.getAsLong(), used, wanted, advice))
                    .withCode("rate_limit_exceeded")
                    .withRetryAfter(retryAfter);
        }
    }

    /// Puts what was used in the place of what was set aside. Once a hold.
    synchronized void settle(Hold hold, long used) {
        running.remove(hold);
        tokens.replace(hold.time, hold.tokens, used);
        if (dayOf(hold.time).equals(day)) {
            tokensOfDay += used - hold.tokens;
        }
    }

    /// Ends the answers that are being written, soon.
    void cancelAll() {
        running.forEach(hold -> hold.cancel.run());
    }

    /// Tokens that were used or are set aside today.
    synchronized long tokensOfDay() {
        return tokensOfDay;
    }

    private void turnTo(LocalDate today) {
        if (!today.equals(day)) {
            day = today;
            tokensOfDay = 0;
        }
    }

    static LocalDate dayOf(Instant time) {
        return LocalDate.ofInstant(time, ZoneOffset.UTC);
    }

    private static Duration untilTomorrow(Instant now) {
        return Duration.between(
                now, dayOf(now).plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant());
    }
}
