package autark.cli.pull;

import static autark.cli.pull.HubServer.head;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import autark.engine.store.ModelName;
import autark.engine.store.ModelStore;
import autark.engine.store.Sha256;
import autark.engine.store.StoreException;
import autark.engine.store.StoredModel;
import autark.model.file.ModelFormatException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Pulls against servers that behave and servers that do not.
@Timeout(60)
final class HubPullTest {
    private static final byte[] MODEL = SampleModel.bytes(1);
    private static final Sha256 DIGEST = new Sha256(SampleModel.sha256(MODEL));
    private static final ModelName NAME = ModelName.parse("sample");
    private static final HubFile FILE = HubFile.parse("hf:owner/repo/dir/model.gguf");
    private static final Instant NOW = Instant.parse("2026-11-24T10:15:30.5Z");

    @TempDir private Path folder;
    private ModelStore store;
    private final Notes notes = new Notes(() -> {});
    private final Map<String, String> environment = new HashMap<>();

    @BeforeEach
    void openStore() {
        store = ModelStore.open(folder);
    }

    @Test
    void aFileComesIn() throws IOException {
        try (HubServer server = start(HubPullTest::behave)) {
            StoredModel model = pull();
            assertThat(model.file()).hasBinaryContent(MODEL);
            assertThat(model.origin().source()).isEqualTo("hf:owner/repo/dir/model.gguf");
            assertThat(model.origin().licence()).isEqualTo("mit");
            assertThat(model.added()).isEqualTo("2026-11-24T10:15:30Z");
            assertThat(server.requests())
                    .extracting(HubServer.Request::line)
                    .containsExactly(
                            "HEAD /owner/repo/resolve/main/dir/model.gguf HTTP/1.1",
                            "GET /owner/repo/resolve/main/dir/model.gguf HTTP/1.1");
            assertThat(server.gets().getFirst().headers())
                    .containsOnlyKeys("accept-encoding", "host", "user-agent");
        }
        assertThat(notes.lastBytes).isEqualTo(MODEL.length);
        assertThat(notes.lastTotal).isEqualTo(MODEL.length);
        assertThat(notes.lines).containsExactly("getting sample:latest from " + FILE);
    }

    /// The client may lose the last bytes before a break, so the places are not exact.
    @Test
    void aBrokenTransferGoesOnWhereItBroke() throws IOException {
        try (HubServer server = start((request, out) -> sendAtMost(100_000, request, out))) {
            assertThat(pull().file()).hasBinaryContent(MODEL);
            assertThat(server.gets())
                    .hasSizeGreaterThan(2)
                    .extracting(HubServer.Request::firstByte)
                    .isSorted();
        }
        assertThat(notes.lines).anyMatch(line -> line.endsWith("; going on"));
    }

    @Test
    void aLaterPullGoesOnWhereAnEarlierOneEnded() throws IOException {
        int end = 150_000;
        try (HubServer _ =
                start((request, out) -> sendAtMost(end - request.firstByte(), request, out))) {
            failsWith("the transfer broke at byte");
        }
        long kept = Files.size(folder.resolve("incoming/sha256-" + DIGEST + ".part"));
        assertThat(kept).isBetween(1L, (long) end);
        try (HubServer server = start(HubPullTest::behave)) {
            assertThat(pull().file()).hasBinaryContent(MODEL);
            assertThat(server.gets())
                    .extracting(HubServer.Request::firstByte)
                    .containsExactly((int) kept);
        }
    }

    @Test
    void aServerThatHangsUpIsAskedOnceMore() throws IOException {
        int[] gets = {0};
        try (HubServer server =
                start((request, out) -> {
                    if (request.method().equals("HEAD") || gets[0]++ > 0) {
                        behave(request, out);
                    }
                })) {
            assertThat(pull().file()).hasBinaryContent(MODEL);
            assertThat(server.gets()).hasSize(2);
        }
        try (HubServer _ = start((_, _) -> {})) {
            assertThatExceptionOfType(PullException.class)
                    .isThrownBy(
                            () -> puller().pull(FILE, ModelName.parse("other"), Optional.empty()))
                    .withMessageContaining("the connection broke");
        }
    }

    @Test
    void aServerWithoutRangesSendsTheWholeFileAgain() throws IOException {
        int[] attempt = {0};
        try (HubServer server =
                start((request, out) -> {
                    boolean broken = request.method().equals("GET") && attempt[0]++ == 0;
                    HubServer.Request whole = new HubServer.Request(request.line(), Map.of());
                    sendAtMost(broken ? 200_000 : MODEL.length, whole, out);
                })) {
            assertThat(pull().file()).hasBinaryContent(MODEL);
            assertThat(server.gets()).hasSize(2);
        }
    }

