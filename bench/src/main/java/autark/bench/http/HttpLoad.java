package autark.bench.http;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Clients that ask a server on this machine for `/v1/completions` as streams, each one request
/// after the other, and what they see: written tokens a second, the time to the first piece and
/// between pieces.
///
/// Arguments: URL, model, clients, requests a client, `shared` or `own` (whether the first three
/// quarters of all prompts are the same), a seed. Prints one JSON object.
public final class HttpLoad {
    private static final int PROMPT_WORDS = 28;
    private static final int SHARED_WORDS = 21;
    private static final int WRITTEN_TOKENS = 64;
    private static final String[] WORDS = {
        "the", "king", "of", "a", "small", "country", "had", "garden", "with", "wall", "and",
        "river", "under", "bridge", "where", "old", "men", "sat", "in", "sun", "talking", "about",
        "war"
    };
    private static final double NANOS = 1e9;
    private static final String DATA = "data: ";

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final JsonMapper mapper = new JsonMapper();
    private final URI uri;
    private final String model;

    private HttpLoad(String url, String model) {
        this.uri = URI.create(url + "/v1/completions");
        this.model = model;
    }

    /// What one client saw of one answer; nanoseconds.
    private record Seen(long first, List<Long> gaps, int prompt, int written) {}

    public static void main(String[] arguments) throws InterruptedException, ExecutionException {
        HttpLoad load = new HttpLoad(arguments[0], arguments[1]);
        int clients = Integer.parseInt(arguments[2]);
        int requests = Integer.parseInt(arguments[3]);
        boolean shared = arguments[4].equals("shared");
        long seed = Long.parseLong(arguments[5]);
        long begin = System.nanoTime();
        List<Seen> all = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<List<Seen>>> running = new ArrayList<>();
            for (int i = 0; i < clients; i++) {
                int number = i;
                running.add(
                        threads.submit(() -> load.ask(requests, shared, seed + number * 1000L)));
            }
            for (Future<List<Seen>> one : running) {
                all.addAll(one.get());
            }
        }
        double seconds = (System.nanoTime() - begin) / NANOS;
        System.out.println(report(clients, all, seconds));
        load.client.close();
    }

    private static ObjectNode report(int clients, List<Seen> all, double seconds) {
        ObjectNode report = JsonNodeFactory.instance.objectNode();
        long written = all.stream().mapToLong(Seen::written).sum();
        long[] first = all.stream().mapToLong(Seen::first).sorted().toArray();
        long[] gaps =
                all.stream().flatMap(one -> one.gaps().stream()).mapToLong(gap -> gap).toArray();
        Arrays.sort(gaps);
        report.put("clients", clients);
        report.put("seconds", seconds);
        report.put("promptTokens", all.stream().mapToLong(Seen::prompt).sum());
        report.put("writtenTokens", written);
        report.put("writtenPerSecond", written / seconds);
        report.put("firstP50", quantile(first, 0.5));
        report.put("firstP99", quantile(first, 0.99));
        report.put("gapP50", quantile(gaps, 0.5));
        report.put("gapP99", quantile(gaps, 0.99));
        return report;
    }

    private static double quantile(long[] sorted, double share) {
        return sorted.length == 0 ? 0 : sorted[(int) (share * (sorted.length - 1))] / NANOS;
    }

    private List<Seen> ask(int requests, boolean shared, long seed)
            throws IOException, InterruptedException {
        List<Seen> seen = new ArrayList<>();
        for (int i = 0; i < requests; i++) {
            seen.add(ask(prompt(shared, seed + i)));
        }
        return seen;
    }

    private static String prompt(boolean shared, long seed) {
        StringBuilder text = new StringBuilder();
        Random common = new Random(shared ? 0 : seed);
        Random own = new Random(seed);
        for (int i = 0; i < PROMPT_WORDS; i++) {
            Random random = i < SHARED_WORDS ? common : own;
            text.append(WORDS[random.nextInt(WORDS.length)]).append(' ');
        }
        return text.toString();
    }

    private Seen ask(String prompt) throws IOException, InterruptedException {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("model", model);
        body.put("prompt", prompt);
        body.put("max_tokens", WRITTEN_TOKENS);
        body.put("temperature", 0);
        body.put("stream", true);
        body.putObject("stream_options").put("include_usage", true);
        HttpRequest request =
                HttpRequest.newBuilder(uri)
                        .timeout(Duration.ofMinutes(5))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
                        .build();
        long begin = System.nanoTime();
        HttpResponse<Stream<String>> response =
                client.send(request, HttpResponse.BodyHandlers.ofLines());
        try (Stream<String> lines = response.body()) {
            if (response.statusCode() != 200) {
                throw new IOException(
                        "found status %d, expected 200: %s"
                                .formatted(response.statusCode(), lines.toList()));
            }
            return read(begin, lines.iterator());
        }
    }

    private Seen read(long begin, Iterator<String> lines) throws IOException {
        long first = 0;
        long last = 0;
        List<Long> gaps = new ArrayList<>();
        JsonNode usage = null;
        while (lines.hasNext()) {
            String line = lines.next();
            if (!line.startsWith(DATA) || line.equals("data: [DONE]")) {
                continue;
            }
            JsonNode event = mapper.readTree(line.substring(DATA.length()));
            if (event.hasNonNull("usage")) {
                usage = event.get("usage");
            }
            if (event.path("choices").path(0).path("text").asString("").isEmpty()) {
                continue;
            }
            long now = System.nanoTime();
            if (first == 0) {
                first = now - begin;
            } else {
                gaps.add(now - last);
            }
            last = now;
        }
        if (usage == null) {
            throw new IOException("found no usage in the stream, expected it at the end");
        }
        return new Seen(
                first,
                gaps,
                usage.path("prompt_tokens").asInt(0),
                usage.path("completion_tokens").asInt(0));
    }
}
