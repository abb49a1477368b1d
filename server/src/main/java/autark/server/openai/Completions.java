package autark.server.openai;

import autark.engine.Prompt;
import autark.engine.Request;
import autark.engine.Result;
import autark.engine.sample.TokenLogprob;
import autark.server.desk.Job;
import autark.server.desk.Piece;
import autark.server.desk.Seat;
import autark.server.desk.TokenTexts;
import autark.server.http.ApiException;
import autark.server.http.Exchange;
import autark.server.http.Fields;
import autark.server.http.Reply;
import autark.text.token.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `/v1/completions`: what follows a text, without a chat template; several texts at once, too.
final class Completions {
    private final OpenAi.Parts parts;

    Completions(OpenAi.Parts parts) {
        this.parts = parts;
    }

    /// Answers a request.
    ///
    /// @throws ApiException if it cannot be honoured
    void handle(Exchange exchange) {
        Fields body = Fields.of(exchange.body());
        try (Run run = new Run(Asker.of(parts.desk(), exchange), body)) {
            if (run.asked.stream()) {
                try (EventStream out = EventStream.begin(exchange, parts.pingEvery())) {
                    out.tell(() -> run.stream(out));
                }
            } else {
                exchange.reply(Reply.json(run.whole()));
            }
        }
    }

    /// The whole answer to a request that does not ask for a stream.
    ///
    /// @throws ApiException if it cannot be honoured or fails
    ObjectNode answer(Asker asker, Fields body) {
        body.expect("stream", "false", "the answer goes into a file");
        try (Run run = new Run(asker, body)) {
            return run.whole();
        }
    }

    /// The answers to one request: a seat for each prompt.
    private final class Run implements AutoCloseable {
        private final CompletionRequest asked;
        private final Head head;
        private final Tokenizer tokenizer;
        private final TokenTexts tokens;
        private final List<Seat> seats = new ArrayList<>();
        private final List<Job> jobs = new ArrayList<>();

        Run(Asker asker, Fields body) {
            String model = body.requiredText("model");
            try {
                Seat first = asker.seat(model);
                seats.add(first);
                asked = CompletionRequest.read(body, first);
                tokenizer = first.engine().tokenizer();
                tokens = new TokenTexts(tokenizer);
                head =
                        new Head(
                                parts.names().next("cmpl-"),
                                parts.names().now(),
                                first.model().name());
                for (Prompt prompt : asked.prompts()) {
                    if (!jobs.isEmpty()) {
                        seats.add(asker.seat(model));
                    }
                    Request request = asker.prioritized(asked.request().withPrompt(prompt));
                    jobs.add(seats.getLast().answer(request, asked.choices()));
                }
            } catch (RuntimeException e) {
                close();
                throw e;
            }
        }

        ObjectNode whole() {
            ObjectNode body = head.object("text_completion");
            ArrayNode choices = body.putArray("choices");
            Spent spent = Spent.nothing();
            for (int prompt = 0; prompt < jobs.size(); prompt++) {
                List<Result> results = jobs.get(prompt).wholeResults();
                for (Result result : results) {
                    ObjectNode choice = choices.addObject();
                    choice.put("index", choices.size() - 1);
                    choice.put("text", echo(prompt) + result.text());
                    choice.put("finish_reason", Ending.reason(result.finish()));
                    if (asked.request().scoring().answer()) {
                        choice.set("logprobs", logprobs(prompt, result));
                    } else {
                        choice.putNull("logprobs");
                    }
                }
                spent = spent.plus(Spent.of(results, tokenizer));
            }
            body.set("usage", spent.completion());
            return body;
        }

        private ObjectNode logprobs(int prompt, Result result) {
            LegacyLogprobs told = new LegacyLogprobs(tokens);
            if (!asked.echo()) {
                return told.written(result.logprobs());
            }
            List<Integer> read = seats.get(prompt).engine().read(request(prompt)).tokens();
            return told.echoed(read, result.promptLogprobs(), result.logprobs());
        }

        private Request request(int prompt) {
            return asked.request().withPrompt(asked.prompts().get(prompt));
        }

        /// What stands before an answer.
        private String echo(int prompt) {
            return asked.echo() ? seats.get(prompt).engine().read(request(prompt)).text() : "";
        }

        void stream(EventStream out) {
            Spent spent = Spent.nothing();
            for (int prompt = 0; prompt < jobs.size(); prompt++) {
                List<Result> results = stream(out, prompt);
                spent = spent.plus(Spent.of(results, tokenizer));
            }
            if (asked.streamUsage()) {
                ObjectNode last = head.object("text_completion");
                last.putArray("choices");
                last.set("usage", spent.completion());
                out.send(last);
            }
            out.done();
        }

        private List<Result> stream(EventStream out, int prompt) {
            Job job = jobs.get(prompt);
            String echo = echo(prompt);
            List<LegacyLogprobs> told = new ArrayList<>();
            for (int choice = 0; choice < asked.choices(); choice++) {
                told.add(new LegacyLogprobs(tokens));
                told.getLast().skip(echo);
                if (!echo.isEmpty()) {
                    out.send(chunk(index(prompt, choice), echo, List.of(), told.getLast()));
                }
            }
            for (Piece piece : job) {
                List<TokenLogprob> fresh = job.newLogprobs(piece.choice());
                int index = index(prompt, piece.choice());
                String text = piece.segment().text();
                out.send(chunk(index, text, fresh, told.get(piece.choice())));
            }
            List<Result> results = job.wholeResults();
            for (int choice = 0; choice < results.size(); choice++) {
                ObjectNode chunk =
                        chunk(index(prompt, choice), "", job.newLogprobs(choice), told.get(choice));
                String reason = Ending.reason(results.get(choice).finish());
                ((ObjectNode) chunk.required("choices").required(0)).put("finish_reason", reason);
                out.send(chunk);
            }
            return results;
        }

        private int index(int prompt, int choice) {
            return prompt * asked.choices() + choice;
        }

        private ObjectNode chunk(
                int index, String text, List<TokenLogprob> fresh, LegacyLogprobs told) {
            ObjectNode chunk = head.object("text_completion");
            ObjectNode part = chunk.putArray("choices").addObject();
            part.put("index", index);
            part.put("text", text);
            part.putNull("finish_reason");
            if (fresh.isEmpty()) {
                part.putNull("logprobs");
            } else {
                part.set("logprobs", told.written(fresh));
            }
            if (asked.streamUsage()) {
                chunk.putNull("usage");
            }
            return chunk;
        }

        @Override
        public void close() {
            RuntimeException failure = null;
            for (Seat seat : seats) {
                try {
                    seat.close();
                } catch (RuntimeException e) {
                    failure = e;
                }
            }
            if (failure != null) {
                throw failure;
            }
        }
    }
}
