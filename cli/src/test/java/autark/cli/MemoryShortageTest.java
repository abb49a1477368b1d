package autark.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import autark.engine.Engine;
import autark.engine.EngineOptions;
import autark.model.MemoryNeed;
import autark.model.MemoryShortageException;
import autark.model.ModelOptions;
import autark.model.file.Gguf;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MemoryShortageTest {
    @TempDir private Path folder;

    @Test
    void anEngineOpensInExactlyWhatItNeedsAndNotInAByteLess() throws IOException {
        Path model = Files.write(folder.resolve("model.gguf"), BigramModel.saying("Hi."));
        EngineOptions options =
                EngineOptions.defaults()
                        .withThreadCount(1)
                        .withRunningMax(1)
                        .withMaxStepTokens(128);
        long bytes;
        try (Gguf file = Gguf.open(model)) {
            bytes = MemoryNeed.of(file, ModelOptions.defaults(), 128, 32).bytes();
        }

        try (Engine engine = Engine.open(model, options.withMemoryBytes(bytes))) {
            assertThat(engine.ask("Hello").text()).isEqualTo("Hi.");
        }
        assertThatThrownBy(() -> Engine.open(model, options.withMemoryBytes(bytes - 1)))
                .isInstanceOf(MemoryShortageException.class)
                .hasMessageContaining("model.gguf: needs ")
                .satisfies(e -> assertThat(ErrorText.of(e)).isEqualTo(e.getMessage()));
    }
}
