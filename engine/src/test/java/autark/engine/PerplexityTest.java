package autark.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import autark.engine.sample.Sampling;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PerplexityTest {
    private static final int CONTEXT = 40;

    @Test
    void aModelThatGuessesHasThePerplexityOfItsVocabulary() {
        Perplexity perplexity =
                measure(new ScriptedModel(_ -> new float[TestVocabulary.SIZE]), "x".repeat(100));
        assertThat(perplexity.value()).isCloseTo(TestVocabulary.SIZE, within(1e-9));
        assertThat(perplexity.error()).isCloseTo(0, within(1e-5));
    }

    @Test
    void aModelThatKnowsTheTextHasPerplexityOne() {
        String text = "abcd".repeat(50);
        ScriptedModel model =
                new ScriptedModel(tokens -> {
                    int last = tokens[tokens.length - 1];
                    return ScriptedModel.sure(last == 'd' ? 'a' : last + 1);
                });
        assertThat(measure(model, text).value()).isCloseTo(1, within(1e-9));
    }

    @Test
    void valueAndErrorFollowTheFormula() {
        // Right with probability 1/2 after an even number of tokens, else with 1/8.
        ScriptedModel model =
                new ScriptedModel(tokens -> {
                    float[] logits = new float[TestVocabulary.SIZE];
                    Arrays.fill(logits, Float.NEGATIVE_INFINITY);
                    double right = tokens.length % 2 == 0 ? 0.5 : 0.125;
                    logits['x'] = (float) Math.log(right);
                    logits['y'] = (float) Math.log(1 - right);
                    return logits;
                });
        Perplexity perplexity = measure(model, "x".repeat(39));
        // What follows positions 20 to 38 is scored: 10 times with 1/8, 9 times with 1/2.
        double likely = Math.log(2);
        double unlikely = Math.log(8);
        double mean = (10 * unlikely + 9 * likely) / 19;
        double square = (10 * unlikely * unlikely + 9 * likely * likely) / 19;
        double error = Math.exp(mean) * Math.sqrt((square - mean * mean) / 18);
        assertThat(perplexity.value()).isCloseTo(Math.exp(mean), within(1e-5));
        assertThat(perplexity.error()).isCloseTo(error, within(1e-5));
    }

    @Test
    void readsWholeChunksThatBeginWithTheBeginOfTheSequence() {
        List<int[]> seen = new ArrayList<>();
        ScriptedModel model =
                new ScriptedModel(tokens -> {
                    seen.add(tokens);
                    return new float[TestVocabulary.SIZE];
                });
        // With the begin of the sequence 2 chunks and a rest of 11 tokens.
        Perplexity perplexity = measure(model, "ab".repeat(45));
        assertThat(perplexity.chunkCount()).isEqualTo(2);
        assertThat(perplexity.scoredTokens()).isEqualTo(2 * 19);
        assertThat(seen).hasSize(2 * 19);
        assertThat(seen)
                .allSatisfy(tokens -> {
                    assertThat(tokens[0]).isEqualTo(TestVocabulary.BEGIN);
                    assertThat(tokens.length).isBetween(21, 39);
                });
        // The begin replaces token 40, a 'b'.
        assertThat(seen.get(19)[1]).isEqualTo('a');
        assertThat(seen.get(19)).hasSize(21);
    }

    @Test
    void controlTokensInTheTextAreText() {
        ScriptedModel model = new ScriptedModel(_ -> new float[TestVocabulary.SIZE]);
        assertThat(measure(model, "<|im_end|>".repeat(4)).chunkCount()).isEqualTo(1);
    }

    @Test
    void tellsWhatIsKnownAfterEachChunk() {
        List<Integer> chunks = new ArrayList<>();
        try (Engine engine = engine(ScriptedModel.babbling())) {
            Perplexity.measure(
                    engine,
                    "a".repeat(500),
                    new Perplexity.Chunks(CONTEXT, 3),
                    soFar -> chunks.add(soFar.chunkCount()));
        }
        assertThat(chunks).containsExactly(1, 2, 3);
    }

    @Test
    void refusesWhatCannotBeMeasured() {
        try (Engine engine = engine(ScriptedModel.babbling())) {
            refused(
                    engine,
                    "x",
                    200,
                    "the text has 2 tokens, expected at least one context of 200");
            refused(engine, "x", 201, "context: found 201 tokens, expected at most the 200");
            refused(engine, "x", 3, "context: found 3 tokens, expected at least 4");
        }
    }

    private static void refused(Engine engine, String text, int context, String message) {
        assertThatExceptionOfType(EngineException.class)
                .isThrownBy(() ->
                        Perplexity.measure(
                                engine, text, new Perplexity.Chunks(context, 1), _ -> {}))
                .withMessageContaining(message);
    }

    private static Perplexity measure(ScriptedModel model, String text) {
        try (Engine engine = engine(model)) {
            return Perplexity.measure(
                    engine, text, new Perplexity.Chunks(CONTEXT, Integer.MAX_VALUE), _ -> {});
        }
    }

    private static Engine engine(ScriptedModel model) {
        return new Engine(
                model, TestVocabulary.tokenizer(), "", Sampling.greedy(), EngineOptions.defaults());
    }
}
