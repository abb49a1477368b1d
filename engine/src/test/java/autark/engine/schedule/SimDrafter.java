package autark.engine.schedule;

import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/// Guesses of all kinds.
final class SimDrafter implements Drafter {
    /// How good they are.
    enum Kind {
        NONE,
        RIGHT,
        WRONG,
        RANDOM,
        LOOKUP,
        /// What the model cannot read.
        POISON
    }

    private final Kind kind;
    private final SplittableRandom random;
    private final PromptLookup lookup = new PromptLookup();
    private final IdentityHashMap<TokenList, SimAnswer> answers = new IdentityHashMap<>();
    private final Map<SimAnswer, List<Integer>> known = new HashMap<>();

    SimDrafter(Kind kind, SplittableRandom random) {
        this.kind = kind;
        this.random = random;
    }

    void add(SimAnswer answer, int contextLength) {
        answers.put(answer.task.tokens, answer);
        if (kind == Kind.RIGHT || kind == Kind.RANDOM) {
            known.put(answer, answer.request.expected(answer.choice, contextLength).tokens());
        }
    }

    @Override
    public int[] draft(TokenList tokens, int most) {
        return switch (kind) {
            case NONE -> new int[0];
            case POISON -> new int[] {SimLogits.POISON};
            case LOOKUP -> lookup.draft(tokens, most);
            case WRONG -> random.ints(random.nextInt(most + 1), 0, SimLogits.VOCAB_SIZE).toArray();
            case RIGHT -> right(tokens, most);
            case RANDOM -> {
                int[] draft = right(tokens, most);
                if (draft.length > 0 && random.nextBoolean()) {
                    draft[random.nextInt(draft.length)] = random.nextInt(SimLogits.VOCAB_SIZE);
                }
                yield draft;
            }
        };
    }

    @Override
    public double secondsPerGuess() {
        return 0;
    }

    @Override
    public void forget(TokenList tokens) {
        answers.remove(tokens);
    }

    @Override
    public void close() {}

    private int[] right(TokenList tokens, int most) {
        SimAnswer answer = answers.get(tokens);
        if (answer == null) {
            throw new IllegalStateException("guesses were asked for an unknown answer");
        }
        List<Integer> all = known.getOrDefault(answer, List.of());
        int from = Math.min(all.size(), answer.drawnCount());
        int to = Math.min(all.size(), from + random.nextInt(most + 1));
        return all.subList(from, to).stream().mapToInt(Integer::intValue).toArray();
    }
}
