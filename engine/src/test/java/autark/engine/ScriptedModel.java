package autark.engine;

import autark.chip.KvLayer;
import autark.chip.KvShape;
import autark.chip.KvType;
import autark.engine.schedule.LanguageModel;
import autark.model.Batch;
import autark.model.KvCache;
import autark.model.KvLayout;
import autark.model.KvPool;
import autark.model.Span;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.IntConsumer;
import java.util.function.LongFunction;

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

    /// Positions that the second layer sees.
    private static final int WINDOW = 40;

    /// Two layers, the second with a window.
    private static final KvLayout LAYOUT =
            new KvLayout(
                    new KvShape(1, 16, KvType.F32),
                    List.of(
                            new KvLayout.Group(Integer.MAX_VALUE, List.of(0)),
                            new KvLayout.Group(WINDOW, List.of(1))));

    private static final int ASSISTANT_TOKENS = "<assistant\n".length();

    /// What follows a sequence of tokens.
    @FunctionalInterface
    interface Script {
        float[] logits(int[] tokens);
    }

    final List<Integer> steps = new CopyOnWriteArrayList<>();
    volatile boolean closed;

    /// What the model says of its adapter.
    String adapter = "";

    /// What else happens in a step, once it is noted.
    volatile Runnable onStep = () -> {};

    /// Which request of a pool for memory fails, counted from 1; 0 for none.
    int shortage;

    private int allocations;
    private final Script script;
    private final int contextLength;
    private float[][] outputs = {};

    ScriptedModel(Script script) {
        this(script, CONTEXT_LENGTH);
    }

    ScriptedModel(Script script, int contextLength) {
        this.script = script;
        this.contextLength = contextLength;
    }

    /// Answers every message with these tokens and then ends its turn; what is no conversation it
    /// ends at once.
    static ScriptedModel saying(int... answer) {
        return new ScriptedModel(tokens -> {
            int start = tokens.length;
            while (start > 0 && tokens[start - 1] != TestVocabulary.TURN_START) {
                start--;
            }
            if (start == 0) {
                return sure(TestVocabulary.TURN_END);
            }
            int said = tokens.length - (start - 1 + ASSISTANT_TOKENS);
            boolean within = said >= 0 && said < answer.length; // guesses may be anything
            return sure(within ? answer[said] : TestVocabulary.TURN_END);
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

    /// What the script says behind these tokens.
    float[] say(int[] tokens) {
        return script.logits(tokens);
    }

    /// Tokens that were read in all.
    int readTokens() {
        return steps.stream().mapToInt(Integer::intValue).sum();
    }

    @Override
    public String adapter() {
        return adapter;
    }

    @Override
    public int vocabSize() {
        return TestVocabulary.SIZE;
    }

    @Override
    public int contextLength() {
        return contextLength;
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
    public long pageBytes() {
        return LAYOUT.pageBytes();
    }

    @Override
    public KvPool newPool(int pageCount) {
        return new KvPool(LAYOUT, pageCount, contextLength, this::counted);
    }

    private LongFunction<MemorySegment> counted(LongFunction<MemorySegment> memory) {
        return bytes -> {
            allocations++;
            if (allocations == shortage) {
                throw new OutOfMemoryError("a test has no more memory");
            }
            return memory.apply(bytes);
        };
    }

    /// Keeps tokens where a model keeps keys, and reads from there what came before: so a page that
    /// is wrong gives a wrong answer.
    @Override
    public void forward(Batch batch) {
        if (batch.tokenCount() > STEP_TOKENS || batch.outputCount() > STEP_OUTPUTS) {
            throw new IllegalStateException("found a step beyond the limits of the model");
        }
        for (Span span : batch.spans()) {
            span.cache().reserve(span.tokens().length);
        }
        steps.add(batch.tokenCount());
        onStep.run();
        for (int row = 0; row < batch.tokenCount(); row++) {
            for (int layer = 0; layer < LAYOUT.layerCount(); layer++) {
                store(batch.cache(row).layer(layer), batch.position(row), batch.token(row));
            }
        }
        outputs = new float[batch.outputCount()][];
        for (int i = 0; i < outputs.length; i++) {
            int row = batch.outputRow(i);
            outputs[i] = script.logits(read(batch.cache(row), batch.position(row) + 1));
        }
        for (Span span : batch.spans()) {
            span.cache().advance(span.tokens().length);
        }
    }

    private static void store(KvLayer layer, int position, int token) {
        layer.block(position / KvShape.BLOCK_TOKENS)
                .setAtIndex(ValueLayout.JAVA_INT, position % KvShape.BLOCK_TOKENS, token);
    }

    private static int[] read(KvCache cache, int count) {
        int[] tokens = new int[count];
        for (int i = 0; i < count; i++) {
            tokens[i] = token(cache.layer(0), i);
            if (i > count - 1 - WINDOW && token(cache.layer(1), i) != tokens[i]) {
                throw new IllegalStateException("the layers disagree at position " + i);
            }
        }
        return tokens;
    }

    private static int token(KvLayer layer, int position) {
        return layer.block(position / KvShape.BLOCK_TOKENS)
                .getAtIndex(ValueLayout.JAVA_INT, position % KvShape.BLOCK_TOKENS);
    }

    @Override
    public void copyLogits(int output, float[] into) {
        System.arraycopy(outputs[output], 0, into, 0, into.length);
    }

    @Override
    public void parallel(int count, IntConsumer body) {
        for (int i = 0; i < count; i++) {
            body.accept(i);
        }
    }

    @Override
    public void close() {
        closed = true;
    }
}
