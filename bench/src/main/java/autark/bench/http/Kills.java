package autark.bench.http;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import tools.jackson.databind.json.JsonMapper;

/// A server that is killed at a random moment under load, again and again, on the same folder: what
/// it has said to be stored has to be there afterwards.
final class Kills {
    private static final int CLIENTS = 4;
    private static final int LIFE_MILLIS_MIN = 200;
    private static final int LIFE_MILLIS_MAX = 2_000;

    private final JsonMapper mapper = new JsonMapper();
    private final List<String> acknowledged = Collections.synchronizedList(new ArrayList<>());
    private final String model;

    private Kills(String model) {
        this.model = model;
    }

    static void run(Path root, Path data, String model, int count, long seed)
            throws IOException, InterruptedException {
        Kills kills = new Kills(model);
        Random random = new Random(seed);
        Figures starts = new Figures();
        int lost = 0;
        for (int i = 0; i <= count; i++) {
            Served served = Served.start(root, data, List.of("-m", model));
            starts.add(served.startTime().toMillis() / 1e3);
            lost += kills.missing(served);
            if (i == count) {
                served.close();
                break;
            }
            AtomicBoolean end = new AtomicBoolean();
            List<Thread> clients = new ArrayList<>();
            for (int n = 0; n < CLIENTS; n++) {
                clients.add(Thread.ofVirtual().start(() -> kills.store(served, end)));
            }
            Thread.sleep(random.nextInt(LIFE_MILLIS_MIN, LIFE_MILLIS_MAX));
            served.kill();
            end.set(true);
            for (Thread client : clients) {
                client.join();
            }
        }
        System.out.printf(
                "%d kills, %d answers acknowledged, %d lost; start to ready p50 %.2f s, most %.2f s"
                        + " (seed %d)%n",
                count,
                kills.acknowledged.size(),
                lost,
                starts.quantile(0.5),
                starts.quantile(1),
                seed);
        if (lost > 0) {
            System.exit(1);
        }
    }

    private void store(Served served, AtomicBoolean end) {
        String body =
                "{\"model\": \"%s\", \"input\": \"Say a word.\", \"max_output_tokens\": 4}"
                        .formatted(model);
        while (!end.get()) {
            try {
                Wire.Answer answer = Wire.post(served.address(), "/v1/responses", body);
                if (answer.status() == Wire.OK) {
                    acknowledged.add(mapper.readTree(answer.body()).get("id").stringValue());
                }
            } catch (IOException | RuntimeException e) {
                // the server was killed; what came in part was not acknowledged
            }
        }
    }

    /// Looks at the newest hundred and a sample of the others.
    private int missing(Served served) throws IOException {
        int missing = 0;
        List<String> all = List.copyOf(acknowledged);
        int step = Math.max(1, all.size() / 100);
        for (int i = 0; i < all.size(); i += i < all.size() - 100 ? step : 1) {
            if (Wire.get(served.address(), "/v1/responses/" + all.get(i)).status() != Wire.OK) {
                missing++;
            }
        }
        return missing;
    }
}
