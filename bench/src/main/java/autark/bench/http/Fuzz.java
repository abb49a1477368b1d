package autark.bench.http;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;

/// Bad requests among good ones: bodies of all dialects, cut, with values of the wrong kind and
/// size, with fields twice and fields that nobody knows. The good answers have to stay as they are,
/// and nothing that comes from outside may be an error of the server.
final class Fuzz {
    private static final int GOOD_EACH = 50;
    private static final int CLIENTS = 8;
    private static final int SERVER_ERROR = 500;
    private static final int NOT_IMPLEMENTED = 501;

    private static final Map<String, String> BODIES =
            new TreeMap<>(
                    Map.of(
                            "/v1/chat/completions",
                            """
                            {"model": "M", "messages": [{"role": "user", "content": "Hi"}],
                             "max_tokens": 2, "temperature": 0.5, "top_p": 0.9, "n": 1, "seed": 1,
                             "stop": ["x"], "logit_bias": {"5": 1}, "stream": false,
                             "response_format": {"type": "text"}}\
                            """,
                            "/v1/completions",
                            """
                            {"model": "M", "prompt": "Hi", "max_tokens": 2, "echo": false}\
                            """,
                            "/v1/responses",
                            """
                            {"model": "M", "input": "Hi", "max_output_tokens": 2, "store": false}\
                            """,
                            "/v1/messages",
                            """
                            {"model": "M", "max_tokens": 2, "system": "s",
                             "messages": [{"role": "user", "content": [{"type": "text", "text": "Hi"}]}]}\
                            """,
                            "/api/chat",
                            """
                            {"model": "M", "messages": [{"role": "user", "content": "Hi"}],
                             "options": {"num_predict": 2, "temperature": 0}, "format": "json"}\
                            """,
                            "/api/generate",
                            """
                            {"model": "M", "prompt": "Hi", "options": {"num_predict": 2}}\
                            """,
                            "/tokenize",
                            """
                            {"content": "Hi"}\
                            """));

    private static final List<String> VALUES =
            List.of(
                    "null",
                    "true",
                    "-1",
                    "0",
                    "1e308",
                    "-0.0",
                    "2147483648",
                    "9223372036854775808",
                    "1e-400",
                    "\"\"",
                    "\"\\u0000\"",
                    "\"\\ud800\"",
                    "[]",
                    "{}",
                    "[[[[]]]]",
                    "[null]",
                    "{\"a\": {\"b\": []}}",
                    "NaN",
                    "\"" + "x".repeat(5000) + "\"");

    private Fuzz() {}

    static void run(Path root, Path data, String model, int count, long seed)
            throws IOException, InterruptedException {
        try (Served served = Served.start(root, data, List.of("-m", model))) {
            String good = answer(served, model);
            AtomicInteger next = new AtomicInteger();
            AtomicInteger wrong = new AtomicInteger();
            Map<Integer, AtomicInteger> statuses = new ConcurrentSkipListMap<>();
            List<Thread> clients = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                clients.add(
                        Thread.ofVirtual()
                                .start(() -> {
                                    for (int n = next.getAndIncrement();
                                            n < count;
                                            n = next.getAndIncrement()) {
                                        one(served, model, good, seed + n, wrong, statuses);
                                    }
                                }));
            }
            for (Thread client : clients) {
                client.join();
            }
            System.out.printf(
                    "%d bad requests (seed %d), by status %s; %d good answers changed, %d MB%n",
                    count, seed, statuses, wrong.get(), served.residentBytes() >> 20);
            boolean failed =
                    statuses.keySet().stream()
                            .anyMatch(
                                    status -> status >= SERVER_ERROR && status != NOT_IMPLEMENTED);
            if (failed || wrong.get() > 0) {
                System.exit(1);
            }
        }
    }

    private static void one(
            Served served,
            String model,
            String good,
            long seed,
            AtomicInteger wrong,
            Map<Integer, AtomicInteger> statuses) {
        RandomGenerator random = new SplittableRandom(seed);
        List<String> paths = List.copyOf(BODIES.keySet());
        String path = paths.get(random.nextInt(paths.size()));
        String body =
                mutated(
                        BODIES.getOrDefault(path, "").replace("\"M\"", "\"" + model + "\""),
                        random);
        int status;
        try {
            status = Wire.post(served.address(), path, body).status();
            if (random.nextInt(GOOD_EACH) == 0 && !answer(served, model).equals(good)) {
                wrong.incrementAndGet();
            }
        } catch (IOException e) {
            status = 0; // hung up without an answer
        }
        if (status >= SERVER_ERROR && status != NOT_IMPLEMENTED) {
            System.out.println("status %d: POST %s %s".formatted(status, path, body));
        }
        statuses.computeIfAbsent(status, _ -> new AtomicInteger()).incrementAndGet();
    }

    private static String mutated(String body, RandomGenerator random) {
        String value = VALUES.get(random.nextInt(VALUES.size()));
        int at = random.nextInt(body.length());
        int colon = body.indexOf(':', at);
        return switch (random.nextInt(6)) {
            case 0 -> body.substring(0, at);
            case 1 ->
                    body.substring(0, at) + (char) random.nextInt(1, 256) + body.substring(at + 1);
            case 2 ->
                    body.replaceFirst(
                            "\\{", "{\"field%d\": %s, ".formatted(at, value.replace("\\", "\\\\")));
            case 3 -> body + body;
            default -> {
                if (colon < 0) {
                    yield body + value;
                }
                int end = colon + 1;
                while (end < body.length() && ",}]".indexOf(body.charAt(end)) < 0) {
                    end++;
                }
                yield body.substring(0, colon + 1) + value + body.substring(end);
            }
        };
    }

    private static String answer(Served served, String model) throws IOException {
        String body =
                """
                {"model": "%s", "messages": [{"role": "user", "content": "Tell me of the sea."}],
                 "max_tokens": 12, "seed": 7}\
                """
                        .formatted(model);
        String text = Wire.post(served.address(), "/v1/chat/completions", body).body();
        int begin = text.indexOf("\"content\":");
        return begin < 0 ? text : text.substring(begin, text.indexOf('}', begin));
    }
}
