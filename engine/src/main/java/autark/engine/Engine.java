package autark.engine;

import autark.chip.KvShape;
import autark.engine.cache.PageStore;
import autark.engine.cache.PrefixCache;
import autark.engine.cache.PrefixName;
import autark.engine.disk.BlockStore;
import autark.engine.sample.Sampler;
import autark.engine.sample.Sampling;
import autark.engine.schedule.DraftModel;
import autark.engine.schedule.Drafter;
import autark.engine.schedule.LanguageModel;
import autark.engine.schedule.Limits;
import autark.engine.schedule.PromptLookup;
import autark.engine.schedule.Scheduler;
import autark.engine.schedule.Task;
import autark.engine.schedule.Terms;
import autark.engine.seal.Seal;
import autark.engine.typed.AnswerType;
import autark.model.Config;
import autark.model.KvLayout;
import autark.model.KvPool;
import autark.model.MemoryNeed;
import autark.model.Model;
import autark.model.ModelOptions;
import autark.model.file.Gguf;
import autark.model.file.GgufTokenizer;
import autark.text.template.Message;
import autark.text.token.Tokenizer;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
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
/// Any number of threads may ask. A thread of the engine runs the model, step by step, each for all
/// answers that are being written; see [Scheduler]. What an answer says depends on its request
/// alone, never on what else the engine does.
public final class Engine implements AutoCloseable {
    /// The metadata key of a model's chat template.
    public static final String TEMPLATE_KEY = "tokenizer.chat_template";

    /// Most answers to one request.
    public static final int CHOICES_MAX = 8;

    /// Contexts that keys and values have room for if nothing else is said and memory allows.
    private static final int CONTEXTS = 4;

    /// Pages beside those of a context: one is copied when two answers part.
    private static final int SPARE_PAGES = 1;

    private static final int PAGES_MAX = 1 << 22;

    /// Answers that a draft model guesses for at once.
    private static final int DRAFTED_MAX = 4;

    /// Names the arithmetic of keys and values. It changes when their bits change, so that a newer
    /// program does not go on from what an older one has left on disk.
    private static final String NUMBERS = "1";

    private final LanguageModel model;
    private final Drafter drafter;
    private final KvPool pool;
    private final Optional<DiskPages> disk;
    private final EngineLoop loop;
    private final Admission admission;
    private final Tokenizer tokenizer;
    private final PromptReader prompts;
    private final Grammars grammars;
    private final Sampling sampling;
    private final Clock clock;
    private final int contextLength;
    private final AtomicBoolean closed = new AtomicBoolean();

    /// Takes `model` over and closes it at the end.
    ///
    /// @param templateSource the chat template, empty if there is none
    Engine(
            LanguageModel model,
            Tokenizer tokenizer,
            String templateSource,
            Sampling sampling,
            EngineOptions options) {
        this(model, tokenizer, templateSource, sampling, drafter(options, tokenizer), options);
    }

    /// Takes `model` and `drafter` over and closes them at the end.
    ///
    /// @param templateSource the chat template, empty if there is none
    Engine(
            LanguageModel model,
            Tokenizer tokenizer,
            String templateSource,
            Sampling sampling,
            Drafter drafter,
            EngineOptions options) {
        this.model = model;
        this.drafter = drafter;
        this.tokenizer = tokenizer;
        this.sampling = sampling;
        this.clock = options.clock();
        this.prompts = new PromptReader(tokenizer, templateSource, clock);
        this.grammars = new Grammars(tokenizer, prompts.callMarks());
        int pageCount = pageCount(model, options);
        this.disk = options.prefixFolder().map(folder -> openDisk(folder, options.clock()));
        this.pool = model.newPool(pageCount);
        this.contextLength =
                Math.min(model.contextLength(), (pageCount - SPARE_PAGES) * KvShape.BLOCK_TOKENS);
        PrefixCache prefixes = new PrefixCache(pool, source(model, options), PrefixName::sha256);
        this.loop =
                new EngineLoop(
                        new Scheduler(
                                model,
                                pool,
                                prefixes,
                                disk.map(PageStore.class::cast).orElse(PageStore.none()),
                                drafter,
                                Limits.of(Math.min(options.runningMax(), model.maxStepOutputs())),
                                clock));
        this.admission =
                new Admission(options.answersMax(), (long) options.answersMax() * contextLength);
    }

