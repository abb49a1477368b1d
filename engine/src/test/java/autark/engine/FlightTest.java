package autark.engine;

import static org.assertj.core.api.Assertions.assertThat;

import autark.engine.sample.Sampling;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a flight recording tells of an engine, and what it does not.
class FlightTest {
    private static final String PROMPT = "a canary that nobody may find " + "x".repeat(60);

    @TempDir private Path folder;

    @Test
    void aRecordingHasNumbersAndNoText() throws IOException {
        Path file = folder.resolve("flight.jfr");
        try (Recording recording = new Recording();
                Engine engine =
                        new Engine(
                                ScriptedModel.babbling(),
                                TestVocabulary.tokenizer(),
                                ScriptedModel.TEMPLATE,
                                Sampling.standard(),
                                EngineOptions.defaults())) {
            recording.enable("autark.Step");
            recording.enable("autark.Prefix");
            recording.enable("autark.Answer");
            recording.start();
            Request request =
                    Request.raw(PROMPT)
                            .withMaxTokens(5)
                            .withService(Service.usual().withTenant("a canary, too"));
            engine.generate(request).text();
            engine.generate(request).text();
            engine.withModel(_ -> ""); // the last step has been told by then
            recording.stop();
            recording.dump(file);
        }
        List<RecordedEvent> events = RecordingFile.readAllEvents(file);
        assertThat(values(events, "autark.Answer", "generatedTokens")).containsExactly(5, 5);
        assertThat(values(events, "autark.Prefix", "rememberedTokens")).containsExactly(0, 64);
        assertThat(values(events, "autark.Step", "tokens")).hasSizeGreaterThan(7);
        String all = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        assertThat(all).doesNotContain("canary");
    }

    private static List<Integer> values(List<RecordedEvent> events, String type, String field) {
        return events.stream()
                .filter(event -> event.getEventType().getName().equals(type))
                .map(event -> event.getInt(field))
                .toList();
    }
}
