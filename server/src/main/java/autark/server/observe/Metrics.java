package autark.server.observe;

import autark.engine.FinishReason;
import autark.engine.Load;
import autark.server.access.Receipt;
import autark.server.desk.Desk;
import autark.server.http.ApiException;
import autark.server.http.Caller;
import autark.server.http.Witness;
import autark.server.models.Catalog;
import autark.server.models.LoadedModel;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ToDoubleFunction;

/// Counts what the server does, for `/metrics`.
///
/// The number of samples has a bound: their labels are names of models, of which the first so many
/// count apart, statuses, and words of ours. Nothing in them comes from a client.
public final class Metrics implements Desk.Observer, Witness {
    static final int MODELS_MAX = 256;

    private static final String OTHER_MODELS = "other";
    private static final String COUNTER = "counter";
    private static final String GAUGE = "gauge";

    private final Catalog catalog;
    private final Names names;
    private final Instant start;
    private final Map<String, ModelMeter> models = new ConcurrentSkipListMap<>();
    private final Map<Integer, LongAdder> statuses = new ConcurrentSkipListMap<>();
    private final Map<ApiException.Kind, LongAdder> refusals = new ConcurrentSkipListMap<>();
    private final LongAdder open = new LongAdder();

    /// Whose names the metrics have.
    public enum Names {
        /// Our own.
        OWN,
        /// Our own, and beside them those of vLLM, for its dashboards.
        OWN_AND_VLLM
    }

    public Metrics(Catalog catalog, Names names, Clock clock) {
        this.catalog = catalog;
        this.names = names;
        this.start = clock.instant();
    }

    @Override
    public void came(String id) {
        open.increment();
    }

    @Override
    public void left(Visit visit) {
        open.decrement();
        statuses.computeIfAbsent(visit.status(), _ -> new LongAdder()).increment();
    }

    @Override
    public void ended(Receipt receipt) {
        String name = receipt.model();
        boolean known = models.containsKey(name) || models.size() < MODELS_MAX;
        models.computeIfAbsent(known ? name : OTHER_MODELS, _ -> new ModelMeter()).add(receipt);
    }

    @Override
    public void refused(Caller caller, String model, ApiException.Kind kind) {
        refusals.computeIfAbsent(kind, _ -> new LongAdder()).increment();
    }

    /// All of it, in the format of Prometheus.
    String text() {
        Exposition out = new Exposition();
        List<LoadedModel> loaded = catalog.loaded();
        process(out);
        requests(out);
        answers(out);
        for (Measure measure : Measure.values()) {
            histogram(out, measure, measure.own(), "model");
        }
        loads(out, loaded);
        if (names == Names.OWN_AND_VLLM) {
            vllm(out, loaded);
        }
        return out.text();
    }

    private void process(Exposition out) {
        out.metric("autark_start_time_seconds", GAUGE, "When the server started, in Unix time.");
        out.sample("autark_start_time_seconds", Labels.none(), start.getEpochSecond());
        Runtime runtime = Runtime.getRuntime();
        out.metric("autark_heap_bytes", GAUGE, "Java's heap in use, which holds no weights.");
        out.sample(
                "autark_heap_bytes", Labels.none(), runtime.totalMemory() - runtime.freeMemory());
    }

    private void requests(Exposition out) {
        out.metric("autark_requests_open", GAUGE, "Requests that are being answered.");
        out.sample("autark_requests_open", Labels.none(), open.sum());
        out.metric(
                "autark_requests_total", COUNTER, "Requests by status; 499: the client went away.");
        statuses.forEach((status, count) ->
                out.sample(
                        "autark_requests_total",
                        Labels.none().and("status", status.toString()),
                        count.sum()));
        out.metric("autark_refused_total", COUNTER, "Answers that were refused before they began.");
        refusals.forEach((kind, count) ->
                out.sample(
                        "autark_refused_total",
                        Labels.none().and("reason", kind.name().toLowerCase(Locale.ROOT)),
                        count.sum()));
    }

    private void answers(Exposition out) {
        out.metric("autark_answers_total", COUNTER, "Answers by how they ended.");
        models.forEach((model, meter) -> {
            for (FinishReason end : FinishReason.values()) {
                out.sample(
                        "autark_answers_total",
                        model(model).and("end", end.name().toLowerCase(Locale.ROOT)),
                        meter.ended(end));
            }
        });
        counter(out, "autark_prompt_tokens_total", "Tokens of prompts.", ModelMeter::promptTokens);
        counter(
                out,
                "autark_cached_tokens_total",
                "Tokens of prompts that were known.",
                ModelMeter::cachedTokens);
        counter(
                out,
                "autark_written_tokens_total",
                "Tokens that were written.",
                ModelMeter::writtenTokens);
        counter(
                out,
                "autark_compute_seconds_total",
                "Time that the engine was busy for answers.",
                ModelMeter::computeSeconds);
    }