    @Test
    void aServerThatNeverGetsFurtherIsGivenUp() throws IOException {
        try (HubServer server =
                start((request, out) -> {
                    HubServer.Request whole = new HubServer.Request(request.line(), Map.of());
                    sendAtMost(200_000, whole, out);
                })) {
            failsWith("the transfer broke at byte");
            assertThat(server.gets()).hasSizeLessThanOrEqualTo(20);
        }
    }

    @Test
    void aRefusedRangeStartsOver() throws IOException {
        boolean[] refused = {false};
        try (HubServer server =
                start((request, out) -> {
                    if (request.firstByte() > 0) {
                        refused[0] = true;
                        head(out, "416 Range Not Satisfiable", "Content-Length: 0");
                    } else {
                        sendAtMost(refused[0] ? MODEL.length : 200_000, request, out);
                    }
                })) {
            assertThat(pull().file()).hasBinaryContent(MODEL);
            assertThat(server.gets()).hasSizeGreaterThanOrEqualTo(3);
            assertThat(server.gets().getLast().firstByte()).isZero();
        }
        assertThat(refused).containsExactly(true);
    }

    @Test
    void anotherFileIsRefusedAndForgotten() throws IOException {
        byte[] other = SampleModel.bytes(2);
        try (HubServer _ =
                start((request, out) -> {
                    byte[] content = request.method().equals("HEAD") ? MODEL : other;
                    HubServer.answerAsHub(content, request, out);
                })) {
            failsWith("expected " + DIGEST);
        }
        assertThat(store.list(damage -> assertThat(damage).isNull())).isEmpty();
        try (HubServer server = start(HubPullTest::behave)) {
            assertThat(pull().file()).hasBinaryContent(MODEL);
            assertThat(server.gets()).extracting(HubServer.Request::firstByte).containsExactly(0);
        }
    }

