package autark.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

/// What the JSON of a body may be, through the port.
class JsonLimitsTest {
    @Test
    void bodiesWithinTheLimitsPassAndOthersAreRefused() {
        int depth = JsonBody.DEPTH_MAX;
        String digits = "1".repeat(JsonBody.NUMBER_CHARS_MAX);
        String name = "n".repeat(JsonBody.NAME_CHARS_MAX);
        Map<String, Integer> cases =
                Map.ofEntries(
                        Map.entry(nested(depth), 200),
                        Map.entry(nested(depth + 1), 400),
                        Map.entry(nested(100_000), 400),
                        Map.entry("{\"a\":" + digits + "}", 200),
                        Map.entry("{\"a\":" + digits + "1}", 400),
                        Map.entry("{\"a\":1e9999999}", 200),
                        Map.entry("{\"a\":1e99999999999999999999}", 400),
                        Map.entry("{\"" + name + "\":1}", 200),
                        Map.entry("{\"" + name + "n\":1}", 400),
                        Map.entry("{\"a\":1,\"a\":2}", 400),
                        Map.entry("{\"a\":{\"b\":1,\"b\":1}}", 400),
                        Map.entry("{} {}", 400),
                        Map.entry("{}x", 400),
                        Map.entry("", 400),
                        Map.entry("[]", 400),
                        Map.entry("null", 400),
                        Map.entry("{\"a\":NaN}", 400),
                        Map.entry("{\"a\":01}", 400),
                        Map.entry("{'a':1}", 400),
                        Map.entry("{a:1}", 400),
                        Map.entry("{\"a\":1,}", 400),
                        Map.entry("{/**/}", 400),
                        Map.entry(list(JsonBody.TOKENS_MAX - 10), 200),
                        Map.entry(list(JsonBody.TOKENS_MAX), 400),
                        Map.entry("{\"a\":\"" + "x".repeat(1 << 20) + "\"}", 200),
                        Map.entry("{\"a\":\"\u00ff\"}", 400));
        Route fields =
                Doors.post(
                        "/fields",
                        exchange -> {
                            Fields read = Fields.of(exchange.body());
                            read.names();
                            read.end();
                            exchange.reply(Reply.text("text/plain", "read"));
                        });
        try (Door door = Doors.open(Limits.standard(), fields);
                RawClient client = new RawClient(door.port())) {
            cases.forEach((body, status) -> {
                RawClient.Answer answer = client.send(Doors.json("/fields", body)).receive();
                assertThat(answer.status())
                        .as(body.substring(0, Math.min(80, body.length())))
                        .isEqualTo(status);
            });
        }
    }

    private static String list(long count) {
        return "{\"a\":[" + "1,".repeat((int) count - 1) + "1]}";
    }

    private static String nested(int depth) {
        return "{\"a\":".repeat(depth - 1) + "{}" + "}".repeat(depth - 1);
    }
}
