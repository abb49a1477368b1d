package autark.engine.sample;

import java.util.Arrays;

/// The tokens that may still be drawn, with their logits, and the steps that take some away.
///
/// They lie in the order of their ids, or, behind [#orderByRank], from the likeliest to the least
/// likely, of equal ones the smaller id first. A step that keeps the first tokens of some order
/// until their weights sum up to a target needs only the place where that happens: up to
/// [#RANKED_MAX] tokens are sorted, more are dealt into buckets, and only the bucket in which the
/// target lies is sorted.
final class Candidates {
    /// Most tokens that are sorted as a whole.
    static final int RANKED_MAX = 1024;

    private static final int BUCKETS = 4096;

    /// Buckets of a natural unit of log-probability. All of them reach as far as weights above
    /// zero.
    private static final double BUCKETS_PER_UNIT = 50;

    /// Weights that are summed up together, so that a draw need not look at each of them again.
    private static final int SUM_BLOCK = 256;

    /// Leaves room for what sums lose by rounding.
    private static final double ROUNDING = 0.999;

    private final int[] tokens;
    private final float[] logits;
    private final double[] weights;
    private final float[] costs;
    private final long[] order;
    private final char[] buckets;
    private final double[] bucketWeights = new double[BUCKETS];
    private float[] source = {};
    private int count;
    private float maximum;

    Candidates(int vocabSize) {
        tokens = new int[vocabSize];
        logits = new float[vocabSize];
        weights = new double[vocabSize];
        costs = new float[vocabSize];
        order = new long[vocabSize];
        buckets = new char[vocabSize];
    }

    /// Starts over with all tokens, those of logit minus infinity too. They have no weight:
    /// [#keepTopP] drops them, and no draw takes them.
    void takeAll(float[] all, LogitKeys keys) {
        source = all;
        count = all.length;
        maximum = all[keys.likeliest()];
        System.arraycopy(all, 0, logits, 0, count);
        for (int i = 0; i < count; i++) {
            tokens[i] = i;
        }
    }

    /// Starts over with the tokens whose key is at least `least`, and whose logit is a number.
    void take(float[] all, LogitKeys keys, int least) {
        source = all;
        count = keys.collect(Math.max(least, LogitKeys.NOTHING + 1), tokens);
        maximum = all[keys.likeliest()];
        for (int i = 0; i < count; i++) {
            logits[i] = all[tokens[i]];
        }
    }

    int count() {
        return count;
    }

    int token(int index) {
        return tokens[index];
    }

    double weight(int index) {
        return weights[index];
    }

    /// Keeps the `k` likeliest.
    void keepTopK(int k) {
        if (k >= count) {
            return;
        }
        rankCosts();
        if (count <= RANKED_MAX) {
            sortByCost();
            count = k;
        } else {
            Arrays.fill(weights, 0, count, 1);
            keepBuckets(k);
        }
    }

    /// Keeps the likeliest until their probabilities sum up to `p`.
    void keepTopP(double p) {
        double total = weigh(1);
        if (count > RANKED_MAX) {
            dropTail((1 - p) * total);
        }
        rankCosts();
        keepFirst(p * total);
    }

    /// Drops tokens that weigh so little that all of them weigh less than `spare`; they are the
    /// least likely ones, so the sum is reached without them. It saves most of the work that the
    /// order of the others makes.
    private void dropTail(double spare) {
        double least = spare / count * ROUNDING;
        int kept = 0;
        for (int i = 0; i < count; i++) {
            double weight = weights[i];
            move(i, kept);
            weights[kept] = weight;
            kept += weight >= least ? 1 : 0;
        }
        count = kept;
    }

    /// Keeps those whose surprise is nearest to the expected one until their probabilities sum up
    /// to `p`.
    void keepTypical(double p) {
        double total = weigh(1);
        double mean = 0;
        for (int i = 0; i < count; i++) {
            mean += weights[i] * ((double) logits[i] - maximum);
        }
        mean /= total;
        for (int i = 0; i < count; i++) {
            // Both surprises have the logarithm of the total in common.
            costs[i] = (float) Math.abs((double) logits[i] - maximum - mean);
        }
        keepFirst(p * total);
        findMaximum();
    }

    /// Keeps those with at least `p` times the probability of the likeliest.
    void keepMinP(double p) {
        double least = maximum + StrictMath.log(p);
        int kept = 0;
        for (int i = 0; i < count; i++) {
            boolean stays = logits[i] >= least;
            move(i, kept);
            kept += stays ? 1 : 0;
        }
        count = kept;
    }

    /// Removes those with a probability of at least `threshold`, except the least likely of them.
    void dropTopChoices(double threshold) {
        double least = threshold * weigh(1);
        int spared = -1;
        for (int i = 0; i < count; i++) {
            if (weights[i] >= least && (spared < 0 || ranksBehind(i, spared))) {
                spared = i;
            }
        }
        int kept = 0;
        for (int i = 0; i < count; i++) {
            if (weights[i] < least || i == spared) {
                move(i, kept++);
            }
        }
        count = kept;
        findMaximum();
    }

    private boolean ranksBehind(int i, int j) {
        return logits[i] < logits[j] || (logits[i] == logits[j] && tokens[i] > tokens[j]);
    }

