package autark.server.openai;

import java.io.ByteArrayOutputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Works through one batch.
///
/// The outcome of each line is kept as soon as it is known, so a job that is broken off goes on
/// with the lines that have none. What is told of the batch changes by the steps `validating`,
/// `in_progress`, `finalizing` and an end; each is kept before what follows it is done.
final class BatchJob {
    private static final int LINES_AT_ONCE = 4;
    private static final Set<String> STEPS =
            Set.of("validating", "in_progress", "cancelling", "finalizing");
    private static final Logger LOGGER = System.getLogger(BatchJob.class.getName());

    private final StoredBatches.Open open;
    private final StoredBatches batches;
    private final StoredFiles files;
    private final Names names;
    private final BatchAnswers answers;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicInteger completed = new AtomicInteger();
    private final AtomicInteger failed = new AtomicInteger();

    /// Where a job finds its work and leaves it.
    record Store(StoredBatches batches, StoredFiles files, Names names) {}

    /// @param answers to the lines of this batch
    BatchJob(StoredBatches.Open open, Store store, BatchAnswers answers) {
        this.open = open;
        this.batches = store.batches();
        this.files = store.files();
        this.names = store.names();
        this.answers = answers;
    }

    StoredBatches.Open open() {
        return open;
    }

    /// Says how far it is.
    void count(ObjectNode batch) {
        ObjectNode counts = (ObjectNode) batch.required("request_counts");
        counts.put("completed", completed.get());
        counts.put("failed", failed.get());
    }

    /// Begins no more lines.
    void cancel() {
        answers.cancel();
    }

    /// Breaks off, to go on when the server starts again.
    void stop() {
        answers.stop();
    }

    /// Works until the batch has ended or the job is stopped.
    void run() {
        try {
            work();
        } catch (RuntimeException e) {
            if (answers.stopped()) {
                return; // what failed is done again
            }
            LOGGER.log(Level.ERROR, "batch " + open.id() + " failed", e);
            failed("server_error", "the batch failed");
        }
    }

    private void work() {
        Optional<ObjectNode> found = batches.find(open.caller().tenant(), open.id());
        if (found.isPresent() && STEPS.contains(status(found.get()))) {
            ObjectNode batch = found.get();
            String input = batch.required("input_file_id").stringValue();
            if (files.find(open.caller().tenant(), input).isEmpty()) {
                failed("file_not_found", "the input file is gone");
                return;
            }
            String endpoint = batch.required("endpoint").stringValue();
            BatchLine.Lines read = BatchLine.read(file(input), endpoint);
            if (read.errors().isEmpty()) {
                begin(read.lines().size());
                answer(read.lines(), endpoint, batch.required("expires_at").longValue());
                if (answers.stopped()) {
                    return;
                }
                finish(read.lines());
            } else {
                failed(read.errors());
            }
        }
        batches.end(open);
    }

    private static String status(ObjectNode batch) {
        return batch.required("status").stringValue();
    }

    private byte[] file(String id) {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        files.pieces(open.caller().tenant(), id).forEach(file::writeBytes);
        return file.toByteArray();
    }

    private void change(Consumer<ObjectNode> change) {
        batches.change(open.caller().tenant(), open.id(), change);
    }

    private void failed(String code, String message) {
        ObjectNode error = JsonNodeFactory.instance.objectNode();
        error.put("code", code);
        error.putNull("line");
        error.put("message", message);
        error.putNull("param");
        failed(List.of(error));
        batches.end(open);
    }

    private void failed(List<ObjectNode> errors) {
        change(batch -> {
            batch.put("status", "failed");
            batch.put("failed_at", names.now());
            ObjectNode told = batch.putObject("errors");
            told.put("object", "list");
            ArrayNode data = told.putArray("data");
            errors.forEach(data::add);
        });
    }

