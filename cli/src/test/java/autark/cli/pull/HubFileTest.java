package autark.cli.pull;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class HubFileTest {
    @ParameterizedTest
    @CsvSource({
        "hf:o/r/f.gguf, https://hub/o/r/resolve/main/f.gguf",
        "hf:o/r/dir/f.gguf, https://hub/o/r/resolve/main/dir/f.gguf",
        "hf:o/r/f.gguf@v1.0, https://hub/o/r/resolve/v1.0/f.gguf",
        "hf:o/r/f.gguf@refs/pr/3, https://hub/o/r/resolve/refs%2Fpr%2F3/f.gguf",
        "hf:o/r/a b?c#d%é.gguf, https://hub/o/r/resolve/main/a%20b%3Fc%23d%25%C3%A9.gguf",
        "hf:o/r/a@b@main, https://hub/o/r/resolve/main/a%40b",
    })
    void whereItIsServed(String text, String expected) {
        HubFile file = HubFile.parse(text);
        assertThat(file.uri(URI.create("https://hub"))).hasToString(expected);
        assertThat(HubFile.parse(file.toString())).isEqualTo(file);
    }

    @Test
    void theNameIsTheLastComponent() {
        assertThat(HubFile.parse("hf:o/r/dir/f.gguf").fileName()).isEqualTo("f.gguf");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "hf:",
                "hf:o",
                "hf:o/r",
                "hf:o/r/",
                "hf:/r/f",
                "o/r/f",
                "hf:../r/f",
                "hf:o/../f",
                "hf:o/r/../f",
                "hf:o/r/./f",
                "hf:o/r//f",
                "hf:o/r/f@",
                "hf:o/r/f@..",
                "hf:o?/r/f",
                "hf:o/r/f\n",
                "hf:o/r/f\0",
                "hf:o@x/r/f",
                "hf:o/r/f@a b"
            })
    void everythingElseIsRefused(String text) {
        assertThatExceptionOfType(PullException.class)
                .isThrownBy(() -> HubFile.parse(text))
                .withMessageContaining("expected hf:owner/repository/file");
    }
}
