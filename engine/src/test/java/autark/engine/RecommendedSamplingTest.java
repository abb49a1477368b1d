package autark.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import autark.engine.sample.Mirostat;
import autark.engine.sample.Sampling;
import autark.engine.sample.Xtc;
import autark.model.file.Gguf;
import autark.model.file.ModelFormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RecommendedSamplingTest {
    private static final int INT32 = 5;
    private static final int FLOAT32 = 6;
    private static final int STRING = 8;

    @TempDir Path folder;

    @Test
    void withoutRecommendationsItIsTheStandard() throws IOException {
        assertThat(read(Map.of())).isEqualTo(Sampling.standard());
    }

    @Test
    void takesWhatTheFileRecommends() throws IOException {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("temp", 0.6f);
        values.put("top_k", 20);
        values.put("top_p", 0.9f);
        values.put("min_p", 0f);
        values.put("penalty_repeat", 1.1f);
        values.put("penalty_last_n", -1);
        values.put("xtc_probability", 0.5f);
        values.put("xtc_threshold", 0.15f);
        values.put("mirostat", 2);
        values.put("mirostat_tau", 4.5f);
        values.put("mirostat_eta", 0.2f);
        assertThat(read(values))
                .isEqualTo(
                        Sampling.standard()
                                .withTemperature(0.6)
                                .withTopK(20)
                                .withTopP(0.9)
                                .withMinP(0)
                                .withRepeatPenalty(1.1)
                                .withRepeatWindow(Sampling.COUNT_MAX)
                                .withXtc(new Xtc(0.5, 0.15))
                                .withMirostat(new Mirostat(2, 4.5, 0.2)));
    }

    @Test
    void aSequenceTurnsTheOtherStepsOff() throws IOException {
        assertThat(read(Map.of("sequence", "top_k;unknown;temperature", "penalty_repeat", 1.1f)))
                .isEqualTo(Sampling.standard().withTopP(1).withMinP(0));
        assertThat(read(Map.of("sequence", "penalties;nucleus;min-p", "penalty_repeat", 1.1f)))
                .isEqualTo(
                        Sampling.standard().withRepeatPenalty(1.1).withTopK(0).withTemperature(1));
        assertThat(read(Map.of("sequence", "xtc", "xtc_probability", 1f)))
                .isEqualTo(Sampling.plain().withXtc(Xtc.off().withProbability(1)));
    }

    @Test
    void theFirstMirostatIsLeftAside() throws IOException {
        assertThat(read(Map.of("mirostat", 1))).isEqualTo(Sampling.standard());
    }

    @Test
    void aRecommendationOutOfRangeIsAnErrorOfTheFile() {
        assertThatExceptionOfType(ModelFormatException.class)
                .isThrownBy(() -> read(Map.of("top_p", 7f)))
                .withMessageContaining("top-p: found 7.0");
    }

    private Sampling read(Map<String, ?> values) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(4096).order(ByteOrder.LITTLE_ENDIAN);
        bytes.put("GGUF".getBytes(StandardCharsets.US_ASCII)).putInt(3).putLong(0);
        bytes.putLong(values.size());
        values.forEach((name, value) -> {
            byte[] key = ("general.sampling." + name).getBytes(StandardCharsets.US_ASCII);
            bytes.putLong(key.length).put(key);
            if (value instanceof Float number) {
                bytes.putInt(FLOAT32).putFloat(number);
            } else if (value instanceof Integer number) {
                bytes.putInt(INT32).putInt(number);
            } else {
                byte[] text = value.toString().getBytes(StandardCharsets.US_ASCII);
                bytes.putInt(STRING).putLong(text.length).put(text);
            }
        });
        Path file = folder.resolve("model.gguf");
        Files.write(file, Arrays.copyOf(bytes.array(), bytes.position()));
        try (Gguf gguf = Gguf.open(file)) {
            return RecommendedSampling.read(gguf.metadata());
        }
    }
}
