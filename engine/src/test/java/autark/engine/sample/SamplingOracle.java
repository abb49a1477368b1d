package autark.engine.sample;

import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/// The documented steps on lists, as plainly as possible: full sorts, doubles, no shortcuts.
final class SamplingOracle {
    private final Sampling sampling;
    private final double[] logits;
    private final List<Integer> history;

    SamplingOracle(Sampling sampling, float[] modelLogits, int... tokens) {
        this.sampling = sampling;
        this.logits =
                IntStream.range(0, modelLogits.length).mapToDouble(i -> modelLogits[i]).toArray();
        this.history = IntStream.of(tokens).boxed().toList();
    }

    int next(long[] allowed, int drawIndex) {
        for (int token = 0; token < logits.length; token++) {
            if (allowed.length > 0 && (allowed[token / 64] >>> (token % 64) & 1) == 0) {
                logits[token] = Double.NEGATIVE_INFINITY;
            }
        }
        sampling.logitBias()
                .forEach((token, bias) -> logits[token] = (float) (logits[token] + bias));
        penalize();
        dry();
        List<Integer> kept = ranked();
        if (sampling.temperature() == 0) {
            return kept.getFirst();
        }
        if (!sampling.keepsAll()) {
            kept = limit(kept, drawIndex);
        }
        if (sampling.keepsAll() || kept.size() > 1024) {
            kept = kept.stream().sorted().toList();
        }
        return draw(kept, SplitMix64.uniform(sampling.seed(), drawIndex));
    }

    private List<Integer> ranked() {
        return IntStream.range(0, logits.length)
                .filter(i -> logits[i] != Double.NEGATIVE_INFINITY)
                .boxed()
                .sorted(
                        Comparator.<Integer>comparingDouble(i -> -logits[i])
                                .thenComparing(Comparator.naturalOrder()))
                .toList();
    }

    private void penalize() {
        Penalties penalties = sampling.penalties();
        List<Integer> window = last(penalties.window());
        for (int token : window.stream().distinct().toList()) {
            long count = window.stream().filter(other -> other == token).count();
            double logit = logits[token];
            logit = logit > 0 ? logit / penalties.repeat() : logit * penalties.repeat();
            logit -= count * penalties.frequency() + penalties.presence();
            logits[token] = (float) logit;
        }
    }

    private void dry() {
        Dry dry = sampling.dry();
        List<Integer> window = last(dry.window());
        for (int token = 0; token < logits.length; token++) {
            int longest = 0;
            for (int at = 1; at < window.size(); at++) {
                if (window.get(at) == token) {
                    longest = Math.max(longest, commonEnd(window, at, dry));
                }
            }
            if (dry.multiplier() > 0
                    && longest >= dry.allowedLength()
                    && !dry.breakers().contains(token)) {
                double penalty =
                        dry.multiplier() * Math.pow(dry.base(), longest - dry.allowedLength());
                logits[token] = (float) (logits[token] - Math.min(penalty, 10_000));
            }
        }
    }

    /// How many tokens before `at` are those at the end of the window, up to a breaker.
    private static int commonEnd(List<Integer> window, int at, Dry dry) {
        int length = 0;
        while (at - 1 - length >= 0) {
            int token = window.get(window.size() - 1 - length);
            if (window.get(at - 1 - length) != token || dry.breakers().contains(token)) {
                break;
            }
            length++;
        }
        return length;
    }

    private List<Integer> last(int count) {
        return history.subList(Math.max(0, history.size() - count), history.size());
    }

    private List<Integer> limit(List<Integer> ranked, int drawIndex) {
        List<Integer> kept = ranked;
        if (sampling.topNSigma() > 0) {
            double mean = kept.stream().mapToDouble(i -> logits[i]).average().orElseThrow();
            double variance =
                    kept.stream()
                            .mapToDouble(i -> Math.pow(logits[i] - mean, 2))
                            .average()
                            .orElseThrow();
            double least = best(kept) - sampling.topNSigma() * Math.sqrt(variance);
            kept = kept.stream().filter(i -> logits[i] >= least).toList();
        }
        if (sampling.topK() > 0) {
            kept = kept.subList(0, Math.min(sampling.topK(), kept.size()));
        }
        if (sampling.typicalP() < 1) {
            kept = typical(kept);
        }
        if (sampling.topP() < 1) {
            kept = untilSum(kept, sampling.topP());
        }
        double best = best(kept);
        kept = kept.stream().filter(i -> Math.exp(logits[i] - best) >= sampling.minP()).toList();
        return excluded(kept, drawIndex);
    }

    private List<Integer> typical(List<Integer> kept) {
        double[] p = probabilities(kept, 1);
        double entropy = 0;
        for (double probability : p) {
            entropy -= probability > 0 ? probability * Math.log(probability) : 0;
        }
        double expected = entropy;
        double logTotal =
                Math.log(kept.stream().mapToDouble(i -> Math.exp(logits[i] - best(kept))).sum());
        ToDoubleFunction<Integer> distance =
                i -> Math.abs(-(logits[i] - best(kept) - logTotal) - expected);
        List<Integer> byDistance =
                kept.stream()
                        .sorted(Comparator.comparingDouble(distance).thenComparing(i -> i))
                        .toList();
        List<Integer> left = untilSum(byDistance, sampling.typicalP());
        return kept.stream().filter(left::contains).toList();
    }

    private List<Integer> untilSum(List<Integer> ordered, double enough) {
        double[] p = probabilities(ordered, 1);
        double sum = 0;
        int count = 0;
        while (count < p.length && sum < enough) {
            sum += p[count++];
        }
        return ordered.subList(0, count);
    }

    private List<Integer> excluded(List<Integer> kept, int drawIndex) {
        Xtc xtc = sampling.xtc();
        long stream = 0x5851F42D4C957F2DL;
        if (SplitMix64.uniform(sampling.seed() ^ stream, drawIndex) >= xtc.probability()) {
            return kept;
        }
        double[] p = probabilities(kept, 1);
        int choices = 0;
        while (choices < p.length && p[choices] >= xtc.threshold()) {
            choices++;
        }
        return choices < 2 ? kept : kept.subList(choices - 1, kept.size());
    }

    private int draw(List<Integer> kept, double uniform) {
        double[] p = probabilities(kept, sampling.temperature());
        double rest = uniform;
        int drawn = 0;
        while (drawn < p.length - 1 && rest >= p[drawn]) {
            rest -= p[drawn++];
        }
        return kept.get(drawn);
    }

    private double best(List<Integer> kept) {
        return kept.stream().mapToDouble(i -> logits[i]).max().orElseThrow();
    }

    private double[] probabilities(List<Integer> kept, double temperature) {
        double best = best(kept);
        double[] weights =
                kept.stream()
                        .mapToDouble(i -> Math.exp((logits[i] - best) / temperature))
                        .toArray();
        double total = 0;
        for (double weight : weights) {
            total += weight;
        }
        for (int i = 0; i < weights.length; i++) {
            weights[i] /= total;
        }
        return weights;
    }
}