    private static Labels model(String name) {
        return Labels.none().and("model", name);
    }

    private void counter(
            Exposition out, String name, String help, ToDoubleFunction<ModelMeter> value) {
        out.metric(name, COUNTER, help);
        models.forEach(
                (model, meter) -> out.sample(name, model(model), value.applyAsDouble(meter)));
    }

    private void histogram(Exposition out, Measure measure, String name, String label) {
        out.metric(name, "histogram", measure.help());
        models.forEach((model, meter) ->
                meter.histogram(measure).write(out, name, Labels.none().and(label, model)));
    }

    private static void loads(Exposition out, List<LoadedModel> loaded) {
        out.metric("autark_model_bytes", GAUGE, "Memory of models that are loaded.");
        loaded.forEach(model ->
                out.sample("autark_model_bytes", model(model.card().name()), model.bytes()));
        gauge(out, loaded, "autark_answers_running", "Answers being written.", Load::running);
        gauge(out, loaded, "autark_answers_waiting", "Answers that wait.", Load::waiting);
        gauge(out, loaded, "autark_kv_pages", "Pages of keys and values.", Load::pages);
        gauge(out, loaded, "autark_kv_pages_free", "Pages that nobody uses.", Load::freePages);
        gauge(
                out,
                loaded,
                "autark_kv_pages_remembered",
                "Pages of beginnings that are remembered.",
                Load::rememberedPages);
        gauge(
                out,
                loaded,
                "autark_tokens_per_second",
                "Tokens read and written a second of work.",
                Load::tokensPerSecond);
        gauge(
                out,
                loaded,
                "autark_guessed_tokens",
                "Tokens that were guessed since the model was loaded.",
                Load::draftedTokens);
        gauge(
                out,
                loaded,
                "autark_guessed_right_tokens",
                "Guesses of them that were right.",
                Load::acceptedTokens);
    }

    private static void gauge(
            Exposition out,
            List<LoadedModel> loaded,
            String name,
            String help,
            ToDoubleFunction<Load> value) {
        out.metric(name, GAUGE, help);
        loaded.forEach(model ->
                out.sample(name, model(model.card().name()), value.applyAsDouble(model.load())));
    }

    private void vllm(Exposition out, List<LoadedModel> loaded) {
        vllmGauge(out, loaded, "vllm:num_requests_running", Load::running);
        vllmGauge(out, loaded, "vllm:num_requests_waiting", Load::waiting);
        vllmGauge(out, loaded, "vllm:kv_cache_usage_perc", Metrics::usedShare);
        vllmCounter(out, "vllm:prompt_tokens_total", ModelMeter::promptTokens);
        vllmCounter(out, "vllm:generation_tokens_total", ModelMeter::writtenTokens);
        vllmCounter(out, "vllm:prefix_cache_queries_total", ModelMeter::promptTokens);
        vllmCounter(out, "vllm:prefix_cache_hits_total", ModelMeter::cachedTokens);
        out.metric("vllm:request_success_total", COUNTER, "Answers by how they ended.");
        models.forEach((model, meter) -> {
            for (String reason : List.of("stop", "length", "abort")) {
                out.sample(
                        "vllm:request_success_total",
                        vllmModel(model).and("finished_reason", reason),
                        ended(meter, reason));
            }
        });
        for (Measure measure : Measure.values()) {
            histogram(out, measure, measure.vllm(), "model_name");
        }
    }

    private static Labels vllmModel(String name) {
        return Labels.none().and("model_name", name);
    }

    /// Pages that remember beginnings are given up when others are needed.
    private static double usedShare(Load load) {
        int used = Math.max(0, load.pages() - load.freePages() - load.rememberedPages());
        return (double) used / Math.max(1, load.pages());
    }

    private static long ended(ModelMeter meter, String vllmReason) {
        long count = 0;
        for (FinishReason end : FinishReason.values()) {
            String reason =
                    switch (end) {
                        case STOP, STOP_STRING, TOOL_CALLS -> "stop";
                        case LENGTH, CONTEXT_FULL -> "length";
                        case CANCELLED, DEADLINE -> "abort";
                    };
            count += reason.equals(vllmReason) ? meter.ended(end) : 0;
        }
        return count;
    }

    private static void vllmGauge(
            Exposition out, List<LoadedModel> loaded, String name, ToDoubleFunction<Load> value) {
        out.metric(name, GAUGE, "As vLLM has it.");
        loaded.forEach(model ->
                out.sample(
                        name, vllmModel(model.card().name()), value.applyAsDouble(model.load())));
    }

    private void vllmCounter(Exposition out, String name, ToDoubleFunction<ModelMeter> value) {
        out.metric(name, COUNTER, "As vLLM has it.");
        models.forEach(
                (model, meter) -> out.sample(name, vllmModel(model), value.applyAsDouble(meter)));
    }
}
