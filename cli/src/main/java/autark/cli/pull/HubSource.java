package autark.cli.pull;

import autark.engine.store.Incoming;
import autark.engine.store.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A file on a hub. A broken transfer goes on where it broke, as long as it gets further.
record HubSource(HubFile file, HubClient client) implements Source {
    private static final Duration STALL_LIMIT = Duration.ofSeconds(30);
    private static final int ATTEMPT_LIMIT = 20;
    private static final int FRUITLESS_LIMIT = 2;
    private static final int BUFFER_BYTES = 1 << 16;
    private static final Pattern CONTENT_RANGE =
            Pattern.compile("bytes (\\d{1,18})-\\d+/(\\d{1,18})");
    private static final Pattern LINKED_DIGEST = Pattern.compile("(?:W/)?\"?([0-9a-f]{64})\"?");

    /// What the hub says of the file before it is fetched. Large files are kept by their SHA-256,
    /// and the hub tells it in a header of its own.
    ///
    /// @param sha256 empty if the hub does not tell
    /// @param bytes the size
    record Description(Optional<Sha256> sha256, OptionalLong bytes) {
        static Description of(HttpHeaders headers) {
            Optional<Sha256> sha256 =
                    headers.firstValue("x-linked-etag")
                            .map(LINKED_DIGEST::matcher)
                            .filter(Matcher::matches)
                            .map(matcher -> new Sha256(matcher.group(1)));
            return new Description(sha256, headers.firstValueAsLong("x-linked-size"));
        }
    }

    Description describe() {
        try {
            HttpResponse<InputStream> answer =
                    client.ask("HEAD", file, 0, HubSource::tellsTheDigest);
            answer.body().close();
            Description description = Description.of(answer.headers());
            return description.bytes().isPresent()
                    ? description
                    : new Description(
                            description.sha256(),
                            answer.headers().firstValueAsLong("Content-Length"));
        } catch (IOException e) {
            throw new PullException("the connection broke: " + HubClient.reason(e), e);
        }
    }

    private static boolean tellsTheDigest(HttpResponse<InputStream> answer) {
        return Description.of(answer.headers()).sha256().isPresent();
    }

    @Override
    public void fetch(Incoming incoming, PullListener listener) {
        long furthest = incoming.bytes();
        int fruitless = 0;
        for (int attempt = 1; incoming.bytes() < incoming.expectedBytes(); attempt++) {
            try {
                fetchRest(incoming, listener);
            } catch (IOException e) {
                String broke =
                        "the transfer broke at byte %d of %d: %s"
                                .formatted(
                                        incoming.bytes(),
                                        incoming.expectedBytes(),
                                        HubClient.reason(e));
                fruitless = incoming.bytes() > furthest ? 0 : fruitless + 1;
                if (fruitless == FRUITLESS_LIMIT || attempt == ATTEMPT_LIMIT) {
                    throw new PullException(broke, e);
                }
                listener.note("  " + broke + "; going on");
                furthest = Math.max(furthest, incoming.bytes());
            }
        }
    }

    @Override
    public String toString() {
        return file.toString();
    }

    private void fetchRest(Incoming incoming, PullListener listener) throws IOException {
        HttpResponse<InputStream> answer = client.ask("GET", file, incoming.bytes(), _ -> false);
        try (TimedBody body = new TimedBody(answer.body(), STALL_LIMIT)) {
            switch (answer.statusCode()) {
                case 200 -> startOver(incoming, answer.headers());
                case 206 -> checkRange(incoming, answer.headers());
                case 416 -> {
                    incoming.restart();
                    throw new IOException("the server refuses to go on in the middle");
                }
                default -> throw new PullException("status " + answer.statusCode());
            }
            copy(body, incoming, listener);
        }
    }

    /// The server sends the whole file, also if the end of it was asked for.
    private static void startOver(Incoming incoming, HttpHeaders headers) {
        headers.firstValueAsLong("Content-Length").ifPresent(bytes -> checkSize(incoming, bytes));
        if (incoming.bytes() > 0) {
            incoming.restart();
        }
    }

    private static void checkRange(Incoming incoming, HttpHeaders headers) {
        Matcher range = CONTENT_RANGE.matcher(headers.firstValue("Content-Range").orElse(""));
        if (!range.matches() || Long.parseLong(range.group(1)) != incoming.bytes()) {
            throw new PullException("the server sends another part than it was asked for");
        }
        checkSize(incoming, Long.parseLong(range.group(2)));
    }

    private static void checkSize(Incoming incoming, long bytes) {
        if (bytes != incoming.expectedBytes()) {
            throw new PullException(
                    "the file there has %d bytes, expected %d"
                            .formatted(bytes, incoming.expectedBytes()));
        }
    }

    private static void copy(TimedBody body, Incoming incoming, PullListener listener)
            throws IOException {
        byte[] buffer = new byte[BUFFER_BYTES];
        int count;
        while ((count = body.read(buffer)) >= 0) {
            if (count > incoming.expectedBytes() - incoming.bytes()) {
                throw new PullException(
                        "more than the expected %d bytes".formatted(incoming.expectedBytes()));
            }
            incoming.write(ByteBuffer.wrap(buffer, 0, count));
            listener.progress(incoming.bytes(), incoming.expectedBytes());
        }
        if (incoming.bytes() < incoming.expectedBytes()) {
            throw new IOException("the server ended too early");
        }
    }
}
