package autark.server.ollama;

import autark.engine.Engine;
import autark.engine.Request;
import autark.engine.Stop;
import autark.engine.sample.Mirostat;
import autark.engine.sample.Penalties;
import autark.engine.sample.Sampling;
import autark.server.http.ApiException;
import autark.server.http.Fields;
import java.util.List;

/// Reads `options`: how tokens are chosen and when an answer ends.
final class OptionFields {
    private static final double PENALTY_MAX = 2;

    /// What says how the machine is used. It changes no answer: the server decides that for all.
    private static final List<String> MACHINE =
            List.of(
                    "low_vram",
                    "main_gpu",
                    "num_batch",
                    "num_gpu",
                    "num_thread",
                    "numa",
                    "use_mlock",
                    "use_mmap");

    private OptionFields() {}

    /// The request with the options.
    ///
    /// @throws ApiException if one cannot be honoured
    static Request read(Fields options, Request request, Engine engine) {
        checkContext(options, engine);
        MACHINE.forEach(options::any);
        options.integer("num_keep", Integer.MIN_VALUE, Integer.MAX_VALUE); // nothing is cut
        options.expect("penalize_newline", "true", "penalties are for all tokens");
        options.expect("tfs_z", "1.0", "it is off; top_p and min_p do what it did");
        options.expect("vocab_only", "false", "a model without weights does not answer");
        options.expect("f16_kv", "true", "the server decides how keys and values are kept");
        options.expect("logits_all", "false", "logprobs tells what the model held likely");
        Request read =
                request.withSampling(sampling(options, request.sampling())).withStop(stop(options));
        options.end();
        return read;
    }

    private static void checkContext(Fields options, Engine engine) {
        int context = options.integer("num_ctx", 1, Integer.MAX_VALUE).orElse(0);
        if (context > engine.contextLength()) {
            throw options.invalid(
                    "num_ctx",
                    "found %d, expected at most the %d tokens that the model is loaded with"
                            .formatted(context, engine.contextLength()));
        }
    }

    private static Sampling sampling(Fields options, Sampling recommended) {
        Penalties penalties = recommended.penalties();
        Mirostat mirostat = recommended.mirostat();
        return recommended
                .withTemperature(
                        options.number("temperature", 0, Sampling.TEMPERATURE_MAX)
                                .orElse(recommended.temperature()))
                .withTopK(
                        options.integer("top_k", 0, Sampling.COUNT_MAX).orElse(recommended.topK()))
                .withTopP(options.number("top_p", Double.MIN_NORMAL, 1).orElse(recommended.topP()))
                .withMinP(options.number("min_p", 0, Math.nextDown(1.0)).orElse(recommended.minP()))
                .withTypicalP(
                        options.number("typical_p", Double.MIN_NORMAL, 1)
                                .orElse(recommended.typicalP()))
                .withRepeatPenalty(
                        options.number("repeat_penalty", Penalties.REPEAT_MIN, Penalties.REPEAT_MAX)
                                .orElse(penalties.repeat()))
                .withPresencePenalty(
                        options.number("presence_penalty", -PENALTY_MAX, PENALTY_MAX)
                                .orElse(penalties.presence()))
                .withFrequencyPenalty(
                        options.number("frequency_penalty", -PENALTY_MAX, PENALTY_MAX)
                                .orElse(penalties.frequency()))
                .withRepeatWindow(window(options, penalties.window()))
                .withMirostat(
                        mirostat.withVersion(version(options, mirostat.version()))
                                .withTau(
                                        options.number(
                                                        "mirostat_tau",
                                                        Double.MIN_NORMAL,
                                                        Mirostat.TAU_MAX)
                                                .orElse(mirostat.tau()))
                                .withEta(
                                        options.number("mirostat_eta", 0, 1)
                                                .orElse(mirostat.eta())))
                .withSeed(
                        options.longInteger("seed", Long.MIN_VALUE, Long.MAX_VALUE)
                                .orElse(recommended.seed()));
    }

    /// -1 stands for the whole context.
    private static int window(Fields options, int usual) {
        int window = options.integer("repeat_last_n", -1, Sampling.COUNT_MAX).orElse(usual);
        return window < 0 ? Sampling.COUNT_MAX : window;
    }

    private static int version(Fields options, int usual) {
        int version = options.integer("mirostat", 0, Mirostat.VERSION).orElse(usual);
        if (version != 0 && version != Mirostat.VERSION) {
            throw options.invalid("mirostat", "found 1, expected 0 (off) or 2");
        }
        return version;
    }

    /// -1 and -2 stand for as many tokens as the context holds.
    private static Stop stop(Fields options) {
        int most = options.integer("num_predict", -2, Integer.MAX_VALUE).orElse(-1);
        if (most == 0) {
            throw options.invalid(
                    "num_predict", "found 0, expected at least 1, or -1 for no limit");
        }
        return Stop.atEndOfTurn()
                .withMaxTokens(most < 0 ? Stop.UNLIMITED : most)
                .withStrings(options.texts("stop", Stop.STRING_COUNT_MAX));
    }
}
