package autark.server.config;

import autark.chip.WorkerPool;
import autark.engine.EngineOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// All settings of the server.
public final class Settings {
    private static final int PORT_MAX = 65_535;
    private static final int LOADED_MAX = 1000;

    public static final Setting<String> HOST =
            Setting.of(
                            "server.host",
                            Form.text("ADDRESS", "an address or the name of one"),
                            "The address to listen on; 0.0.0.0 for all of this machine.")
                    .or("127.0.0.1")
                    .variables(
                            Variable.of("AUTARK_HOST"),
                            new Variable("OLLAMA_HOST", OllamaVariables::host))
                    .flags("--host");

    public static final Setting<Integer> PORT =
            Setting.of(
                            "server.port",
                            Form.number(0, PORT_MAX),
                            "The port to listen on; 0 for any that is free.")
                    .or("11434")
                    .variables(
                            Variable.of("AUTARK_PORT"),
                            Variable.of("PORT"),
                            new Variable("OLLAMA_HOST", OllamaVariables::port))
                    .flags("--port");

    public static final Setting<List<String>> HOSTS =
            Setting.of(
                            "server.hosts",
                            Form.texts("NAME", "names of hosts"),
                            "Names by which clients call the server, beside localhost and the"
                                    + " address; requests with another one in Host are refused.")
                    .variables(Variable.of("AUTARK_HOSTS"))
                    .flags("--hosts");

    public static final Setting<List<String>> ORIGINS =
            Setting.of(
                            "server.origins",
                            Form.texts("ORIGIN", "origins, for instance https://chat.example.org"),
                            "Origins of pages in browsers that may ask, beside the server's own.")
                    .variables(Variable.of("AUTARK_ORIGINS"), Variable.of("OLLAMA_ORIGINS"))
                    .flags("--origins");

    public static final Setting<Path> TLS_CERTIFICATE =
            Setting.of(
                            "server.tls_certificate",
                            Form.file(),
                            "The certificate chain (PEM), to serve HTTPS.")
                    .variables(Variable.of("AUTARK_TLS_CERTIFICATE"))
                    .flags("--tls-certificate");

    public static final Setting<Path> TLS_KEY =
            Setting.of("server.tls_key", Form.file(), "The key of the certificate (PEM).")
                    .variables(Variable.of("AUTARK_TLS_KEY"))
                    .flags("--tls-key");

    public static final Setting<Path> TLS_STORE =
            Setting.of(
                            "server.tls_store",
                            Form.file(),
                            "Certificate and key in one encrypted file (PKCS#12), instead of the"
                                    + " two.")
                    .variables(Variable.of("AUTARK_TLS_STORE"))
                    .flags("--tls-store");

    public static final Setting<Path> TLS_PASSWORD =
            Setting.of(
                            "server.tls_password",
                            Form.file(),
                            "A file whose first line opens the store.")
                    .variables(Variable.of("AUTARK_TLS_PASSWORD"))
                    .flags("--tls-password");

    public static final Setting<Boolean> BEHIND_PROXY =
            Setting.of(
                            "server.behind_proxy",
                            Form.yesOrNo(),
                            "Whether a proxy in front of the server does TLS, so that it may serve"
                                    + " HTTP to other machines.")
                    .or("false")
                    .variables(Variable.of("AUTARK_BEHIND_PROXY"))
                    .flags("--behind-proxy");

    public static final Setting<String> MODEL =
            Setting.of(
                            "models.default",
                            Form.text("MODEL", "a name in the store or a file"),
                            "The model that is loaded at the start: a name in the store or a file.")
                    .or("smollm2:135m")
                    .variables(Variable.of("AUTARK_MODEL"))
                    .flags("-m", "--model");

    public static final Setting<Boolean> LAZY =
            Setting.of("models.lazy", Form.yesOrNo(), "Load no model before somebody asks it.")
                    .or("false")
                    .variables(Variable.of("AUTARK_LAZY"))
                    .flags("--lazy");

