package autark.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class NameFromFileTest {
    @ParameterizedTest
    @CsvSource({
        "SmolLM2-135M-Instruct.Q4_1.gguf, smollm2-135m-instruct:q4_1",
        "qwen2.5-0.5b-instruct-q4_k_m.gguf, qwen2.5-0.5b-instruct:q4_k_m",
        "gemma-3-270m-it-IQ4_XS.gguf, gemma-3-270m-it:iq4_xs",
        "model-f16.GGUF, model:f16",
        "gpt-oss-20b-MXFP4_MOE.gguf, gpt-oss-20b:mxfp4_moe",
        "My Model (new).gguf, my-model-new:latest",
        "...x.gguf, x:latest",
        "model, model:latest",
    })
    void theStorageTypeBecomesTheTag(String fileName, String expected) {
        assertThat(NameFromFile.of(fileName)).hasToString(expected);
    }

    @Test
    void aLongNameIsCut() {
        assertThat(NameFromFile.of("m".repeat(100) + ".gguf").name()).hasSize(64);
    }

    @ParameterizedTest
    @CsvSource({"---.gguf", ".gguf", "模型.gguf", "con.gguf"})
    void whatCannotBeANameNeedsOne(String fileName) {
        assertThatExceptionOfType(CommandException.class)
                .isThrownBy(() -> NameFromFile.of(fileName))
                .withMessageEndingWith("give one: --name");
    }
}