    @Test
    void aFileThatIsNoModelIsRefusedAndForgotten() throws IOException {
        byte[] text = "no model at all, but the right digest".getBytes(StandardCharsets.UTF_8);
        try (HubServer _ = start((request, out) -> HubServer.answerAsHub(text, request, out))) {
            assertThatExceptionOfType(ModelFormatException.class).isThrownBy(this::pull);
        }
        assertThat(folder.resolve("incoming")).isEmptyDirectory();
        assertThat(folder.resolve("blobs")).isEmptyDirectory();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"1", "262000", "9000000000000000000", "-5", "abc", "99999999999999999999"})
    void aHostileLengthIsRefused(String length) throws IOException {
        try (HubServer _ =
                start((request, out) -> {
                    if (request.method().equals("HEAD")) {
                        behave(request, out);
                    } else {
                        head(out, "200 OK", "Content-Length: " + length);
                        out.write(MODEL);
                    }
                })) {
            assertThatExceptionOfType(PullException.class).isThrownBy(this::pull);
        }
        assertThat(store.find(NAME)).isEmpty();
    }

    @Test
    void aBodyWithoutEndIsRefused() throws IOException {
        try (HubServer _ =
                start((request, out) -> {
                    if (request.method().equals("HEAD")) {
                        behave(request, out);
                        return;
                    }
                    head(out, "200 OK");
                    while (true) {
                        out.write(MODEL);
                    }
                })) {
            failsWith("more than the expected " + MODEL.length + " bytes");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "bytes 7-%2$d/%3$d, another part",
        "bytes %1$d-%2$d/5, the file there has 5 bytes",
        "bytes %1$d-%2$d/*, another part",
        "nonsense, another part",
    })
    void aPartThatWasNotAskedForIsRefused(String range, String reason) throws IOException {
        try (HubServer _ =
                start((request, out) -> {
                    int first = request.firstByte();
                    int last = MODEL.length - 1;
                    if (first == 0) {
                        sendAtMost(200_000, request, out);
                    } else {
                        head(
                                out,
                                "206 Partial Content",
                                "Content-Range: " + range.formatted(first, last, MODEL.length));
                        out.write(MODEL, first, MODEL.length - first);
                    }
                })) {
            failsWith(reason);
        }
    }

    @Test
    void theTokenStaysAtTheEndpoint() throws IOException {
        environment.put("HF_TOKEN", "secret");
        try (HubServer content = HubServer.start(HubPullTest::behave);
                HubServer hub =
                        start((_, out) ->
                                redirect(out, content.endpoint() + "/elsewhere", MODEL))) {
            assertThat(pull().file()).hasBinaryContent(MODEL);
            assertThat(hub.requests())
                    .extracting(request -> request.headers().get("authorization"))
                    .containsOnly("Bearer secret");
            assertThat(content.requests())
                    .hasSize(1)
                    .noneMatch(request -> request.headers().containsKey("authorization"));
        }
    }

    @Test
    void aRedirectKeepsThePart() throws IOException {
        try (HubServer content =
                        HubServer.start((request, out) -> sendAtMost(200_000, request, out));
                HubServer _ = start((_, out) -> redirect(out, content.endpoint() + "/x", MODEL))) {
            assertThat(pull().file()).hasBinaryContent(MODEL);
            assertThat(content.gets())
                    .hasSizeGreaterThan(1)
                    .extracting(HubServer.Request::firstByte)
                    .isSorted();
        }
    }

    @Test
    void aRenamedRepositoryIsFollowed() throws IOException {
        try (HubServer _ =
                start((request, out) -> {
                    if (request.line().contains("/owner/repo/")) {
                        head(
                                out,
                                "307 Temporary Redirect",
                                "Location: /new/repo/resolve/main/dir/model.gguf",
                                "Content-Length: 0");
                    } else {
                        behave(request, out);
                    }
                })) {
            assertThat(pull().file()).hasBinaryContent(MODEL);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "http://example.com/x, expected https",
        "file:///etc/passwd, not an address of a server",
        "https://user:pw@example.com/x, not an address of a server",
        "'', more than 5 redirects",
        "::, redirects to no address",
    })
    void aHostileRedirectIsRefused(String location, String reason) throws IOException {
        try (HubServer _ =
                start((request, out) -> {
                    if (request.method().equals("HEAD")) {
                        behave(request, out);
                    } else {
                        head(out, "302 Found", "Location: " + location, "Content-Length: 0");
                    }
                })) {
            failsWith(reason);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "401 Unauthorized, '', set HF_TOKEN",
        "403 Forbidden, '', set HF_TOKEN",
        "401 Unauthorized, token, the token of HF_TOKEN may not read",
        "404 Not Found, '', has no such file (404)",
        "429 Too Many Requests, '', try again later",
        "503 Service Unavailable, '', answers with status 503",
    })
    void aRefusalSaysWhatToDo(String status, String token, String reason) throws IOException {
        environment.put("HF_TOKEN", token);
        try (HubServer _ = start((_, out) -> head(out, status, "Content-Length: 0"))) {
            failsWith(reason);
        }
    }

    @Test
    void withoutADigestNothingIsFetched() throws IOException {
        HubServer.Handler silent =
                (request, out) -> {
                    head(out, "200 OK", "Content-Length: " + MODEL.length, "ETag: \"abc\"");
                    if (request.method().equals("GET")) {
                        out.write(MODEL);
                    }
                };
        try (HubServer server = start(silent)) {
            failsWith("name the one you trust: --sha256");
            assertThat(server.gets()).isEmpty();
            assertThat(puller().pull(FILE, NAME, Optional.of(DIGEST)).file())
                    .hasBinaryContent(MODEL);
        }
    }

    @Test
    void offlineMeansNoRequest() throws IOException {
        environment.put("HF_HUB_OFFLINE", "1");
        try (HubServer server = start(HubPullTest::behave)) {
            failsWith("HF_HUB_OFFLINE is set");
            assertThat(server.requests()).isEmpty();
        }
    }

    @Test
    void anUnreachableHubIsToldAtOnce() throws IOException {
        start(HubPullTest::behave).close();
        failsWith("cannot reach 127.0.0.1: connection refused");
        environment.put("HF_ENDPOINT", "https://no-such-host.invalid");
        failsWith("cannot reach no-such-host.invalid: unknown host");
    }

    @Test
    void aTakenNameIsToldBeforeAnythingIsFetched() throws IOException {
        byte[] other = SampleModel.bytes(2);
        try (HubServer _ = start((request, out) -> HubServer.answerAsHub(other, request, out))) {
            pull();
        }
        try (HubServer server = start(HubPullTest::behave)) {
            assertThatExceptionOfType(StoreException.class)
                    .isThrownBy(this::pull)
                    .withMessageContaining("the name sample:latest means another file");
            assertThat(server.gets()).isEmpty();
        }
    }

    @Test
    void twoPullsAtOnceFetchOnce() throws Exception {
        CountDownLatch firstIsFetching = new CountDownLatch(1);
        CountDownLatch secondWaits = new CountDownLatch(1);
        try (HubServer server =
                start((request, out) -> {
                    if (request.method().equals("GET")) {
                        firstIsFetching.countDown();
                        await(secondWaits);
                    }
                    behave(request, out);
                })) {
            CompletableFuture<StoredModel> first = CompletableFuture.supplyAsync(this::pull);
            await(firstIsFetching);
            Notes secondNotes = new Notes(secondWaits::countDown);
            StoredModel second =
                    new Puller(store, environment, clock(), secondNotes)
                            .pull(FILE, NAME, Optional.empty());
            assertThat(first.get(30, TimeUnit.SECONDS)).isEqualTo(second);
            assertThat(secondNotes.lines)
                    .containsExactly("another process is fetching this file; waiting");
            assertThat(server.gets()).hasSize(1);
        }
    }

    @Test
    void aProxyIsAskedUnlessTheHostIsAnException() throws IOException {
        try (HubServer proxy = HubServer.start(HubPullTest::behave)) {
            environment.put("HTTP_PROXY", proxy.endpoint());
            environment.put("HF_ENDPOINT", "http://localhost:9");
            assertThat(pull().file()).hasBinaryContent(MODEL);
            assertThat(proxy.requests().getFirst().line())
                    .startsWith("HEAD http://localhost:9/owner/repo/");
            environment.put("NO_PROXY", "localhost");
            failsWith("cannot reach localhost");
        }
    }

    @Test
    void theProxyGetsItsPassword() throws IOException {
        try (HubServer proxy =
                HubServer.start((request, out) -> {
                    boolean known = request.headers().containsKey("proxy-authorization");
                    head(
                            out,
                            known ? "502 Bad Gateway" : "407 Proxy Authentication Required",
                            "Proxy-Authenticate: Basic realm=\"x\"",
                            "Content-Length: 0");
                })) {
            environment.put(
                    "HTTPS_PROXY", proxy.endpoint().replace("http://", "http://me:p%40ss@"));
            environment.put("HF_ENDPOINT", "https://hub.example");
            assertThatExceptionOfType(PullException.class).isThrownBy(this::pull);
            assertThat(proxy.requests())
                    .extracting(HubServer.Request::line)
                    .containsOnly("CONNECT hub.example:443 HTTP/1.1");
            assertThat(proxy.requests().getLast().headers())
                    .containsEntry("proxy-authorization", "Basic bWU6cEBzcw==");
        }
    }

    @Test
    void aFileOfThisMachineIsCopied() throws IOException {
        Path original = Files.write(folder.resolve("model.gguf"), MODEL);
        StoredModel model = puller().pull(original, NAME, Optional.empty());
        Files.write(original, new byte[10]);
        assertThat(model.file()).hasBinaryContent(MODEL);
        assertThat(model.origin().source()).isEqualTo("file:" + original);
        assertThat(model.origin().licence()).isEqualTo("mit");
    }

    @Test
    void aFileOfThisMachineHasToBeTheExpectedOne() throws IOException {
        Path original = Files.write(folder.resolve("model.gguf"), SampleModel.bytes(2));
        assertThatExceptionOfType(PullException.class)
                .isThrownBy(() -> puller().pull(original, NAME, Optional.of(DIGEST)))
                .withMessageContaining("expected " + DIGEST);
        assertThat(store.find(NAME)).isEmpty();
    }

    private HubServer start(HubServer.Handler handler) throws IOException {
        HubServer server = HubServer.start(handler);
        environment.put("HF_ENDPOINT", server.endpoint());
        return server;
    }

    private static void behave(HubServer.Request request, OutputStream out) throws IOException {
        HubServer.answerAsHub(MODEL, request, out);
    }

    /// Announces the whole rest and ends after some bytes of it.
    private static void sendAtMost(int count, HubServer.Request request, OutputStream out)
            throws IOException {
        if (request.method().equals("HEAD")) {
            behave(request, out);
            return;
        }
        int first = request.firstByte();
        int rest = MODEL.length - first;
        head(
                out,
                first == 0 ? "200 OK" : "206 Partial Content",
                "Content-Length: " + rest,
                "Content-Range: bytes %d-%d/%d".formatted(first, MODEL.length - 1, MODEL.length));
        out.write(Arrays.copyOfRange(MODEL, first, first + Math.min(rest, count)));
    }

    /// As the hub does for large files: the digest here, the content elsewhere.
    private static void redirect(OutputStream out, String location, byte[] content)
            throws IOException {
        head(
                out,
                "302 Found",
                "Location: " + location,
                "X-Linked-Etag: \"" + SampleModel.sha256(content) + "\"",
                "X-Linked-Size: " + content.length,
                "Content-Length: 0");
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private StoredModel pull() {
        return puller().pull(FILE, NAME, Optional.empty());
    }

    private Puller puller() {
        return new Puller(store, environment, clock(), notes);
    }

    private static Clock clock() {
        return Clock.fixed(NOW, ZoneOffset.UTC);
    }

    private void failsWith(String reason) {
        assertThatExceptionOfType(PullException.class)
                .isThrownBy(this::pull)
                .withMessageContaining(reason);
    }
}
