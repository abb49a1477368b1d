package autark.server.http;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// Reads the head of a request as strictly as RFC 9112 lets a server be.
///
/// Where one reader of a request is lenient and another one, a proxy in front, is lenient in
/// another way, they disagree on where a body ends, and what the one takes for a body the other
/// takes for a request (request smuggling). So there is one reader of heads in this server, and it
/// forgives nothing: lines end in CR LF, no line continues another one, a name is followed by its
/// colon at once, there is one `Host`, and the length of the body is said once and in one way. What
/// is refused ends the connection.
final class HeadReader {
    static final int HEAD_BYTES_MAX = 64 << 10;
    static final int LINE_BYTES_MAX = 8 << 10;
    static final int HEADERS_MAX = 100;

    private static final int METHOD_CHARS_MAX = 16;
    private static final String NAME_MARKS = "!#$%&'*+-.^_`|~";
    private static final String VERSION = "HTTP/1.1";
    private static final Pattern OTHER_VERSION = Pattern.compile("HTTP/\\d\\.\\d");
    private static final Pattern HOST =
            Pattern.compile("([a-z0-9._-]{1,253}|\\[[0-9a-f:.]{2,45}])(:\\d{1,5})?");
    private static final Pattern LENGTH = Pattern.compile("0|[1-9]\\d{0,17}");
    private static final Pattern SCHEME = Pattern.compile("https?://", Pattern.CASE_INSENSITIVE);

    private final Wire wire;
    private final long deadlineNanos;
    private int byteCount;

    private HeadReader(Wire wire, long deadlineNanos) {
        this.wire = wire;
        this.deadlineNanos = deadlineNanos;
    }

    /// Reads up to the empty line.
    ///
    /// @param deadlineNanos until the head has to be complete
    /// @throws RefusedException if it is not HTTP/1.1 as it is spoken here
    /// @throws ClientGoneException if the client ends in the middle
    /// @throws Wire.StallException at the deadline
    static RequestHead read(Wire wire, long deadlineNanos) {
        return new HeadReader(wire, deadlineNanos).head();
    }

    private RequestHead head() {
        String[] words = line(LINE_BYTES_MAX, 414, "request line").split(" ", -1);
        if (words.length != 3) {
            throw RefusedException.bad(
                    "request line: expected a method, a target and HTTP/1.1, one space between them");
        }
        checkVersion(words[2]);
        if (words[0].length() > METHOD_CHARS_MAX || !isToken(words[0])) {
            throw RefusedException.bad("request line: expected a method as GET or POST");
        }
        try {
            return head(words[0], words[1]);
        } catch (RefusedException e) {
            throw e.withTarget(words[1]);
        }
    }

    private RequestHead head(String method, String target) {
        Headers headers = headers();
        String host = host(headers);
        return new RequestHead(
                method,
                Target.parse(path(target, host)),
                host,
                headers,
                framing(headers),
                headers.tokens("connection").anyMatch("close"::equals),
                expectsContinue(headers));
    }

    private static void checkVersion(String version) {
        if (version.equals(VERSION)) {
            return;
        }
        if (OTHER_VERSION.matcher(version).matches()) {
            throw new RefusedException(505, "found %s, expected HTTP/1.1".formatted(version));
        }
        throw RefusedException.bad("request line: expected HTTP/1.1 at its end");
    }

    private Headers headers() {
        Map<String, List<String>> values = new LinkedHashMap<>();
        int count = 0;
        for (String line = headerLine(); !line.isEmpty(); line = headerLine()) {
            if (++count > HEADERS_MAX) {
                throw new RefusedException(
                        431, "header: expected at most %d fields".formatted(HEADERS_MAX));
            }
            int colon = line.indexOf(':');
            if (colon < 1 || !isToken(line.substring(0, colon))) {
                // also a line that continues the one before, and a space before the colon
                throw RefusedException.bad(
                        "header: expected a name and a colon at once behind it in each line");
            }
            String name = line.substring(0, colon).toLowerCase(Locale.ROOT);
            values.computeIfAbsent(name, _ -> new ArrayList<>())
                    .add(line.substring(colon + 1).strip());
        }
        return new Headers(values);
    }

