package autark.checks.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import autark.checks.Repository;
import autark.engine.Engine;
import autark.engine.Perplexity;
import org.junit.jupiter.api.Test;

/// How surprised the default model is by a licence text, compared with the reference.
class PerplexityTest {
    private static final double REFERENCE = 18.39;
    private static final int CONTEXT_TOKENS = 512;
    private static final int CHUNKS = 14;

    @Test
    void itIsTheReferences() {
        String text = Repository.read(Reference.FOLDER.resolve("gpl-3.txt"));
        try (Engine engine = Engine.open(DefaultModel.file())) {
            Perplexity found =
                    Perplexity.measure(
                            engine,
                            text,
                            new Perplexity.Chunks(CONTEXT_TOKENS, Integer.MAX_VALUE),
                            _ -> {});

            assertThat(found.chunkCount()).isEqualTo(CHUNKS);
            assertThat(found.value()).isCloseTo(REFERENCE, withinPercentage(1));
        }
    }
}
