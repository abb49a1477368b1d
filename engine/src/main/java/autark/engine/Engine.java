package autark.engine;

import autark.engine.sample.Sampler;
import autark.engine.sample.Sampling;
import autark.model.Config;
import autark.model.MemoryNeed;
import autark.model.Model;
import autark.model.ModelOptions;
import autark.model.file.Gguf;
import autark.model.file.GgufTokenizer;
import autark.text.template.Message;
import autark.text.token.Tokenizer;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashSet;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/// A model that answers.
///
/// ```java
/// try (Engine engine = Engine.open(Path.of("model.gguf"))) {
///     for (Segment piece : engine.ask("Why is the sky blue?")) {
///         System.out.print(piece.text());
///     }
/// }
/// ```
///
/// Any number of threads may ask. The model runs one step at a time, and answers that are read at
/// the same time take turns, step by step, in the order in which they come. What an answer says
/// depends on its request alone, never on what else the engine does.
public final class Engine implements AutoCloseable {
    /// The metadata key of a model's chat template.
    public static final String TEMPLATE_KEY = "tokenizer.chat_template";

    private final ReentrantLock lock = new ReentrantLock(true);
    private final LanguageModel model;
    private final SequencePool sequences;
    private final Tokenizer tokenizer;
    private final PromptReader prompts;
    private final Sampling sampling;
    private final Clock clock;
    private boolean closed;

    /// Takes `model` over and closes it at the end.
    ///
    /// @param templateSource the chat template, empty if there is none
    Engine(
            LanguageModel model,
            Tokenizer tokenizer,
            String templateSource,
            Sampling sampling,
            EngineOptions options) {
        this.model = model;
        this.tokenizer = tokenizer;
        this.sampling = sampling;
        this.clock = options.clock();
        this.prompts = new PromptReader(tokenizer, templateSource, clock);
        this.sequences = new SequencePool(model, options.sequenceCount());
    }

    /// Opens a model file with [EngineOptions#defaults].
    public static Engine open(Path file) {
        return open(file, EngineOptions.defaults());
    }

    /// Opens a model file: reads its vocabulary and loads its weights.
    ///
    /// @throws autark.model.file.ModelFormatException if the file holds no model that Autark runs
    /// @throws autark.model.MemoryShortageException if it needs more memory than there is
    /// @throws autark.text.token.TokenizerException if its vocabulary is of an unknown kind
    /// @throws EngineException if it has no vocabulary
    public static Engine open(Path file, EngineOptions options) {
        try (Gguf gguf = Gguf.open(file)) {
            Tokenizer tokenizer =
                    GgufTokenizer.spec(gguf)
                            .map(Tokenizer::of)
                            .orElseThrow(() ->
                                    new EngineException(
                                            file
                                                    + ": found no vocabulary, expected one: without"
                                                    + " it no text can be read or written"));
            String template =
                    options.chatTemplate().isEmpty()
                            ? gguf.metadata().optionalString(TEMPLATE_KEY).orElse("")
                            : options.chatTemplate();
            Sampling sampling = RecommendedSampling.read(gguf.metadata());
            checkContext(options.model().contextLength(), Config.read(gguf).contextLength());
            checkMemory(gguf, options);
            Model model = Model.load(gguf, options.model());
            return new Engine(
                    new LoadedModel(model, options.maxStepTokens()),
                    tokenizer,
                    template,
                    sampling,
                    options);
        }
    }

    private static void checkMemory(Gguf gguf, EngineOptions options) {
        ModelOptions model = options.model();
        int outputs = LoadedModel.maxOutputs(options.maxStepTokens());
        MemoryNeed.of(gguf, model, options.maxStepTokens(), outputs)
                .check(String.valueOf(gguf.path()), model.availableMemoryBytes());
    }

    private static void checkContext(int asked, int trained) {
        if (asked > trained) {
            throw new EngineException(
                    "context: found %d tokens, expected at most the %d of the model"
                            .formatted(asked, trained));
        }
    }

    /// The answer to one question, with the sampling that the model recommends.
    public TokenStream ask(String question) {
        return generate(Request.of(Message.user(question)).withSampling(sampling));
    }

    /// The answer to a request. The prompt is checked here; the model works when the stream is
    /// read.
    ///
    /// @throws PromptTooLongException if the prompt leaves no room for an answer
    /// @throws EngineException if the request cannot be honoured for another reason
    /// @throws autark.text.template.TemplateException if the template refuses the messages
    public TokenStream generate(Request request) {
        PromptReader.Prepared prepared =
                prompts.prepare(request.prompt(), request.stop().strings());
        checkPrompt(prepared.tokens());
        Sampler sampler = new Sampler(request.sampling(), model.vocabSize());
        Set<Integer> endTokens = new HashSet<>(tokenizer.endOfTurn());
        endTokens.addAll(request.stop().tokens());
        return new TokenStream(
                this,
                new Generation(model, sequences, clock, sampler, prepared.tokens()),
                prepared.text(),
                request.stop().maxTokens(),
                endTokens);
    }

    private void checkPrompt(int[] tokens) {
        if (tokens.length == 0) {
            throw new EngineException("found an empty prompt, expected at least one token");
        }
        for (int token : tokens) {
            if (token < 0 || token >= model.vocabSize()) {
                throw new EngineException(
                        "found token %d in the prompt, expected 0 to %d"
                                .formatted(token, model.vocabSize() - 1));
            }
        }
        if (tokens.length >= model.contextLength()) {
            throw new PromptTooLongException(tokens.length, model.contextLength());
        }
    }

    /// The sampling that the model's publisher recommends, else [Sampling#standard].
    public Sampling sampling() {
        return sampling;
    }

    /// Tokens that prompt and answer may have together.
    public int contextLength() {
        return model.contextLength();
    }

    /// Whether messages can be answered; without a chat template only raw prompts can.
    public boolean hasChatTemplate() {
        return prompts.hasTemplate();
    }

    /// The model's vocabulary.
    public Tokenizer tokenizer() {
        return tokenizer;
    }

    /// Frees the model. Answers that have not ended fail at their next step.
    @Override
    public void close() {
        lock.lock();
        try {
            if (!closed) {
                closed = true;
                sequences.close();
                model.close();
            }
        } finally {
            lock.unlock();
        }
    }

    /// The way from prompts to tokens.
    PromptReader prompts() {
        return prompts;
    }

    /// Runs one step of an answer.
    OptionalInt step(Generation generation) {
        return withModel(_ -> generation.step());
    }

    /// Ends an answer's hold on its sequence.
    void release(Generation generation) {
        lock.lock();
        try {
            generation.release();
        } finally {
            lock.unlock();
        }
    }

    /// Runs work that has the model to itself.
    <T> T withModel(Function<LanguageModel, T> work) {
        lock.lock();
        try {
            if (closed) {
                throw new EngineException("the engine is closed");
            }
            return work.apply(model);
        } finally {
            lock.unlock();
        }
    }
}
