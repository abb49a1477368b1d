package autark.server.ollama;

import autark.engine.FinishReason;
import autark.engine.Result;
import autark.engine.Usage;
import autark.engine.sample.TokenLogprob;
import autark.server.desk.Desk;
import autark.server.desk.Job;
import autark.server.desk.Piece;
import autark.server.desk.Seat;
import autark.server.desk.TokenTexts;
import autark.server.http.ApiException;
import autark.server.http.Exchange;
import autark.server.http.Fields;
import autark.server.http.Reply;
import autark.text.parse.Segment;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// `/api/generate` and `/api/chat`: an answer, whole or a line of JSON for each piece. The last
/// line says why it ended and how long it took. What fails once the answer has begun is a line with
/// `error`.
final class Answers {
    private final Desk desk;
    private final Clock clock;
    private final Dialogue dialogue;

    Answers(Desk desk, Clock clock, Dialogue dialogue) {
        this.desk = desk;
        this.clock = clock;
        this.dialogue = dialogue;
    }

    /// Answers a request.
    ///
    /// @throws ApiException if it cannot be honoured
    void handle(Exchange exchange) {
        exchange.endQuery();
        Instant begin = clock.instant();
        Fields body = Fields.of(exchange.body());
        String name = Tags.name(desk, exchange.caller(), body.requiredText("model"));
        try (Seat seat = desk.seat(exchange, name)) {
            Duration load = Duration.between(begin, clock.instant());
            Asked asked =
                    Seat.told(() ->
                            Asked.read(
                                    body,
                                    dialogue,
                                    seat.engine(),
                                    seat.sampling(),
                                    exchange.caller()));
            asked.keepAlive().ifPresent(time -> desk.catalog().keep(name, time));
            if (Dialogue.isEmpty(asked.request())) {
                boolean unload = asked.keepAlive().map(Duration::isZero).orElse(false);
                ObjectNode line = line(seat);
                dialogue.put(line, "", "", List.of());
                line.put("done", true);
                line.put("done_reason", unload ? "unload" : "load");
                exchange.reply(Reply.json(line));
                return;
            }
            Job job = seat.answer(asked.request(), 1);
            Told told = new Told(seat, job, asked.request().scoring().answer(), begin, load);
            if (asked.stream()) {
                stream(exchange, told);
            } else {
                Result result = job.wholeResults().getFirst();
                ObjectNode line = line(seat);
                dialogue.put(line, result.thinking(), result.text(), result.toolCalls());
                end(line, told, result);
                putLogprobs(line, told, result.logprobs());
                exchange.reply(Reply.json(line));
            }
        }
    }

    /// What the lines of an answer are made of.
    ///
    /// @param scored whether the client wants to know how likely tokens were held
    /// @param begin when the request came
    /// @param load how long the model took to be there
    private record Told(Seat seat, Job job, boolean scored, Instant begin, Duration load) {}

    private void stream(Exchange exchange, Told told) {
        Lines.send(
                exchange,
                lines -> {
                    for (Piece piece : told.job()) {
                        Segment segment = piece.segment();
                        switch (segment.kind()) {
                            case THINKING -> write(lines, told, segment.text(), "");
                            case ANSWER -> write(lines, told, "", segment.text());
                            case CALL_NAME, CALL_ARGUMENTS -> {} // calls are sent whole
                        }
                    }
                    Result result = told.job().wholeResults().getFirst();
                    if (!result.toolCalls().isEmpty()) {
                        ObjectNode calls = line(told.seat());
                        dialogue.put(calls, "", "", result.toolCalls());
                        lines.write(calls.put("done", false));
                    }
                    ObjectNode last = line(told.seat());
                    dialogue.put(last, "", "", List.of());
                    end(last, told, result);
                    putLogprobs(last, told, told.job().newLogprobs(0));
                    lines.write(last);
                });
    }

    private void write(Lines lines, Told told, String thinking, String text) {
        ObjectNode line = line(told.seat());
        dialogue.put(line, thinking, text, List.of());
        line.put("done", false);
        putLogprobs(line, told, told.job().newLogprobs(0));
        lines.write(line);
    }

    private static void putLogprobs(ObjectNode line, Told told, List<TokenLogprob> logprobs) {
        if (told.scored()) {
            line.set("logprobs", new TokenTexts(told.seat().engine().tokenizer()).rows(logprobs));
        }
    }

    private ObjectNode line(Seat seat) {
        ObjectNode line = JsonNodeFactory.instance.objectNode();
        line.put("model", seat.model().name());
        line.put("created_at", clock.instant().toString());
        return line;
    }

    /// Ends an answer: durations are in nanoseconds.
    private void end(ObjectNode line, Told told, Result result) {
        Usage usage = result.usage();
        line.put("done", true);
        line.put("done_reason", reason(result.finish()));
        line.put("total_duration", Duration.between(told.begin(), clock.instant()).toNanos());
        line.put("load_duration", told.load().toNanos());
        line.put("prompt_eval_count", usage.promptTokens());
        line.put("prompt_eval_duration", usage.prefill().toNanos());
        line.put("eval_count", usage.generatedTokens());
        line.put("eval_duration", usage.decode().toNanos());
    }

    private static String reason(FinishReason reason) {
        return switch (reason) {
            case STOP, STOP_STRING, TOOL_CALLS -> "stop";
            case LENGTH, CONTEXT_FULL, DEADLINE, CANCELLED -> "length";
        };
    }
}
