package autark.server.openai;

import autark.engine.Result;
import autark.server.desk.Job;
import autark.server.desk.Piece;
import autark.server.desk.Seat;
import autark.server.desk.TokenTexts;
import autark.server.http.ApiException;
import autark.server.http.ClientGoneException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// One response, from its begin to its end.
final class ResponseRun {
    private final ResponseRequest asked;
    private final Seat seat;
    private final Job job;
    private final Names names;
    private final String id;
    private final long created;
    private int eventCount;

    private Optional<ApiException> failure = Optional.empty();

    /// @param job the answer, which has begun
    ResponseRun(ResponseRequest asked, Seat seat, Job job, Names names) {
        this.asked = asked;
        this.seat = seat;
        this.job = job;
        this.names = names;
        this.id = names.next(StoredResponses.PREFIX);
        this.created = names.now();
    }

    /// The response before there is anything of it.
    ObjectNode begun(String status) {
        ObjectNode response = JsonNodeFactory.instance.objectNode();
        response.put("id", id);
        response.put("object", "response");
        response.put("created_at", created);
        response.put("model", seat.model().name());
        response.put("status", status);
        response.putNull("completed_at");
        response.putNull("error");
        response.putNull("incomplete_details");
        response.setAll(asked.told().deepCopy());
        response.putArray("output");
        response.putNull("usage");
        return response;
    }

    /// Reads the answer to its end. What fails is told in the response.
    ///
    /// @param events takes what happens
    /// @param keep takes the response before anybody is told that it is complete
    /// @return the response
    ObjectNode finish(Consumer<ObjectNode> events, Consumer<ObjectNode> keep) {
        Consumer<ObjectNode> numbered =
                event -> {
                    event.put("sequence_number", eventCount++);
                    events.accept(event);
                };
        numbered.accept(event("response.created", begun("in_progress")));
        numbered.accept(event("response.in_progress", begun("in_progress")));
        TokenTexts tokens = new TokenTexts(seat.engine().tokenizer());
        ResponseWriter writer = new ResponseWriter(asked, job, tokens, names, numbered);
        ObjectNode response;
        try {
            for (Piece piece : job) {
                writer.add(piece);
            }
            response = ended(writer, job.results().getFirst());
        } catch (ClientGoneException e) {
            throw e;
        } catch (RuntimeException e) {
            if (!writer.output().isEmpty()) {
                writer.finish("incomplete");
            }
            response = failed(writer.output(), e);
        }
        try {
            keep.accept(response);
        } catch (RuntimeException e) {
            response = failed(writer.output(), e);
        }
        numbered.accept(event("response." + eventName(response), response.deepCopy()));
        return response;
    }

    /// There is no event of a response that somebody has cancelled.
    private static String eventName(ObjectNode response) {
        String status = response.required("status").stringValue();
        return status.equals("cancelled") ? "incomplete" : status;
    }

    private ObjectNode ended(ResponseWriter writer, Result result) {
        String status =
                switch (result.finish()) {
                    case STOP, STOP_STRING, TOOL_CALLS -> "completed";
                    case LENGTH, CONTEXT_FULL, DEADLINE -> "incomplete";
                    case CANCELLED -> "cancelled";
                };
        writer.finish(status.equals("completed") ? status : "incomplete");
        ObjectNode response = begun(status);
        if (status.equals("incomplete")) {
            response.putObject("incomplete_details").put("reason", "max_output_tokens");
        } else {
            response.put("completed_at", names.now());
        }
        response.set("output", writer.output());
        Spent spent = Spent.of(List.of(result), seat.engine().tokenizer());
        response.set("usage", spent.response());
        return response;
    }

    /// Why it failed; nothing if it did not.
    Optional<ApiException> failure() {
        return failure;
    }

    private ObjectNode failed(ArrayNode output, RuntimeException cause) {
        ApiException told = OpenAiErrors.failure(cause);
        failure = Optional.of(told);
        ObjectNode response = begun("failed");
        ObjectNode error = response.putObject("error");
        error.put("code", told.code().isEmpty() ? "server_error" : told.code());
        error.put("message", told.getMessage());
        response.set("output", output);
        return response;
    }

    private static ObjectNode event(String type, ObjectNode response) {
        ObjectNode event = JsonNodeFactory.instance.objectNode();
        event.put("type", type);
        event.set("response", response);
        return event;
    }
}