    private void begin(int lineCount) {
        change(batch -> {
            ((ObjectNode) batch.required("request_counts")).put("total", lineCount);
            switch (status(batch)) {
                case "validating" -> {
                    batch.put("status", "in_progress");
                    batch.put("in_progress_at", names.now());
                }
                case "cancelling" -> answers.cancel();
                default -> {}
            }
        });
    }

    /// Answers all lines that have no outcome, several at once.
    private void answer(List<BatchLine> lines, String endpoint, long expiresAt) {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < Math.min(LINES_AT_ONCE, lines.size()); i++) {
            threads.add(Thread.ofVirtual().start(() -> answerNext(lines, endpoint, expiresAt)));
        }
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                answers.stop();
            }
        }
    }

    private void answerNext(List<BatchLine> lines, String endpoint, long expiresAt) {
        try {
            int line = next.getAndIncrement();
            while (line < lines.size() && !answers.stopped()) {
                Optional<BatchOutcome> outcome = batches.outcome(open, line);
                if (outcome.isEmpty()) {
                    outcome = answers.answer(lines.get(line), endpoint, expiresAt);
                    if (outcome.isPresent()) {
                        batches.put(open, line, outcome.get());
                    }
                }
                outcome.ifPresent(known -> (known.failed() ? failed : completed).incrementAndGet());
                line = next.getAndIncrement();
            }
        } catch (RuntimeException e) {
            LOGGER.log(Level.ERROR, "batch " + open.id() + " is broken off", e);
            answers.stop();
        }
    }

    /// Writes the files, and ends the batch.
    private void finish(List<BatchLine> lines) {
        String tenant = open.caller().tenant();
        ObjectNode batch =
                batches.change(
                        tenant,
                        open.id(),
                        changed -> {
                            if (!status(changed).equals("cancelling")) {
                                changed.put("status", "finalizing");
                                changed.put("finalizing_at", names.now());
                            }
                        });
        String end =
                status(batch).equals("cancelling")
                        ? "cancelled"
                        : completed.get() + failed.get() < lines.size() ? "expired" : "completed";
        List<BatchOutcome> missing = end.equals("expired") ? expired(lines) : List.of();
        Optional<String> output = write(outcomes(lines, List.of()), "output", false);
        Optional<String> errors = write(outcomes(lines, missing), "error", true);
        change(changed -> {
            output.ifPresent(id -> changed.put("output_file_id", id));
            errors.ifPresent(id -> changed.put("error_file_id", id));
            failed.addAndGet(missing.size());
            count(changed);
            changed.put("status", end);
            changed.put(end + "_at", names.now());
        });
    }

    private List<BatchOutcome> expired(List<BatchLine> lines) {
        return IntStream.range(0, lines.size())
                .filter(line -> batches.outcome(open, line).isEmpty())
                .mapToObj(line -> BatchOutcome.expired(lines.get(line), names.next("batch_req_")))
                .toList();
    }

    /// All outcomes, in the order of the lines.
    private Stream<BatchOutcome> outcomes(List<BatchLine> lines, List<BatchOutcome> more) {
        Stream<BatchOutcome> known =
                IntStream.range(0, lines.size())
                        .boxed()
                        .flatMap(line -> batches.outcome(open, line).stream());
        return Stream.concat(known, more.stream());
    }

    /// Writes the outcomes of one kind, if there are some.
    private Optional<String> write(Stream<BatchOutcome> outcomes, String kind, boolean failures) {
        Stream<String> lines =
                outcomes.filter(outcome -> outcome.failed() == failures).map(BatchOutcome::text);
        // the same name again if the server stops before the batch is told of it
        String id = "file-" + open.id() + "-" + kind;
        StoredFiles.Label label =
                new StoredFiles.Label("%s_%s.jsonl".formatted(open.id(), kind), "batch_output", 0);
        JsonNode file =
                files.put(open.caller().tenant(), id, label, new BatchOutput(lines.iterator()));
        if (file.required("bytes").longValue() > 0) {
            return Optional.of(id);
        }
        files.remove(open.caller().tenant(), id);
        return Optional.empty();
    }
}