    private String headerLine() {
        return line(HEAD_BYTES_MAX, 431, "header");
    }

    /// A line without its end.
    private String line(int bytesMax, int status, String place) {
        byte[] line = new byte[128];
        int count = 0;
        for (int next = next(); next != '\r'; next = next()) {
            if ((next < 0x20 && next != '\t') || next == 0x7f) {
                throw RefusedException.bad(
                        place + ": found a control character or a line feed without a return");
            }
            if (count == bytesMax) {
                throw new RefusedException(
                        status, "%s: expected at most %d bytes".formatted(place, bytesMax));
            }
            if (count == line.length) {
                line = Arrays.copyOf(line, 2 * count);
            }
            line[count++] = (byte) next;
        }
        if (next() != '\n') {
            throw RefusedException.bad(place + ": found a return without a line feed behind it");
        }
        return new String(line, 0, count, StandardCharsets.ISO_8859_1);
    }

    private int next() {
        if (++byteCount > HEAD_BYTES_MAX) {
            throw new RefusedException(
                    431, "head: expected at most %d bytes".formatted(HEAD_BYTES_MAX));
        }
        int next = wire.read(deadlineNanos);
        if (next < 0) {
            throw new ClientGoneException("in the head of a request");
        }
        return next;
    }

    private static boolean isToken(String text) {
        return !text.isEmpty()
                && text.chars()
                        .allMatch(c ->
                                (c >= 'a' && c <= 'z')
                                        || (c >= 'A' && c <= 'Z')
                                        || (c >= '0' && c <= '9')
                                        || NAME_MARKS.indexOf(c) >= 0);
    }

    private static String host(Headers headers) {
        String host =
                headers.only("host")
                        .orElseThrow(() -> RefusedException.bad("found no Host, expected one"))
                        .toLowerCase(Locale.ROOT);
        if (!HOST.matcher(host).matches()) {
            throw RefusedException.bad("Host: expected a name or an address, and perhaps a port");
        }
        return host;
    }

    /// The path of a target, which may name the host as well (absolute form).
    private static String path(String target, String host) {
        var scheme = SCHEME.matcher(target);
        if (!scheme.lookingAt()) {
            return target;
        }
        int slash = target.indexOf('/', scheme.end());
        int end = slash < 0 ? target.length() : slash;
        if (!target.substring(scheme.end(), end).toLowerCase(Locale.ROOT).equals(host)) {
            throw RefusedException.bad("target: found another host than in Host");
        }
        return slash < 0 ? "/" : target.substring(slash);
    }

    private static Framing framing(Headers headers) {
        Optional<String> length = headers.only("content-length");
        Optional<String> coding = headers.only("transfer-encoding");
        if (coding.isPresent()) {
            if (length.isPresent()) {
                throw RefusedException.bad(
                        "found Content-Length and Transfer-Encoding, expected one of them");
            }
            if (!coding.get().equals("chunked")) {
                throw RefusedException.bad("Transfer-Encoding: expected chunked alone");
            }
            return new Framing.Chunked();
        }
        if (length.isEmpty()) {
            return new Framing.None();
        }
        if (!LENGTH.matcher(length.get()).matches()) {
            throw RefusedException.bad("Content-Length: expected a plain decimal number");
        }
        long bytes = Long.parseLong(length.get());
        return bytes == 0 ? new Framing.None() : new Framing.Length(bytes);
    }

    private static boolean expectsContinue(Headers headers) {
        Optional<String> expected = headers.only("expect");
        if (expected.isPresent() && !expected.get().equalsIgnoreCase("100-continue")) {
            throw new RefusedException(417, "Expect: expected 100-continue, if anything");
        }
        return expected.isPresent();
    }
}