    /// Keeps those of at most `surpriseMax` bits at a temperature of `1 / scale`, and the likeliest
    /// in any case.
    void keepSurprise(double surpriseMax, double scale) {
        double total = weigh(scale);
        double least = Math.min(total * StrictMath.pow(2, -surpriseMax), 1);
        int kept = 0;
        for (int i = 0; i < count; i++) {
            move(i, kept);
            kept += weights[i] >= least ? 1 : 0;
        }
        count = kept;
    }

    /// Sorts by rank, unless there are too many.
    void orderByRank() {
        if (count <= RANKED_MAX) {
            rankCosts();
            sortByCost();
        }
    }

    /// Gives each token the weight `e^((logit - maximum) * scale)`: its probability at a
    /// temperature of `1 / scale` without the common factor.
    ///
    /// @return the sum of the weights
    double weigh(double scale) {
        Exponential.fill(logits, count, maximum, scale, weights);
        double total = 0;
        for (int start = 0; start < count; start += SUM_BLOCK) {
            total += Sums.of(weights, start, Math.min(start + SUM_BLOCK, count));
        }
        return total;
    }

    /// The index at which the sum of the weights passes `target`, which is below the sum of all.
    int pass(double target) {
        double before = 0;
        int start = 0;
        int last = 0;
        while (start < count) {
            int end = Math.min(start + SUM_BLOCK, count);
            double sum = Sums.of(weights, start, end);
            if (sum > 0) {
                last = start;
                if (before + sum > target) {
                    break;
                }
            }
            before += sum;
            start = end;
        }
        return passWithin(last, Math.min(last + SUM_BLOCK, count), target - before);
    }

    /// Rounding may leave the sum of a block below the target; then it is the last token of some
    /// weight.
    private int passWithin(int start, int end, double target) {
        double sum = 0;
        int last = start;
        for (int i = start; i < end; i++) {
            sum += weights[i];
            last = weights[i] > 0 ? i : last;
            if (sum > target && weights[i] > 0) {
                break;
            }
        }
        return last;
    }

    private void rankCosts() {
        for (int i = 0; i < count; i++) {
            costs[i] = -logits[i];
        }
    }

    private void findMaximum() {
        float max = Float.NEGATIVE_INFINITY;
        for (int i = 0; i < count; i++) {
            max = Math.max(max, logits[i]);
        }
        maximum = max;
    }

    /// Keeps the tokens of least cost, of equal ones the smaller ids, until their weights sum up to
    /// `target`; at least one.
    private void keepFirst(double target) {
        if (count > RANKED_MAX) {
            keepBuckets(target);
            return;
        }
        sortByCost();
        weigh(1);
        int kept = 0;
        double sum = 0;
        while (kept < count && sum < target) {
            sum += weights[kept++];
        }
        count = kept;
    }

    /// Sorts tokens and logits by cost, equal ones by id.
    private void sortByCost() {
        for (int i = 0; i < count; i++) {
            order[i] = key(costs[i], tokens[i]);
        }
        Arrays.sort(order, 0, count);
        for (int i = 0; i < count; i++) {
            tokens[i] = (int) order[i];
            logits[i] = source[tokens[i]];
        }
    }

    /// As [#keepFirst] for many tokens, which lie in the order of their ids and stay so. Here the
    /// weights are what the caller made them.
    private void keepBuckets(double target) {
        deal();
        double before = 0;
        int bucket = 0;
        while (bucket < BUCKETS - 1 && before + bucketWeights[bucket] < target) {
            before += bucketWeights[bucket++];
        }
        markRest(bucket, target - before);
        int kept = 0;
        for (int i = 0; i < count; i++) {
            // Written in any case, for a branch could not be foreseen.
            move(i, kept);
            kept += buckets[i] <= bucket ? 1 : 0;
        }
        count = kept;
    }

    /// Deals the tokens into buckets by their cost.
    private void deal() {
        float least = Float.POSITIVE_INFINITY;
        for (int i = 0; i < count; i++) {
            if (costs[i] < least) {
                least = costs[i];
            }
        }
        for (int i = 0; i < count; i++) {
            int place = (int) (((double) costs[i] - least) * BUCKETS_PER_UNIT);
            buckets[i] = (char) Math.min(place, BUCKETS - 1);
        }
        Arrays.fill(bucketWeights, 0);
        for (int i = 0; i < count; i++) {
            bucketWeights[buckets[i]] += weights[i];
        }
    }

    /// Takes those out of a bucket that lie behind the place where its weights sum up to `target`.
    private void markRest(int bucket, double target) {
        int size = 0;
        for (int i = 0; i < count; i++) {
            if (buckets[i] == bucket) {
                order[size++] = key(costs[i], i);
            }
        }
        Arrays.sort(order, 0, size);
        double sum = 0;
        for (int i = 0; i < size; i++) {
            int index = (int) order[i];
            if (sum >= target) {
                buckets[index] = BUCKETS;
            }
            sum += weights[index];
        }
    }

    /// A number that is smaller for a smaller cost, and of equal ones for a smaller index.
    private static long key(float cost, int index) {
        return ((long) LogitKeys.of(cost) << Integer.SIZE) | index;
    }

    private void move(int from, int to) {
        tokens[to] = tokens[from];
        logits[to] = logits[from];
    }
}
