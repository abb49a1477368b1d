package autark.server.observe;

import static org.assertj.core.api.Assertions.assertThat;

import autark.engine.Engine;
import autark.engine.FinishReason;
import autark.engine.ScriptedEngines;
import autark.server.http.ApiException;
import autark.server.http.Caller;
import autark.server.http.Witness;
import autark.server.models.Catalog;
import autark.server.models.ModelCard;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class MetricsTest {
    private static final Pattern SAMPLE =
            Pattern.compile(
                    "([a-zA-Z_:][a-zA-Z0-9_:]*)"
                            + "(\\{[a-z_]+=\"(?:[^\"\\\\\\n]|\\\\[\"\\\\n])*\""
                            + "(?:,[a-z_]+=\"(?:[^\"\\\\\\n]|\\\\[\"\\\\n])*\")*})?"
                            + " [-+0-9.eE]+");

    private final Engine engine = ScriptedEngines.saying("hello");

    @AfterEach
    void close() {
        engine.close();
    }

    private Metrics metrics(Metrics.Names names) {
        Clock clock = Clock.fixed(Instant.ofEpochSecond(1000), ZoneOffset.UTC);
        return new Metrics(Catalog.of(new ModelCard("m", Instant.EPOCH), engine), names, clock);
    }

    @Test
    void answersAreCountedByModel() {
        Metrics metrics = metrics(Metrics.Names.OWN);
        metrics.ended(Receipts.of("1", "m", FinishReason.STOP, FinishReason.LENGTH));
        metrics.ended(Receipts.of("2", "m", FinishReason.STOP));
        metrics.ended(Receipts.of("3", "n"));
        assertThat(metrics.text().lines())
                .contains(
                        "autark_start_time_seconds 1000",
                        "autark_answers_total{model=\"m\",end=\"stop\"} 2",
                        "autark_answers_total{model=\"m\",end=\"length\"} 1",
                        "autark_prompt_tokens_total{model=\"m\"} 20",
                        "autark_cached_tokens_total{model=\"m\"} 8",
                        "autark_written_tokens_total{model=\"m\"} 15",
                        "autark_compute_seconds_total{model=\"m\"} 9",
                        "autark_time_to_first_token_seconds_bucket{model=\"m\",le=\"2.5\"} 0",
                        "autark_time_to_first_token_seconds_bucket{model=\"m\",le=\"5\"} 2",
                        "autark_time_to_first_token_seconds_bucket{model=\"m\",le=\"+Inf\"} 2",
                        "autark_time_to_first_token_seconds_sum{model=\"m\"} 6",
                        "autark_time_to_first_token_seconds_count{model=\"m\"} 2",
                        "autark_time_per_token_seconds_count{model=\"m\"} 12",
                        "autark_time_per_token_seconds_sum{model=\"m\"} 24",
                        "autark_request_written_tokens_bucket{model=\"m\",le=\"5\"} 3",
                        "autark_request_seconds_sum{model=\"m\"} 24",
                        "autark_answers_total{model=\"n\",end=\"stop\"} 0",
                        "autark_answers_running{model=\"m\"} 0");
        assertThat(metrics.text()).doesNotContain("vllm:");
    }

    @Test
    void requestsAreCountedByStatus() {
        Metrics metrics = metrics(Metrics.Names.OWN);
        for (int status : new int[] {200, 200, 401}) {
            metrics.came("id");
            metrics.left(new Witness.Visit("id", "k", "GET", "/", status, Duration.ZERO));
        }
        metrics.came("id");
        metrics.refused(Caller.local(), "", ApiException.Kind.LIMITED);
        assertThat(metrics.text().lines())
                .contains(
                        "autark_requests_open 1",
                        "autark_requests_total{status=\"200\"} 2",
                        "autark_requests_total{status=\"401\"} 1",
                        "autark_refused_total{reason=\"limited\"} 1");
    }

    @Test
    void dashboardsOfVllmFindTheirNames() {
        Metrics metrics = metrics(Metrics.Names.OWN_AND_VLLM);
        metrics.ended(Receipts.of("1", "m", FinishReason.STOP, FinishReason.CONTEXT_FULL));
        metrics.ended(Receipts.of("2", "m", FinishReason.TOOL_CALLS, FinishReason.DEADLINE));
        assertThat(metrics.text().lines())
                .contains(
                        "vllm:num_requests_running{model_name=\"m\"} 0",
                        "vllm:num_requests_waiting{model_name=\"m\"} 0",
                        "vllm:kv_cache_usage_perc{model_name=\"m\"} 0",
                        "vllm:prefix_cache_queries_total{model_name=\"m\"} 20",
                        "vllm:prefix_cache_hits_total{model_name=\"m\"} 8",
                        "vllm:prompt_tokens_total{model_name=\"m\"} 20",
                        "vllm:generation_tokens_total{model_name=\"m\"} 20",
                        "vllm:request_success_total{model_name=\"m\",finished_reason=\"stop\"} 2",
                        "vllm:request_success_total{model_name=\"m\",finished_reason=\"length\"} 1",
                        "vllm:request_success_total{model_name=\"m\",finished_reason=\"abort\"} 1",
                        "vllm:time_to_first_token_seconds_count{model_name=\"m\"} 2",
                        "vllm:inter_token_latency_seconds_count{model_name=\"m\"} 16",
                        "vllm:e2e_request_latency_seconds_count{model_name=\"m\"} 2",
                        "vllm:request_queue_time_seconds_count{model_name=\"m\"} 4",
                        "vllm:request_prefill_time_seconds_count{model_name=\"m\"} 4",
                        "vllm:request_decode_time_seconds_count{model_name=\"m\"} 4",
                        "vllm:request_prompt_tokens_count{model_name=\"m\"} 2",
                        "vllm:request_generation_tokens_count{model_name=\"m\"} 4");
    }

    /// Each metric is declared once, before its samples; each sample is there once.
    @Test
    void theTextIsThatOfPrometheus() {
        Metrics metrics = metrics(Metrics.Names.OWN_AND_VLLM);
        metrics.ended(Receipts.of("1", "a \"b\" \\ \n c", FinishReason.STOP));
        metrics.ended(Receipts.of("1", "m", FinishReason.STOP));
        String declared = "";
        Set<String> seen = new HashSet<>();
        for (String line : metrics.text().split("\n", -1)) {
            if (line.startsWith("# TYPE ")) {
                declared = line.split(" ", -1)[2];
                assertThat(seen.add("# " + declared)).as(line).isTrue();
            } else if (!line.startsWith("# HELP ") && !line.isEmpty()) {
                assertThat(line).matches(SAMPLE);
                assertThat(line).startsWith(declared);
                assertThat(seen.add(line.substring(0, line.lastIndexOf(' ')))).as(line).isTrue();
            }
        }
        assertThat(metrics.text()).endsWith("\n").contains("model=\"a \\\"b\\\" \\\\ \\n c\"");
    }

    @Test
    void theNumberOfModelsHasABound() {
        Metrics metrics = metrics(Metrics.Names.OWN);
        for (int i = 0; i < Metrics.MODELS_MAX + 50; i++) {
            metrics.ended(Receipts.of("1", "m" + i, FinishReason.STOP));
        }
        List<String> answers =
                metrics.text().lines().filter(line -> line.contains("end=\"stop\"")).toList();
        assertThat(answers)
                .hasSize(Metrics.MODELS_MAX + 1)
                .contains("autark_answers_total{model=\"other\",end=\"stop\"} 50");
    }
}
