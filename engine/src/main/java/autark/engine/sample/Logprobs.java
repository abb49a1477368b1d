package autark.engine.sample;

import autark.engine.sample.TokenLogprob.Ranked;
import java.util.ArrayList;
import java.util.List;

/// Log-probabilities of the model's own distribution: before bias, penalties, masks and
/// temperature. They are the same on every machine, as what [Sampler] draws is.
public final class Logprobs {
    /// Most likeliest tokens that can be asked for.
    public static final int TOP_MAX = 20;

    private Logprobs() {}

    /// How likely `token` is, and which tokens are likeliest; of equal ones the smaller id is
    /// first.
    ///
    /// @param logits as the model gave them, so a copy of those that [Sampler#next] was given; left
    ///   as they are
    /// @param topCount how many of the likeliest to tell, 0 to [#TOP_MAX]; fewer if there are fewer
    /// @throws SamplingException if `topCount` is out of range, if a logit is NaN or infinite, or
    ///   if all are minus infinity
    public static TokenLogprob of(float[] logits, int token, int topCount, SampleBuffers buffers) {
        Range.check(
                "top logprobs", topCount, topCount >= 0 && topCount <= TOP_MAX, "0 to " + TOP_MAX);
        buffers.checkSize(logits);
        LogitKeys keys = buffers.keys;
        keys.read(logits);
        double maximum = logits[keys.likeliest()];
        Candidates candidates = buffers.candidates;
        candidates.takeAll(logits, keys);
        double logOfAll = StrictMath.log(candidates.weigh(1));
        List<Ranked> top = new ArrayList<>(topCount);
        if (topCount > 0) {
            candidates.take(logits, keys, keys.reachedBy(topCount));
            candidates.keepTopK(topCount);
            candidates.orderByRank();
            for (int rank = 0; rank < candidates.count(); rank++) {
                int ranked = candidates.token(rank);
                top.add(new Ranked(ranked, logits[ranked] - maximum - logOfAll));
            }
        }
        return new TokenLogprob(token, logits[token] - maximum - logOfAll, top);
    }
}
