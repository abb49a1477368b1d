package autark.server.ollama;

import autark.server.desk.Job;
import autark.server.http.ClientGoneException;
import autark.server.http.Exchange;
import autark.server.http.Outflow;
import autark.server.http.Reply;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// Lines of JSON. The answer begins with the first, so that what fails before it has a status of
/// its own; what fails behind it is the last line.
final class Lines {
    private final Exchange exchange;
    private @Nullable Outflow out;

    private Lines(Exchange exchange) {
        this.exchange = exchange;
    }

    /// Writes lines.
    interface Writing {
        void to(Lines lines);
    }

    /// Answers with the lines that `writing` writes.
    static void send(Exchange exchange, Writing writing) {
        Lines lines = new Lines(exchange);
        try {
            writing.to(lines);
        } catch (ClientGoneException e) {
            throw e;
        } catch (RuntimeException e) {
            if (lines.out == null) {
                throw e;
            }
            lines.write(OllamaErrors.body(Job.failure(e, exchange.id())));
        } finally {
            if (lines.out != null) {
                lines.out.close();
            }
        }
    }

    void write(ObjectNode line) {
        Outflow begun = out;
        if (begun == null) {
            begun = exchange.stream(Reply.text("application/x-ndjson", ""));
            out = begun;
        }
        begun.write(line + "\n");
    }
}