    public static final Setting<Map<String, Path>> FILES =
            Setting.of(
                    "models.file",
                    Form.table(Form.file()),
                    "Model files that are not in the store, by the names that clients use.");

    public static final Setting<Map<String, String>> ALIASES =
            Setting.of(
                    "models.alias",
                    Form.table(Form.text("MODEL", "the name of a model")),
                    "Other names of models.");

    public static final Setting<Map<String, AdapterFile>> ADAPTERS =
            Setting.of(
                    "models.adapter",
                    Form.table(Form.adapter()),
                    "Low-rank adapters (LoRA), by the names of the models that they make:"
                            + " `name = { model = \"base\", file = \"adapter.gguf\" }`.");

    public static final Setting<Map<String, Path>> TEMPLATES =
            Setting.of(
                    "models.template",
                    Form.table(Form.file()),
                    "Chat templates instead of those of the models, by the names of models.");

    public static final Setting<Map<String, String>> DRAFTS =
            Setting.of(
                    "models.draft",
                    Form.table(Form.text("MODEL", "the name of a model")),
                    "Smaller models of the same vocabulary that guess tokens, by the names of the"
                            + " models that they guess for.");

    public static final Setting<Duration> KEEP_ALIVE =
            Setting.of(
                            "models.keep_alive",
                            Form.time(),
                            "How long a model stays loaded when nobody asks it; 0 for not at all,"
                                    + " -1 for ever.")
                    .or("5m")
                    .variables(Variable.of("AUTARK_KEEP_ALIVE"), Variable.of("OLLAMA_KEEP_ALIVE"))
                    .flags("--keep-alive");

    public static final Setting<Long> MEMORY =
            Setting.of(
                            "models.memory",
                            Form.size(),
                            "Memory for all models together; 0 for what the machine has.")
                    .or("0")
                    .variables(Variable.of("AUTARK_MEMORY"))
                    .flags("--memory");

    public static final Setting<Integer> MAX_LOADED =
            Setting.of(
                            "models.max_loaded",
                            Form.number(1, LOADED_MAX),
                            "Most models that are loaded at once.")
                    .or("3")
                    .variables(
                            Variable.of("AUTARK_MAX_LOADED"),
                            new Variable("OLLAMA_MAX_LOADED_MODELS", OllamaVariables::nonzero))
                    .flags("--max-loaded");

    public static final Setting<Integer> PARALLEL =
            Setting.of(
                            "models.parallel",
                            Form.number(1, EngineOptions.RUNNING_MAX),
                            "Answers that a model writes at once.")
                    .or("16")
                    .variables(
                            Variable.of("AUTARK_PARALLEL"),
                            new Variable("OLLAMA_NUM_PARALLEL", OllamaVariables::nonzero))
                    .flags("--parallel");

    public static final Setting<Integer> QUEUE =
            Setting.of(
                            "models.queue",
                            Form.number(1, EngineOptions.ANSWERS_MAX),
                            "Answers that a model takes on at once, those that wait included; more are"
                                    + " refused with 429.")
                    .or("64")
                    .variables(Variable.of("AUTARK_QUEUE"), Variable.of("OLLAMA_MAX_QUEUE"))
                    .flags("--queue");

    public static final Setting<Integer> CONTEXT =
            Setting.of(
                            "models.context",
                            Form.number(0, 1 << 24),
                            "Tokens of prompt and answer together; 0 for all that the model has.")
                    .or("0")
                    .variables(Variable.of("AUTARK_CONTEXT"), Variable.of("OLLAMA_CONTEXT_LENGTH"))
                    .flags("--context");

    public static final Setting<String> KV_TYPE =
            Setting.of(
                            "models.kv_type",
                            Form.word("f16", "f32", "q8_0"),
                            "How keys and values are kept: f16, f32 with twice the memory, or q8_0"
                                    + " with half of it.")
                    .or("f16")
                    .variables(Variable.of("AUTARK_KV_TYPE"), Variable.of("OLLAMA_KV_CACHE_TYPE"))
                    .flags("--kv-type");