    /// What keys and values depend on beside the tokens.
    private static List<String> source(LanguageModel model, EngineOptions options) {
        return List.of(
                options.prefixFolder().map(PrefixFolder::model).orElse(""),
                model.adapter(),
                options.model().kvType().name(),
                Integer.toString(model.contextLength()),
                NUMBERS);
    }

    private DiskPages openDisk(PrefixFolder folder, Clock diskClock) {
        BlockStore blocks =
                BlockStore.open(folder.folder(), folder.keyFile(), folder.capBytes(), diskClock);
        return new DiskPages(blocks, this::onLoop);
    }

    /// Runs something between two steps; an engine that is closing has no more use for it.
    private void onLoop(Runnable task) {
        try {
            loop.post(task);
        } catch (EngineException e) {
            assert closed.get() : e;
        }
    }

    private static int pageCount(LanguageModel model, EngineOptions options) {
        long pageBytes = model.pageBytes();
        long bytes = keyValueBytes(model.contextLength(), pageBytes, options);
        long pages = Math.clamp(bytes / pageBytes, 0, PAGES_MAX);
        if (pages <= SPARE_PAGES) {
            throw new EngineException(
                    "keys and values: found %d bytes, expected at least %d"
                            .formatted(bytes, (SPARE_PAGES + 1) * pageBytes));
        }
        return (int) pages;
    }

    private static long keyValueBytes(int contextLength, long pageBytes, EngineOptions options) {
        if (options.keyValueBytes() > 0) {
            return options.keyValueBytes();
        }
        int contextPages = KvLayout.pages(contextLength) + SPARE_PAGES;
        long free = options.model().availableMemoryBytes() / 2;
        return Math.min((long) CONTEXTS * contextPages * pageBytes, free);
    }

