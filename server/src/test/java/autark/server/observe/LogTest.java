package autark.server.observe;

import static org.assertj.core.api.Assertions.assertThat;

import autark.engine.FinishReason;
import autark.server.http.Witness;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class LogTest {
    private final List<String> lines = new ArrayList<>();

    private Log log(Log.Form form, Log.Level least) {
        Clock clock = Clock.fixed(Instant.parse("2026-01-02T03:04:05.678901Z"), ZoneOffset.UTC);
        return new Log(form, least, clock, lines::add);
    }

    private static Witness.Visit visit(String id, int status) {
        return new Witness.Visit(
                id, "local", "POST", "/v1/chat/completions", status, Duration.ofMillis(12_345));
    }

    @Test
    void aRequestHasALine() {
        RequestLog requests = new RequestLog(log(Log.Form.TEXT, Log.Level.INFO));
        requests.came("req-1");
        requests.ended(Receipts.of("req-1", "m", FinishReason.STOP));
        requests.left(visit("req-1", 200));
        assertThat(lines)
                .containsExactly(
                        "2026-01-02T03:04:05.678Z info request id=req-1 key=local method=POST"
                                + " route=/v1/chat/completions status=200 model=m prompt_tokens=10"
                                + " cached_tokens=4 written_tokens=5 first_token_ms=3000"
                                + " compute_ms=3000 ms=12345");
    }

    @Test
    void aRequestWithoutAnAnswerHasAShorterLineAndAProbeNone() {
        RequestLog requests = new RequestLog(log(Log.Form.TEXT, Log.Level.INFO));
        requests.came("req-1");
        requests.left(visit("req-1", 404));
        requests.came("req-2");
        requests.left(new Witness.Visit("req-2", "", "GET", "/readyz", 200, Duration.ofMillis(1)));
        assertThat(lines).hasSize(1);
        assertThat(lines.getFirst()).endsWith("status=404 ms=12345");
    }

    @Test
    void anAnswerThatNobodyWaitsForHasALineOfItsOwn() {
        RequestLog requests = new RequestLog(log(Log.Form.JSON, Log.Level.INFO));
        requests.ended(Receipts.of("batch-1", "m", FinishReason.STOP));
        JsonNode line = JsonMapper.shared().readTree(lines.getFirst());
        assertThat(line.get("event").stringValue()).isEqualTo("answer");
        assertThat(line.get("id").stringValue()).isEqualTo("batch-1");
        assertThat(line.get("written_tokens").intValue()).isEqualTo(5);
        assertThat(line.get("ms").intValue()).isEqualTo(12_000);
    }

    @Test
    void aLineIsOneLineWhateverIsInIt() {
        Map<String, Object> hostile = new LinkedHashMap<>();
        hostile.put("a", "x\n2026 info forged=1");
        hostile.put("b", "");
        hostile.put("c", "say \"hi\"");
        hostile.put("d", "\u2028\u001b[31m");
        log(Log.Form.TEXT, Log.Level.INFO).write(Log.Level.INFO, "e\nf", hostile);
        log(Log.Form.JSON, Log.Level.INFO).write(Log.Level.INFO, "e\nf", hostile);
        assertThat(lines).noneMatch(line -> line.contains("\n") || line.contains("\u001b"));
        assertThat(lines.getFirst())
                .startsWith(
                        "2026-01-02T03:04:05.678Z info e\\nf a=\"x\\n2026 info forged=1\" b=\"\""
                                + " c=\"say \\\"hi\\\"\" d=\"");
        assertThat(JsonMapper.shared().readTree(lines.getLast()).get("a").stringValue())
                .isEqualTo("x\n2026 info forged=1");
    }

    @Test
    void whatIsNotGraveEnoughHasNoLine() {
        Log log = log(Log.Form.TEXT, Log.Level.WARNING);
        log.write(Log.Level.INFO, "x", Map.of());
        log.write(Log.Level.WARNING, "y", Map.of());
        assertThat(lines).containsExactly("2026-01-02T03:04:05.678Z warning y");
    }

    /// The message of an exception may quote a client.
    @Test
    void whatTheProgramTellsComesHereWithoutMessagesOfExceptions() {
        Logger root = Logger.getLogger("");
        Handler[] before = root.getHandlers();
        Level level = root.getLevel();
        try {
            log(Log.Form.TEXT, Log.Level.INFO).takeOver();
            System.Logger logger = System.getLogger("autark.test");
            logger.log(System.Logger.Level.INFO, "loaded {0}", "m");
            logger.log(
                    System.Logger.Level.ERROR,
                    "request req-1 failed",
                    new IllegalStateException("my secret prompt"));
            logger.log(System.Logger.Level.DEBUG, "not now");
        } finally {
            Arrays.stream(root.getHandlers()).forEach(root::removeHandler);
            Arrays.stream(before).forEach(root::addHandler);
            root.setLevel(level);
        }
        assertThat(lines).hasSize(2);
        assertThat(lines.getFirst()).endsWith(" info loaded m");
        assertThat(lines.getLast())
                .contains(
                        " error request req-1 failed error=java.lang.IllegalStateException at=",
                        "LogTest.whatTheProgramTells")
                .doesNotContain("secret");
    }
}
