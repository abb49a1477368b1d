package autark.text.grammar;

import autark.text.grammar.Outline.Way;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The texts of an [Outline].
final class OutlineLanguage implements Language<OutlineLanguage.Standing> {
    /// As many ways cost as much as one usual state: of those that begin alike, all but a few stop
    /// soon.
    private static final int WAYS_A_COST = 8;

    /// One of the ways that a reader may be on.
    private record Step(int way, Object state) {}

    /// All that a reader may be on.
    ///
    /// @param complete whether the last place is reached
    record Standing(Set<Step> steps, boolean complete) {}

    private final List<Way> ways;
    private final List<List<Integer>> waysFrom;
    private final List<byte[]> shortest;

    OutlineLanguage(List<Way> ways, int placeCount) {
        this.ways = List.copyOf(ways);
        List<List<Integer>> from = new ArrayList<>();
        for (int place = 0; place < placeCount; place++) {
            from.add(new ArrayList<>());
        }
        for (int way = 0; way < ways.size(); way++) {
            from.get(ways.get(way).from()).add(way);
        }
        this.waysFrom = List.copyOf(from);
        this.shortest = shortest(ways, placeCount);
    }

    /// The shortest text from each place to the last.
    private static List<byte[]> shortest(List<Way> ways, int placeCount) {
        byte[] @Nullable [] known = new byte[placeCount][];
        known[Outline.LAST] = new byte[0];
        List<byte[]> texts =
                ways.stream().map(way -> way.text().completion(way.text().start())).toList();
        boolean changed = true;
        while (changed) {
            changed = false;
            for (int i = ways.size() - 1; i >= 0; i--) {
                byte @Nullable [] rest = known[ways.get(i).to()];
                byte @Nullable [] best = known[ways.get(i).from()];
                int length = rest == null ? 0 : texts.get(i).length + rest.length;
                if (rest != null && (best == null || length < best.length)) {
                    known[ways.get(i).from()] = joined(texts.get(i), rest);
                    changed = true;
                }
            }
        }
        List<byte[]> all = new ArrayList<>();
        for (byte @Nullable [] text : known) {
            if (text == null) {
                throw new GrammarException("found a place from which the last cannot be reached");
            }
            all.add(text);
        }
        return all;
    }

    private static byte[] joined(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    @Override
    public Standing start() {
        Set<Step> steps = new LinkedHashSet<>();
        boolean[] reached = new boolean[waysFrom.size()];
        reach(Outline.FIRST, steps, reached);
        return new Standing(steps, reached[Outline.LAST]);
    }

    @Override
    public Optional<Standing> next(Standing standing, byte value) {
        Set<Step> steps = new LinkedHashSet<>();
        boolean[] reached = new boolean[waysFrom.size()];
        for (Step step : standing.steps()) {
            Way way = ways.get(step.way());
            Optional<Object> next = way.text().next(step.state(), value);
            if (next.isPresent()) {
                steps.add(new Step(step.way(), next.get()));
                if (way.text().complete(next.get())) {
                    reach(way.to(), steps, reached);
                }
            }
        }
        return steps.isEmpty()
                ? Optional.empty()
                : Optional.of(new Standing(steps, reached[Outline.LAST]));
    }

    /// Begins all ways from a place, and those behind a way that may be without text.
    private void reach(int place, Set<Step> steps, boolean[] reached) {
        if (reached[place]) {
            return;
        }
        reached[place] = true;
        for (int i : waysFrom.get(place)) {
            Way way = ways.get(i);
            Object start = way.text().start();
            steps.add(new Step(i, start));
            if (way.text().complete(start)) {
                reach(way.to(), steps, reached);
            }
        }
    }

    @Override
    public boolean complete(Standing standing) {
        return standing.complete();
    }

    @Override
    public byte[] completion(Standing standing) {
        if (standing.complete()) {
            return new byte[0];
        }
        byte @Nullable [] best = null;
        for (Step step : standing.steps()) {
            Way way = ways.get(step.way());
            byte[] text = joined(way.text().completion(step.state()), shortest.get(way.to()));
            if (best == null || text.length < best.length) {
                best = text;
            }
        }
        if (best == null) {
            throw new IllegalStateException("a reader is on no way");
        }
        return best;
    }

    @Override
    public int cost(Standing standing) {
        int most = 1;
        long sum = 0;
        for (Step step : standing.steps()) {
            int cost = ways.get(step.way()).text().cost(step.state());
            most = Math.max(most, cost);
            sum += cost;
        }
        return (int) Math.max(most, Math.min(Integer.MAX_VALUE, sum / WAYS_A_COST));
    }
}
