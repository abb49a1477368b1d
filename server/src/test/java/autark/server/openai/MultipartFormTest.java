package autark.server.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import autark.server.http.ApiException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MultipartFormTest {
    private static final String TYPE = "multipart/form-data; boundary=\"x:y\"";

    private static List<MultipartForm.Part> read(String body) {
        return MultipartForm.read(
                TYPE, body.replace("\n", "\r\n").getBytes(StandardCharsets.ISO_8859_1));
    }

    private static String part(String head, String content) {
        return "--x:y\n" + head + "\n\n" + content + "\n";
    }

    @Test
    void partsAreRead() {
        List<MultipartForm.Part> parts =
                read(
                        part("Content-Disposition: form-data; name=\"a\"", "1")
                                + part(
                                        "content-disposition: form-data;"
                                                + " filename=\"C:\\\\dir\\\\q\\\";=.txt\"; name=b\n"
                                                + "Content-Type: text/plain",
                                        "--x:\n--x:z\n")
                                + "--x:y--");

        assertThat(parts.stream().map(MultipartForm.Part::name)).containsExactly("a", "b");
        assertThat(parts.stream().map(MultipartForm.Part::text))
                .containsExactly("1", "--x:\r\n--x:z\r\n");
        assertThat(parts.getLast().fileName()).isEqualTo("q\";=.txt");
    }

    @Test
    void contentIsLeftAsItIs() {
        byte[] content = new byte[10_000];
        new Random(1).nextBytes(content);
        String body =
                "--x:y\r\nContent-Disposition: form-data; name=a\r\n\r\n"
                        + new String(content, StandardCharsets.ISO_8859_1)
                        + "\r\n--x:y--\r\n";

        assertThat(
                        MultipartForm.read(TYPE, body.getBytes(StandardCharsets.ISO_8859_1))
                                .getFirst()
                                .content())
                .isEqualTo(content);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "--x:y",
                "--x:y--more",
                "before\n--x:y--",
                "--x:y\nContent-Disposition: form-data; name=a\n\nno end",
                "--x:y\nContent-Disposition: form-data; name=a\nno end of the head",
                "--x:y\nContent-Disposition: attachment; name=a\n\n1\n--x:y--",
                "--x:y\nContent-Disposition: form-data\n\n1\n--x:y--",
                "--x:y\nContent-Disposition: form-data; name=\"a\n\n1\n--x:y--x",
                "--x:y\nno header\n\n1\n--x:y--",
                "--x:y\nContent-Disposition: form-data; name=a\n"
                        + "Content-Transfer-Encoding: base64\n\n1\n--x:y--",
                "--x:y\nContent-Disposition: form-data; name=a\n\n1\n"
                        + "--x:y\nContent-Disposition: form-data; name=a\n\n1\n--x:y--",
            })
    void whatIsNoFormIsRefused(String body) {
        assertThatThrownBy(() -> read(body)).isInstanceOf(ApiException.class);
    }

    @Test
    void aFormHasLimits() {
        StringBuilder many = new StringBuilder();
        for (int i = 0; i <= MultipartForm.PARTS_MAX; i++) {
            many.append(part("Content-Disposition: form-data; name=n" + i, "1"));
        }
        String head = "Content-Disposition: form-data; name=a\nX: " + "x".repeat(9000);

        assertThatThrownBy(() -> read(many + "--x:y--")).hasMessageContaining("parts");
        assertThatThrownBy(() -> read(part(head, "1") + "--x:y--")).hasMessageContaining("bytes");
        assertThatThrownBy(() -> MultipartForm.read("multipart/form-data", new byte[0]))
                .hasMessageContaining("boundary");
        assertThatThrownBy(() ->
                        MultipartForm.read(
                                "multipart/form-data; boundary=" + "b".repeat(71), new byte[0]))
                .hasMessageContaining("boundary");
    }
}
