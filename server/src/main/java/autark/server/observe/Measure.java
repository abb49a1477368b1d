package autark.server.observe;

/// What is measured of each answer, as a histogram.
enum Measure {
    FIRST_TOKEN(
            "autark_time_to_first_token_seconds",
            "vllm:time_to_first_token_seconds",
            "From the request to its first token."),
    TOKEN(
            "autark_time_per_token_seconds",
            "vllm:inter_token_latency_seconds",
            "Between two tokens, as the mean of each answer."),
    REQUEST(
            "autark_request_seconds",
            "vllm:e2e_request_latency_seconds",
            "From the request to the end of its answer."),
    QUEUE("autark_queue_seconds", "vllm:request_queue_time_seconds", "Waiting for the first step."),
    PREFILL("autark_prefill_seconds", "vllm:request_prefill_time_seconds", "Reading the prompt."),
    DECODE("autark_decode_seconds", "vllm:request_decode_time_seconds", "Writing the answer."),
    PROMPT_TOKENS(
            "autark_request_prompt_tokens", "vllm:request_prompt_tokens", "Tokens of a prompt."),
    WRITTEN_TOKENS(
            "autark_request_written_tokens",
            "vllm:request_generation_tokens",
            "Tokens of an answer.");

    private final String own;
    private final String vllm;
    private final String help;

    Measure(String own, String vllm, String help) {
        this.own = own;
        this.vllm = vllm;
        this.help = help;
    }

    String own() {
        return own;
    }

    String vllm() {
        return vllm;
    }

    String help() {
        return help;
    }

    Histogram histogram() {
        return switch (this) {
            case PROMPT_TOKENS, WRITTEN_TOKENS ->
                    new Histogram(
                            1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000,
                            50_000, 100_000);
            case FIRST_TOKEN, TOKEN, REQUEST, QUEUE, PREFILL, DECODE ->
                    new Histogram(
                            0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
                            20, 40, 80, 160, 320);
        };
    }
}