    /// Bytes that an engine of this file takes, as its header tells: weights, buffers, keys and
    /// values. Without a limit for keys and values in the options it depends on the memory that is
    /// free.
    ///
    /// @throws autark.model.file.ModelFormatException if the file holds no model that Autark runs
    public static long memoryBytes(Path file, EngineOptions options) {
        try (Gguf gguf = Gguf.open(file)) {
            ModelOptions model = options.model();
            int outputs = LoadedModel.maxOutputs(options);
            MemoryNeed need = MemoryNeed.of(gguf, model, options.maxStepTokens(), outputs);
            int trained = Config.read(gguf).contextLength();
            int context = model.contextLength() > 0 ? model.contextLength() : trained;
            return need.weightBytes()
                    + need.bufferBytes()
                    + keyValueBytes(context, need.keyValueBytes(), options);
        }
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
            if (options.prefixFolder().isPresent()) {
                Thread.ofPlatform().daemon().name("autark-seal-warm-up").start(Seal::warmUp);
            }
            Sampling sampling = RecommendedSampling.read(gguf.metadata());
            checkContext(options.model().contextLength(), Config.read(gguf).contextLength());
            checkMemory(gguf, options);
            Model loaded = Model.load(gguf, options.model());
            LanguageModel model =
                    new LoadedModel(
                            loaded, options.maxStepTokens(), LoadedModel.maxOutputs(options));
            Drafter drafter = Drafter.none();
            try {
                drafter = drafter(options, tokenizer);
                return new Engine(model, tokenizer, template, sampling, drafter, options);
            } catch (RuntimeException | Error e) {
                drafter.close();
                model.close();
                throw e;
            }
        }
    }

    private static Drafter drafter(EngineOptions options, Tokenizer tokenizer) {
        return switch (options.speculation()) {
            case Speculation.Off _ -> Drafter.none();
            case Speculation.PromptLookup _ -> new PromptLookup();
            case Speculation.DraftModel(Path file) -> draftModel(file, options, tokenizer);
        };
    }

    private static Drafter draftModel(Path file, EngineOptions options, Tokenizer tokenizer) {
        try (Gguf gguf = Gguf.open(file)) {
            boolean same =
                    GgufTokenizer.spec(gguf)
                            .map(Tokenizer::of)
                            .map(drafting -> sameTokens(drafting, tokenizer))
                            .orElse(false);
            if (!same) {
                throw new EngineException(
                        file
                                + ": found another vocabulary, expected that of the model it drafts for");
            }
            ModelOptions model = options.model().withContextLength(0).withoutAdapter();
            Model loaded = Model.load(gguf, model);
            int answers = Math.min(options.runningMax(), DRAFTED_MAX);
            int pages = answers * KvLayout.pages(loaded.contextLength());
            return new DraftModel(
                    new LoadedModel(loaded, options.maxStepTokens(), 1),
                    pages,
                    answers,
                    options.clock());
        }
    }

    private static boolean sameTokens(Tokenizer one, Tokenizer other) {
        boolean same = one.vocabSize() == other.vocabSize();
        for (int token = 0; same && token < one.vocabSize(); token++) {
            same = one.piece(token).equals(other.piece(token));
        }
        return same;
    }

    private static void checkMemory(Gguf gguf, EngineOptions options) {
        ModelOptions model = options.model();
        int outputs = LoadedModel.maxOutputs(options);
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

    /// The answer to one question as a value of a type: of a record, a sealed interface of records,
    /// an enum, or an array of them.
    ///
    /// ```java
    /// record Town(String name, int inhabitants) {}
    ///
    /// Town town = engine.ask("Which is the largest town of France?", Town.class);
    /// ```
    ///
    /// The model is told the type's schema after the question, and can write nothing else. It waits
    /// for the whole answer. A component of a record may be a `String`, a number, `boolean`, an
    /// enum, `LocalDate`, `LocalTime`, `LocalDateTime`, `Instant`, `Duration`, `UUID`, `URI`, a
    /// record, a sealed interface of records, and an array, `List`, `Set` or `Map<String, ...>` of
    /// them. What may be missing is an `Optional` or annotated as `Nullable`, and `null` in the
    /// answer.
    ///
    /// @throws AnswerTypeException if the type is not supported
    /// @throws AnswerCutOffException if the context is full before the answer is a value
    /// @throws AnswerRefusedException if a record's constructor refuses what the model answers
    public <T> T ask(String question, Class<T> type) {
        String whole =
                question
                        + "\n\nAnswer with one JSON value that this JSON Schema describes, and with"
                        + " nothing else:\n"
                        + AnswerType.of(type).hint();
        return ask(Request.of(Message.user(whole)).withSampling(sampling), type);
    }

    /// The answer to a request as a value of a type, as [#generate(Request, Class)] gives it.
    public <T> T ask(Request request, Class<T> type) {
        return generate(request, type).value();
    }

    /// The answer to a request as a value of a type, and how it came about. The prompt is left as
    /// it is: it is for the caller to tell the model what to write, in JSON.
    ///
    /// @throws EngineException if the request has a format of its own, and as of the other forms
    /// @throws AnswerTypeException if the type is not supported
    /// @throws AnswerCutOffException if tokens or time run out before the answer is a value
    /// @throws AnswerRefusedException if a record's constructor refuses what the model answers
    public <T> TypedAnswer<T> generate(Request request, Class<T> type) {
        if (!(request.format() instanceof Format.Free)) {
            throw new EngineException(
                    "found a request with the format %s and the type %s, expected one of the two"
                            .formatted(
                                    request.format().getClass().getSimpleName(),
                                    type.getTypeName()));
        }
        AnswerType<T> answer = AnswerType.of(type);
        Format format = Format.JsonSchema.of(type);
        try (TokenStream stream = generate(request.withFormat(format))) {
            return TypedAnswer.of(stream.result(), answer);
        }
    }

    /// The answer to a request. The prompt is checked here; the engine begins at once.
    ///
    /// @throws PromptTooLongException if the prompt leaves no room for an answer
    /// @throws OverloadedException if the engine has too much to do
    /// @throws EngineException if the request cannot be honoured for another reason
    /// @throws autark.text.template.TemplateException if the template refuses the messages
    /// @throws autark.text.grammar.GrammarException if the format or the calls of tools cannot be
    ///   enforced
    public TokenStream generate(Request request) {
        return generate(request, 1).getFirst();
    }

    /// Several answers to one request, whose prompt is read once. Answer number `i`, counted from
    /// 0, is the one that the request would get alone with a seed larger by `i`.
    ///
    /// @param count 1 to [#CHOICES_MAX]
    /// @throws EngineException likewise, and if there are too many
    public List<TokenStream> generate(Request request, int count) {
        if (count < 1 || count > CHOICES_MAX) {
            throw new EngineException(
                    "answers to one request: found %d, expected 1 to %d"
                            .formatted(count, CHOICES_MAX));
        }
        List<Choice> choices = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            choices.add(choice(request.withSeed(request.sampling().seed() + i)));
        }
        long price = choices.stream().mapToLong(choice -> choice.task.price()).sum();
        admission.enter(count, price, loop.load().tokensPerSecond());
        Task first = choices.getFirst().task;
        choices.stream().skip(1).forEach(choice -> first.follow(choice.task));
        try {
            loop.submit(first);
        } catch (EngineException e) {
            choices.forEach(choice -> admission.leave(choice.task.price()));
            throw e;
        }
        return choices.stream().map(Choice::stream).toList();
    }

    /// The prompt of a request as the model would read it; nothing is run.
    ///
    /// @throws EngineException if the request has no prompt that can be read
    /// @throws autark.text.template.TemplateException if the template refuses the messages
    public ReadPrompt read(Request request) {
        PromptReader.Prepared prepared = prompts.prepare(request);
        return new ReadPrompt(prepared.prompt(), Arrays.stream(prepared.tokens()).boxed().toList());
    }

    private record Choice(Task task, TokenStream stream) {}

    private Choice choice(Request request) {
        PromptReader.Prepared prepared = prompts.prepare(request);
        int[] prompt = prepared.tokens();
        checkPrompt(prompt);
        Set<Integer> endTokens = new HashSet<>(tokenizer.endOfTurn());
        endTokens.addAll(request.stop().tokens());
        int maxTokens = Math.min(request.stop().maxTokens(), contextLength - prompt.length);
        long price = (long) prompt.length + maxTokens;
        Instant now = clock.instant();
        Service service = request.service();
        Terms terms = new Terms(service.tenant(), service.priority(), now.plus(service.timeout()));
        AnswerWriter.Rules rules =
                new AnswerWriter.Rules(
                        new Sampler(request.sampling(), model.vocabSize()),
                        prepared.text(),
                        grammars.of(request.format(), request.tools()).map(FormatGate::new),
                        prepared.tags(),
                        endTokens,
                        request.thinking(),
                        request.scoring(),
                        prompt.length,
                        request.stop().maxTokens(),
                        contextLength);
        AtomicReference<Task> task = new AtomicReference<>();
        TokenStream stream =
                new TokenStream(
                        prompt.length,
                        CallIds.of(request.sampling().seed(), prompt),
                        () -> cancel(task.get()),
                        loop::wake);
        AnswerWriter writer = new AnswerWriter(rules, stream, () -> admission.leave(price));
        task.set(new Task(writer, terms, prompt, price, now));
        return new Choice(task.get(), stream);
    }

    private void cancel(Task task) {
        task.cancel();
        loop.wake();
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
        if (tokens.length >= contextLength) {
            throw new PromptTooLongException(tokens.length, contextLength);
        }
    }

    /// The sampling that the model's publisher recommends, else [Sampling#standard].
    public Sampling sampling() {
        return sampling;
    }

    /// Tokens that prompt and answer may have together.
    public int contextLength() {
        return contextLength;
    }

    /// What the engine is doing and has done.
    public Load load() {
        return loop.load();
    }

    /// Whether messages can be answered; without a chat template only raw prompts can.
    public boolean hasChatTemplate() {
        return prompts.hasTemplate();
    }

    /// Variables that the chat template reads, `enable_thinking` for instance; none without one.
    ///
    /// @throws autark.text.template.TemplateException if the template cannot be read
    public Set<String> templateVariables() {
        return prompts.variables();
    }

    /// Whether the model may think before it answers, so that [Thinking] has an effect.
    public boolean thinks() {
        return prompts.thinks();
    }

    /// Names the content of the model's adapter; empty if it has none.
    public String adapter() {
        return model.adapter();
    }

    /// The model's vocabulary.
    public Tokenizer tokenizer() {
        return tokenizer;
    }

    /// Frees the model. Answers that have not ended fail.
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            loop.close();
            disk.ifPresent(DiskPages::close);
            pool.close();
            drafter.close();
            model.close();
        }
    }

    /// The way from prompts to tokens.
    PromptReader prompts() {
        return prompts;
    }

    /// Runs work that has the model to itself.
    <T> T withModel(Function<LanguageModel, T> work) {
        return loop.call(() -> work.apply(model));
    }
}