    public static final Setting<Long> KV_MEMORY =
            Setting.of(
                            "models.kv_memory",
                            Form.size(),
                            "Memory for keys and values of a model; 0 for four contexts, at most"
                                    + " half of what is free.")
                    .or("0")
                    .variables(Variable.of("AUTARK_KV_MEMORY"))
                    .flags("--kv-memory");

    public static final Setting<Integer> THREADS =
            Setting.of(
                            "models.threads",
                            Form.number(0, WorkerPool.THREAD_COUNT_MAX),
                            "Threads that compute; 0 for one a core. Changes no bit.")
                    .or("0")
                    .variables(Variable.of("AUTARK_THREADS"))
                    .flags("-t", "--threads");

    public static final Setting<String> KERNELS =
            Setting.of(
                            "models.kernels",
                            Form.word("fastest", "scalar", "avx2", "avxvnni", "avx512", "neon"),
                            "The kernel set: fastest, scalar, avx2, avxvnni, avx512 or neon."
                                    + " Changes no bit.")
                    .or("fastest")
                    .variables(Variable.of("AUTARK_KERNELS"))
                    .flags("--kernels");

    public static final Setting<String> SPECULATION =
            Setting.of(
                            "models.speculation",
                            Form.word("prompt-lookup", "off"),
                            "How tokens are guessed, so that a step checks several: prompt-lookup,"
                                    + " by what followed the same words before, or off. Changes no"
                                    + " bit.")
                    .or("prompt-lookup")
                    .variables(Variable.of("AUTARK_SPECULATION"))
                    .flags("--speculation");

    public static final Setting<Long> PREFIX_CACHE =
            Setting.of(
                            "models.prefix_cache",
                            Form.size(),
                            "Disk space for what was read, so that it is not read again after a"
                                    + " restart; sealed by a key that its owner alone can read; 0"
                                    + " for none. Models of the store only.")
                    .or("2GB")
                    .variables(Variable.of("AUTARK_PREFIX_CACHE"))
                    .flags("--prefix-cache");

    public static final Setting<String> LOG_FORMAT =
            Setting.of(
                            "log.format",
                            Form.word("text", "json"),
                            "How lines of the log are written: text or json.")
                    .or("text")
                    .variables(Variable.of("AUTARK_LOG_FORMAT"))
                    .flags("--log-format");

    public static final Setting<String> LOG_LEVEL =
            Setting.of(
                            "log.level",
                            Form.word("debug", "info", "warning", "error"),
                            "What is worth a line: debug, info (each request), warning or error.")
                    .or("info")
                    .variables(Variable.of("AUTARK_LOG_LEVEL"))
                    .flags("--log-level");

    public static final Setting<String> METRICS_COMPAT =
            Setting.of(
                            "metrics.compat",
                            Form.word("none", "vllm"),
                            "Whose names of metrics /metrics tells beside our own: none or vllm.")
                    .or("none")
                    .variables(Variable.of("AUTARK_METRICS_COMPAT"))
                    .flags("--metrics-compat");

    /// All of them, in the order of help and reference.
    public static final List<Setting<?>> ALL =
            List.of(
                    HOST,
                    PORT,
                    HOSTS,
                    ORIGINS,
                    TLS_CERTIFICATE,
                    TLS_KEY,
                    TLS_STORE,
                    TLS_PASSWORD,
                    BEHIND_PROXY,
                    MODEL,
                    LAZY,
                    FILES,
                    ALIASES,
                    ADAPTERS,
                    TEMPLATES,
                    DRAFTS,
                    KEEP_ALIVE,
                    MEMORY,
                    MAX_LOADED,
                    PARALLEL,
                    QUEUE,
                    CONTEXT,
                    KV_TYPE,
                    KV_MEMORY,
                    THREADS,
                    KERNELS,
                    SPECULATION,
                    PREFIX_CACHE,
                    LOG_FORMAT,
                    LOG_LEVEL,
                    METRICS_COMPAT);

    private Settings() {}
}
