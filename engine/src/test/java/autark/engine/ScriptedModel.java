package autark.engine;

import autark.model.Span;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/// A model that says what its script tells, and notes how many tokens it read at each step.
final class ScriptedModel implements LanguageModel {
    static final int CONTEXT_LENGTH = 200;
    static final int STEP_TOKENS = 16;
    static final int STEP_OUTPUTS = 8;

    /// The chat template of tests. It is the shape of ChatML.
    static final String TEMPLATE =
            "{% for message in messages %}<|im_start|>{{ message.role }}\n"
                    + "{{ message.content }}<|im_end|>\n{% endfor %}"
                    + "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}";

    private static final int ASSISTANT_TOKENS = "<assistant\n".length();

    /// What follows a sequence of tokens.
    @FunctionalInterface
    interface Script {
        float[] logits(int[] tokens);
    }

    final List<Integer> steps = new ArrayList<>();
    int openSequences;
    boolean closed;
    private final Script script;
    private float[][] outputs = {};

    ScriptedModel(Script script) {
        this.script = script;
    }

    /// Answers every message with these tokens and then ends its turn.
    static ScriptedModel saying(int... answer) {
        return new ScriptedModel(tokens -> {
            int start = tokens.length;
            while (tokens[start - 1] != TestVocabulary.TURN_START) {
                start--;
            }
            int said = tokens.length - (start - 1 + ASSISTANT_TOKENS);
            return sure(said < answer.length ? answer[said] : TestVocabulary.TURN_END);
        });
    }

    static ScriptedModel saying(String answer) {
        return saying(TestVocabulary.bytes(answer));
    }

    /// Babbles letters; what comes next depends on every token before.
    static ScriptedModel babbling() {
        return new ScriptedModel(tokens -> {
            SplittableRandom random = new SplittableRandom(Arrays.hashCode(tokens));
            float[] logits = new float[TestVocabulary.SIZE];
            Arrays.fill(logits, Float.NEGATIVE_INFINITY);
            for (int letter = 'a'; letter <= 'z'; letter++) {
                logits[letter] = (float) random.nextDouble(-2, 2);
            }
            return logits;
        });
    }

    /// Logits that leave one choice.
    static float[] sure(int token) {
        float[] logits = new float[TestVocabulary.SIZE];
        Arrays.fill(logits, -50);
        logits[token] = 0;
        return logits;
    }

    /// Tokens that were read in all.
    int readTokens() {
        return steps.stream().mapToInt(Integer::intValue).sum();
    }

    @Override
    public int vocabSize() {
        return TestVocabulary.SIZE;
    }

    @Override
    public int contextLength() {
        return CONTEXT_LENGTH;
    }

    @Override
    public int maxStepTokens() {
        return STEP_TOKENS;
    }

    @Override
    public int maxStepOutputs() {
        return STEP_OUTPUTS;
    }

    @Override
    public Sequence newSequence() {
        openSequences++;
        return new ScriptedSequence();
    }

    @Override
    public void close() {
        closed = true;
    }

    private final class ScriptedSequence implements Sequence {
        private int[] read = {};

        @Override
        public int length() {
            return read.length;
        }

        @Override
        public void truncate(int newLength) {
            read = Arrays.copyOf(read, newLength);
        }

        @Override
        public void append(int[] tokens, Span.Outputs wanted) {
            int before = read.length;
            if (before + tokens.length > CONTEXT_LENGTH || tokens.length > STEP_TOKENS) {
                throw new IllegalStateException("found a step beyond the limits of the model");
            }
            read = Arrays.copyOf(read, before + tokens.length);
            System.arraycopy(tokens, 0, read, before, tokens.length);
            steps.add(tokens.length);
            int first =
                    switch (wanted) {
                        case NONE -> read.length;
                        case LAST -> read.length - 1;
                        case ALL -> before;
                    };
            outputs = new float[read.length - first][];
            for (int i = first; i < read.length; i++) {
                outputs[i - first] = script.logits(Arrays.copyOf(read, i + 1));
            }
        }

        @Override
        public void copyLogits(int output, float[] into) {
            System.arraycopy(outputs[output], 0, into, 0, into.length);
        }

        @Override
        public void close() {
            openSequences--;
        }
    }
}
