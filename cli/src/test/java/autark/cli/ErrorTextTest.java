package autark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import org.junit.jupiter.api.Test;

final class ErrorTextTest {
    @Test
    void failuresOfTheFileSystemAreSaidInWords() {
        assertThat(ErrorText.of(new NoSuchFileException("x.gguf")))
                .isEqualTo("no such file: x.gguf");
        assertThat(ErrorText.of(new UncheckedIOException(new AccessDeniedException("x.gguf"))))
                .isEqualTo("no permission: x.gguf");
        assertThat(ErrorText.of(new IOException("disk on fire"))).isEqualTo("disk on fire");
    }

    @Test
    void ownFailuresAreSaidAsTheyAre() {
        assertThat(ErrorText.of(new CommandException("no such model"))).isEqualTo("no such model");
    }

    @Test
    void everythingElseIsABug() {
        assertThat(ErrorText.of(new IllegalStateException("found 1, expected 2")))
                .contains("internal error", "found 1, expected 2", "--debug");
        assertThat(ErrorText.of(new NullPointerException())).contains("internal error");
        assertThat(ErrorText.of(new IOException())).contains("internal error");
    }
}
