package autark.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// What request smuggling is made of, sent byte by byte. Behind each case stands a whole request
/// that must never be answered: where the server sees it, it took a part of the first for the end.
class StrictHttpTest {
    private static final String SECOND = "GET /second HTTP/1.1\r\nHost: localhost\r\n\r\n";
    private static final int CASES_MIN = 200;

    private final AtomicInteger first = new AtomicInteger();
    private final AtomicInteger second = new AtomicInteger();

    /// @param bytes without the request behind
    /// @param status that refuses it
    private record Case(String name, String bytes, int status) {
        static Case bad(String name, String bytes) {
            return new Case(name, bytes, 400);
        }
    }

    @Test
    void eachIsRefusedAndEndsTheConnection() {
        List<Case> cases = cases();
        assertThat(cases).hasSizeGreaterThanOrEqualTo(CASES_MIN);
        List<String> wrong = new ArrayList<>();
        try (Door door = open()) {
            for (Case one : cases) {
                try (RawClient client = new RawClient(door.port())) {
                    client.send(one.bytes() + SECOND);
                    RawClient.Answer answer = client.receive();
                    if (answer.status() != one.status()
                            || !answer.header("connection").equals("close")
                            || client.next().isPresent()) {
                        wrong.add("%s: %s".formatted(one.name(), answer));
                    }
                }
            }
            try (RawClient client = new RawClient(door.port())) {
                assertThat(client.send(SECOND).receive().status()).isEqualTo(200);
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(first).hasValue(0);
        assertThat(second).hasValue(1);
    }

    private Door open() {
        return Doors.open(
                Limits.standard(),
                Doors.post(
                        "/first",
                        exchange -> {
                            exchange.body();
                            first.incrementAndGet();
                            exchange.reply(Reply.text("text/plain", "first"));
                        }),
                Doors.get(
                        "/second",
                        exchange -> {
                            second.incrementAndGet();
                            exchange.reply(Reply.text("text/plain", "second"));
                        }));
    }

    @Test
    void whatIsRightIsServedAndTheConnectionGoesOn() {
        List<String> right =
                List.of(
                        post("Content-Length: 2", "{}"),
                        post("Content-Length:2", "{}"),
                        post("content-length: \t 2 \t", "{}"),
                        post("Transfer-Encoding: chunked", "2\r\n{}\r\n0\r\n\r\n"),
                        post("Transfer-Encoding: chunked", "00000002\r\n{}\r\n000\r\n\r\n"),
                        post("Transfer-Encoding: chunked", "1\r\n{\r\n1\r\n}\r\n0\r\n\r\n"),
                        post("Content-Length: 0", ""),
                        post("X-Empty:", ""),
                        post("X-Text: caf\u00e9 \t ok", ""),
                        post("Connection: keep-alive, Upgrade, HTTP2-Settings\r\nUpgrade: h2c", ""),
                        post("X-Long: " + "x".repeat(60_000), ""),
                        head("POST http://localhost/first HTTP/1.1", "X-Y: z"),
                        head("POST HTTP://LOCALHOST/first HTTP/1.1", "X-Y: z"));
        try (Door door = open();
                RawClient client = new RawClient(door.port())) {
            for (String request : right) {
                RawClient.Answer answer = client.send(request + SECOND).receive();
                assertThat(answer.status()).as(request).isEqualTo(200);
                assertThat(client.receive().body()).isEqualTo("second");
            }
        }
        assertThat(first).hasValue(right.size());
    }

    @Test
    void anExpectedContinueIsSentOnceTheBodyIsRead() {
        try (Door door = open();
                RawClient client = new RawClient(door.port())) {
            client.send(post("Expect: 100-continue\r\nContent-Length: 2", ""));
            assertThat(client.receive().status()).isEqualTo(100);
            assertThat(client.send("{}").receive().body()).isEqualTo("first");
            // one that is refused is not asked for its body, which then may come or not
            client.send(
                    Doors.request("POST", "/none", "Expect: 100-continue", "Content-Length: 2"));
            RawClient.Answer answer = client.receive();
            assertThat(answer.status()).isEqualTo(404);
            assertThat(answer.header("connection")).isEqualTo("close");
        }
    }

    @Test
    void aSmallBodyOfARefusedRequestIsSkippedAndALargeOneEndsTheConnection() {
        try (Door door = open();
                RawClient client = new RawClient(door.port())) {
            client.send(Doors.json("/none", "{}") + SECOND);
            assertThat(client.receive().status()).isEqualTo(404);
            assertThat(client.receive().status()).isEqualTo(200);
            client.send(Doors.json("/none", "x".repeat(70_000)) + SECOND);
            assertThat(client.receive().status()).isEqualTo(404);
            assertThat(client.next()).isEqualTo(Optional.empty());
        }
    }

    private static String post(String header, String body) {
        return head("POST /first HTTP/1.1", header) + body;
    }

    private static String head(String line, String header) {
        return line
                + "\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                + header
                + "\r\n\r\n";
    }

    private static List<Case> cases() {
        List<Case> cases = new ArrayList<>();
        lengths(cases);
        codings(cases);
        chunks(cases);
        chunkEnds(cases);
        lines(cases);
        names(cases);
        requestLines(cases);
        hosts(cases);
        sizes(cases);
        return cases;
    }

    private static void lengths(List<Case> cases) {
        for (String length :
                List.of(
                        "+2",
                        "-2",
                        "0x2",
                        "2 ,2",
                        "2,2",
                        "2, 3",
                        "02",
                        "00",
                        "2.0",
                        "2e0",
                        "two",
                        "",
                        "\"2\"",
                        "2;",
                        "2 2",
                        "\u00b2",
                        "99999999999999999999",
                        "2_0")) {
            cases.add(Case.bad("length " + length, post("Content-Length: " + length, "{}")));
        }
        for (String both :
                List.of(
                        "Content-Length: 2\r\nContent-Length: 2",
                        "Content-Length: 2\r\nContent-Length: 3",
                        "Content-Length: 2\r\ncontent-length: 2",
                        "Content-Length: 2\r\nX-Y: z\r\nCONTENT-LENGTH: 0",
                        "Content-Length: 0\r\nContent-Length: 2")) {
            cases.add(Case.bad("lengths " + both, post(both, "{}")));
        }
    }

    private static void codings(List<Case> cases) {
        String body = "2\r\n{}\r\n0\r\n\r\n";
        for (String coding :
                List.of(
                        "identity",
                        "gzip",
                        "chunked, chunked",
                        "gzip, chunked",
                        "chunked, gzip",
                        "chunked, identity",
                        "identity, chunked",
                        "xchunked",
                        "chunkedx",
                        "chunked;q=1",
                        "\"chunked\"",
                        "'chunked'",
                        "chunked,",
                        ",chunked",
                        ", chunked",
                        "Chunked",
                        "CHUNKED",
                        "chu nked",
                        "chunked chunked",
                        "",
                        "x",
                        "chunked\u00a0",
                        "trailers",
                        "chunked\u0085")) {
            cases.add(Case.bad("coding " + coding, post("Transfer-Encoding: " + coding, body)));
            cases.add(
                    Case.bad(
                            "length and coding " + coding,
                            post("Content-Length: 12\r\nTransfer-Encoding: " + coding, body)));
        }
        for (String both :
                List.of(
                        "Content-Length: 12\r\nTransfer-Encoding: chunked",
                        "Transfer-Encoding: chunked\r\nContent-Length: 12",
                        "Transfer-Encoding: chunked\r\nContent-Length: 0",
                        "transfer-encoding: chunked\r\nContent-Length: 3",
                        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
                        "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
                        "Transfer-Encoding: identity\r\nTransfer-Encoding: chunked",
                        "Transfer-Encoding : chunked",
                        " Transfer-Encoding: chunked",
                        "\tTransfer-Encoding: chunked",
                        "X-Y: z\r\n Transfer-Encoding: chunked",
                        "X-Y: z\r\n\tContent-Length: 12",
                        "Transfer-Encoding\r\n: chunked",
                        "Transfer-Encoding:\r\n chunked",
                        "Transfer-Encoding:\n chunked",
                        "X-Y: z\nTransfer-Encoding: chunked",
                        "X-Y: z\rTransfer-Encoding: chunked",
                        "Transfer-Encoding:\u000bchunked",
                        "Transfer-Encoding: \fchunked",
                        "Transfer-Encoding: chunked\0",
                        "Transfer\0-Encoding: chunked",
                        "Transfer-Encoding\0: chunked",
                        "Content-Length : 12",
                        "Content-Length\t: 12",
                        " Content-Length: 12",
                        "Content-Length:\r\n 12")) {
            cases.add(Case.bad("framing " + both, post(both, body)));
        }
    }

    private static void chunks(List<Case> cases) {
        for (String size :
                List.of(
                        "2;",
                        "2;a",
                        "2;a=b",
                        "2;a=\"b\"",
                        "2; a=b",
                        "2 ;a=b",
                        "2 ",
                        " 2",
                        "\t2",
                        "2\t",
                        "0x2",
                        "0X2",
                        "+2",
                        "-2",
                        "2h",
                        "g",
                        "",
                        "000000002",
                        "fffffffff",
                        "2,2",
                        "2_",
                        "2;\0",
                        "2\0",
                        "2;a=\"\r\n\"",
                        "\u00b2",
                        "2;\n",
                        "2;a\n")) {
            cases.add(chunked("size " + size, size + "\r\n{}\r\n0\r\n\r\n"));
            cases.add(
                    chunked(
                            "last size " + size,
                            "2\r\n{}\r\n" + size.replace('2', '0') + "\r\n\r\n"));
        }
    }

    private static void chunkEnds(List<Case> cases) {
        for (String body :
                List.of(
                        "2\n{}\r\n0\r\n\r\n",
                        "2\r{}\r\n0\r\n\r\n",
                        "2\r\n{}\n0\r\n\r\n",
                        "2\r\n{}\r0\r\n\r\n",
                        "2\r\n{}0\r\n\r\n",
                        "2\r\n{}x\r\n0\r\n\r\n",
                        "2\r\n{}\r\n0\n\r\n",
                        "2\r\n{}\r\n0\r\n\n",
                        "2\r\n{}\r\n0\r\r\n",
                        "2\r\n{}\r\n0\r\nX-Y: z\r\n\r\n",
                        "2\r\n{}\r\n0\r\nContent-Length: 5\r\n\r\n",
                        "2\r\n{}\r\n0\r\n X\r\n\r\n",
                        "2\r\n{}\r\n\r\n0\r\n\r\n",
                        "1\r\n{}\r\n0\r\n\r\n",
                        "3\r\n{}\r\n0\r\n\r\n",
                        "2\r\n{}\r\n;\r\n\r\n",
                        "\r\n2\r\n{}\r\n0\r\n\r\n",
                        "2\r\r\n{}\r\n0\r\n\r\n",
                        "\n",
                        "\r",
                        "{}\r\n")) {
            cases.add(chunked("body " + body, body));
        }
        cases.add(
                new Case(
                        "too large a chunk",
                        post("Transfer-Encoding: chunked", "7fffffff\r\n"),
                        413));
        cases.add(
                new Case(
                        "a chunk of 2^32 - 1",
                        post("Transfer-Encoding: chunked", "ffffffff\r\n"),
                        413));
    }

    private static Case chunked(String name, String body) {
        return Case.bad("chunk: " + name, post("Transfer-Encoding: chunked", body));
    }

    private static void lines(List<Case> cases) {
        String right = post("X-Y: z", "");
        for (int end = right.indexOf("\r\n"); end >= 0; end = right.indexOf("\r\n", end + 2)) {
            String before = right.substring(0, end);
            String behind = right.substring(end + 2);
            cases.add(Case.bad("bare line feed at " + end, before + "\n" + behind));
            cases.add(Case.bad("bare return at " + end, before + "\r" + behind));
            cases.add(Case.bad("two returns at " + end, before + "\r\r\n" + behind));
            cases.add(Case.bad("turned around at " + end, before + "\n\r" + behind));
        }
        for (int control = 0; control < 0x20; control++) {
            if (control != '\t') {
                char c = (char) control;
                cases.add(Case.bad("value with control " + control, post("X-Y: a" + c + "b", "")));
            }
        }
        cases.add(Case.bad("value with delete", post("X-Y: a\u007fb", "")));
        cases.add(Case.bad("folded", post("X-Y: a\r\n b", "")));
        cases.add(Case.bad("folded by a tab", post("X-Y: a\r\n\tb", "")));
        cases.add(Case.bad("folded empty", post("X-Y: a\r\n \r\n", "")));
        cases.add(Case.bad("empty line first", "\r\n" + right));
        cases.add(Case.bad("line feed first", "\n" + right));
    }

    private static void names(List<Case> cases) {
        for (char c : " \t()<>@,;\\\"/[]?={}\u007f\u0080\u00e9\u00ff\0".toCharArray()) {
            cases.add(Case.bad("name with " + (int) c, post("X" + c + "Y: z", "")));
            cases.add(Case.bad("name that ends in " + (int) c, post("X" + c + ": z", "")));
        }
        cases.add(Case.bad("no name", post(": z", "")));
        cases.add(Case.bad("no colon", post("X-Y", "")));
        cases.add(Case.bad("space before the colon", post("X-Y : z", "")));
    }

    private static void requestLines(List<Case> cases) {
        for (String line :
                List.of(
                        "POST /first",
                        "POST",
                        "/first",
                        "POST /first HTTP/1.1 ",
                        " POST /first HTTP/1.1",
                        "POST  /first HTTP/1.1",
                        "POST /first  HTTP/1.1",
                        "POST\t/first HTTP/1.1",
                        "POST /first\tHTTP/1.1",
                        "POST /fir st HTTP/1.1",
                        "POST /first http/1.1",
                        "POST /first HTTP/1",
                        "POST /first HTTP/1.",
                        "POST /first HTTP/1.10",
                        "POST /first HTTP/01.1",
                        "POST /first HTTP /1.1",
                        "POST /first HTTP/1.1x",
                        "POST /first XHTTP/1.1",
                        "POST /first",
                        "GET /first\r\n",
                        "P(ST /first HTTP/1.1",
                        "P:ST /first HTTP/1.1",
                        "P\0ST /first HTTP/1.1",
                        "P\u00f6ST /first HTTP/1.1",
                        "POSTPOSTPOSTPOSTPOST /first HTTP/1.1",
                        "POST first HTTP/1.1",
                        "POST ?first HTTP/1.1",
                        "POST * HTTP/1.1",
                        "OPTIONS * HTTP/1.1",
                        "CONNECT localhost:80 HTTP/1.1",
                        "POST //first HTTP/1.1",
                        "POST /first# HTTP/1.1",
                        "POST /f\u00efrst HTTP/1.1",
                        "POST /first\\ HTTP/1.1",
                        "POST http://elsewhere/first HTTP/1.1",
                        "POST http:///first HTTP/1.1",
                        "POST http://localhost:81/first HTTP/1.1",
                        "POST http://a@localhost/first HTTP/1.1",
                        "POST https://localhost.evil/first HTTP/1.1",
                        "POST ftp://localhost/first HTTP/1.1",
                        "POST http:/localhost/first HTTP/1.1",
                        "POST localhost/first HTTP/1.1")) {
            cases.add(Case.bad("request line " + line, head(line, "X-Y: z")));
        }
        for (String version : List.of("0.9", "1.0", "1.2", "2.0", "3.0")) {
            cases.add(
                    new Case(
                            "version " + version,
                            head("POST /first HTTP/" + version, "X-Y: z"),
                            505));
        }
        cases.add(new Case("HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505));
        cases.add(
                Case.bad(
                        "hello of TLS",
                        "\u0016\u0003\u0001\u0002\0\u0001\0\u0001\u00fc\u0003\u0003"));
    }

    private static void hosts(List<Case> cases) {
        String line = "POST /first HTTP/1.1\r\n";
        cases.add(Case.bad("no host", line + "X-Y: z\r\n\r\n"));
        for (String hosts :
                List.of(
                        "Host: localhost\r\nHost: localhost",
                        "Host: localhost\r\nhost: evil",
                        "Host:",
                        "Host: ",
                        "Host: local host",
                        "Host: localhost, evil",
                        "Host: localhost:",
                        "Host: localhost:x",
                        "Host: localhost:123456",
                        "Host: a@localhost",
                        "Host: localhost/",
                        "Host: http://localhost",
                        "Host: [::1",
                        "Host: ::1",
                        "Host: [::1]x",
                        "Host: lo\u00e7alhost",
                        "Host : localhost",
                        " Host: localhost",
                        "Host: localhost#",
                        "Host: loc%61lhost")) {
            cases.add(Case.bad("host " + hosts, line + hosts + "\r\n\r\n"));
        }
    }

    private static void sizes(List<Case> cases) {
        cases.add(
                new Case(
                        "long request line",
                        head("POST /first?" + "x".repeat(9000) + " HTTP/1.1", "X-Y: z"),
                        414));
        cases.add(new Case("long header", post("X-Y: " + "z".repeat(66_000), ""), 431));
        cases.add(new Case("long name", post("X".repeat(66_000) + ": z", ""), 431));
        cases.add(new Case("many headers", post("X-Y: z\r\n".repeat(101) + "X-Y: z", ""), 431));
        cases.add(
                new Case(
                        "many long headers",
                        post(("X-Y: " + "z".repeat(6000) + "\r\n").repeat(12) + "X-Y: z", ""),
                        431));
        cases.add(new Case("large body", post("Content-Length: 33554433", ""), 413));
        cases.add(new Case("huge body", post("Content-Length: 999999999999999999", ""), 413));
        cases.add(new Case("expectation", post("Expect: 200-ok\r\nContent-Length: 2", "{}"), 417));
    }
}
