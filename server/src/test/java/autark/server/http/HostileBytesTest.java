package autark.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// Requests that chance has damaged. Whatever comes, the server has no fault, says what is wrong if
/// the whole head is here, and serves the next one.
class HostileBytesTest {
    private static final long SEED = 20261125;
    private static final int REQUESTS = 1000;

    /// What does damage where a parser looks for the end of something.
    private static final byte[] MARKS =
            "\r\n\t :;,=%/\\\"0aF\0\u007f\u00ff".getBytes(StandardCharsets.ISO_8859_1);

    private static final List<String> SOUND =
            List.of(
                    Doors.request("GET", "/ok"),
                    Doors.request(
                            "HEAD",
                            "/ok?a=b%20c%41%c3%a4&d=%25%7e%2b%2B%3D%26",
                            "Accept: */*",
                            "Connection: keep-alive"),
                    Doors.json("/echo", "{\"a\": [1, 2.5e3, \"\\u00e4\"]}"),
                    Doors.request(
                                    "POST",
                                    "/echo",
                                    "Content-Type: application/json",
                                    "Transfer-Encoding: chunked")
                            + "2\r\n{}\r\nA\r\n          \r\n0\r\n\r\n",
                    Doors.json("/echo", "{}") + Doors.request("GET", "/ok"));

    @Test
    void damagedRequestsDoNoHarm() {
        SplittableRandom random = new SplittableRandom(SEED);
        List<String> wrong = new ArrayList<>();
        try (Door door = Doors.open(Limits.standard(), Doors.ok(), Doors.echo())) {
            for (int count = 0; count < REQUESTS; count++) {
                String sound = SOUND.get(random.nextInt(SOUND.size()));
                byte[] damaged = damaged(sound, random);
                List<Integer> statuses = statuses(door, damaged);
                boolean owed = !sound.startsWith("POST") && text(damaged).contains("\r\n\r\n");
                if (statuses.stream().anyMatch(status -> status >= 500 && status != 505)
                        || (owed && statuses.isEmpty())) {
                    wrong.add(
                            "seed %d, request %d: %s for %s"
                                    .formatted(SEED, count, statuses, text(damaged)));
                }
            }
            assertThat(statuses(door, SOUND.getFirst().getBytes(StandardCharsets.ISO_8859_1)))
                    .containsExactly(200);
        }
        assertThat(wrong).isEmpty();
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private static byte[] damaged(String sound, SplittableRandom random) {
        byte[] bytes = sound.getBytes(StandardCharsets.ISO_8859_1);
        for (int damage = random.nextInt(1, 4); damage > 0 && bytes.length > 1; damage--) {
            int at = random.nextInt(bytes.length);
            byte mark = MARKS[random.nextInt(MARKS.length)];
            bytes =
                    switch (random.nextInt(4)) {
                        case 0 -> spliced(bytes, at, at + 1, mark); // changed
                        case 1 -> spliced(bytes, at, at, mark); // put in
                        case 2 -> spliced(bytes, at, Math.min(bytes.length, at + 3), mark);
                        default -> Arrays.copyOf(bytes, at + 1); // cut off
                    };
        }
        return bytes;
    }

    private static byte[] spliced(byte[] bytes, int from, int to, byte mark) {
        byte[] result = new byte[from + 1 + bytes.length - to];
        System.arraycopy(bytes, 0, result, 0, from);
        result[from] = mark;
        System.arraycopy(bytes, to, result, from + 1, bytes.length - to);
        return result;
    }

    /// The answers until the connection ends. To `HEAD` only the head is looked at.
    private static List<Integer> statuses(Door door, byte[] request) {
        List<Integer> statuses = new ArrayList<>();
        try (RawClient client = new RawClient(door.port())) {
            client.send(request).finish();
            if (text(request).startsWith("HEAD ")) {
                String head = client.receiveHead();
                return head.isEmpty() ? List.of() : List.of(status(head));
            }
            Optional<RawClient.Answer> answer = client.next();
            while (answer.isPresent()) {
                statuses.add(answer.get().status());
                answer = client.next();
            }
        }
        return statuses;
    }

    private static int status(String head) {
        return Integer.parseInt(head.substring(9, 12));
    }
}
