package autark.server.models;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelDetailsTest {
    private static final int UINT32 = 4;
    private static final int STRING = 8;
    private static final int F32 = 0;
    private static final int F16 = 1;

    @TempDir private Path folder;
    private final ByteBuffer image = ByteBuffer.allocate(4096).order(ByteOrder.LITTLE_ENDIAN);

    @Test
    void aFileSaysWhatItIs() throws IOException {
        ModelDetails details = ModelDetails.read(file(Map.of()), "0a");
        assertThat(details.bytes()).isEqualTo(image.position());
        assertThat(details.digest()).isEqualTo("0a");
        assertThat(details.architecture()).isEqualTo("llama");
        assertThat(details.parameters()).isEqualTo(32 + 64);
        assertThat(details.storage()).isEqualTo("F16");
        assertThat(details.contextLength()).isEqualTo(2048);
        assertThat(details.modelDim()).isEqualTo(32);
        assertThat(details.licence()).isEqualTo("unknown");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "{{ messages }}, completion",
                "{{ messages }}{{ tools }}, completion tools",
                "{{ messages }}</think>, completion thinking",
                "{{ tools }}</think>, completion thinking tools",
                "{% if tools }, completion"
            })
    void theTemplateSaysWhatAModelCan(String template, String capabilities) throws IOException {
        ModelDetails details =
                ModelDetails.read(file(Map.of("tokenizer.chat_template", template)), "");
        assertThat(details.template()).isEqualTo(template);
        assertThat(String.join(" ", details.capabilities())).isEqualTo(capabilities);
    }

    @Test
    void aFileThatIsNoModelSaysNothing() throws IOException {
        Path file = Files.writeString(folder.resolve("text"), "no model");
        assertThat(ModelDetails.read(file, "")).isEqualTo(ModelDetails.unknown());
    }

    /// Two tensors and what is said of them.
    private Path file(Map<String, String> more) throws IOException {
        Map<String, Object> metadata = new TreeMap<>(more);
        metadata.put("general.architecture", "llama");
        metadata.put("llama.context_length", 2048);
        metadata.put("llama.embedding_length", 32);
        image.put("GGUF".getBytes(StandardCharsets.US_ASCII)).putInt(3);
        image.putLong(2).putLong(metadata.size());
        metadata.forEach((key, value) -> {
            put(key);
            if (value instanceof Integer number) {
                image.putInt(UINT32).putInt(number);
            } else {
                image.putInt(STRING);
                put(value.toString());
            }
        });
        put("norm");
        image.putInt(1).putLong(32).putInt(F32).putLong(0);
        put("weight");
        image.putInt(2).putLong(32).putLong(2).putInt(F16).putLong(128);
        while (image.position() % 32 != 0) {
            image.put((byte) 0);
        }
        image.put(new byte[128 + 128]);
        byte[] bytes = new byte[image.position()];
        image.get(0, bytes);
        return Files.write(folder.resolve("model.gguf"), bytes);
    }

    private void put(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        image.putLong(bytes.length).put(bytes);
    }
}
