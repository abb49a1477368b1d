package autark.engine;

import static org.assertj.core.api.Assertions.assertThat;

import autark.engine.sample.Sampling;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What was read before a restart is not read again, and never gives another answer.
class PrefixFolderTest {
    private static final String LONG = "once upon a time there was a king ".repeat(4);
    private static final int WHOLE_PAGES = 128;

    @TempDir private Path folder;
    private String alone = "";

    @BeforeEach
    void answerAlone() {
        try (Engine engine = engine(ScriptedModel.babbling(), EngineOptions.defaults())) {
            alone = engine.generate(request()).text();
        }
    }

    @Test
    void aRestartKeepsWhatWasRead() {
        assertThat(answer("model").usage().cachedTokens()).isZero();
        ScriptedModel model = ScriptedModel.babbling();
        try (Engine engine = engine(model, options("model"))) {
            Result again = engine.generate(request()).result();
            assertThat(again.text()).isEqualTo(alone);
            assertThat(again.usage().cachedTokens()).isEqualTo(WHOLE_PAGES);
            int read = model.readTokens();
            assertThat(read).isLessThan(again.usage().promptTokens() - WHOLE_PAGES + 40);
        }
    }

    @Test
    void anotherModelOrTenantFindsNothing() {
        answer("model");
        assertThat(answer("other").usage().cachedTokens()).isZero();
        try (Engine engine = engine(ScriptedModel.babbling(), options("model"))) {
            Request foreign = request().withService(Service.usual().withTenant("somebody"));
            Result result = engine.generate(foreign).result();
            assertThat(result.usage().cachedTokens()).isZero();
            assertThat(result.text()).isEqualTo(alone);
        }
    }

    @Test
    void anotherAdapterOfTheModelFindsNothing() {
        answer("model");
        for (String adapter : List.of("one", "other")) {
            for (int cached : new int[] {0, WHOLE_PAGES}) {
                ScriptedModel model = ScriptedModel.babbling();
                model.adapter = adapter;
                try (Engine engine = engine(model, options("model"))) {
                    Result result = engine.generate(request()).result();
                    assertThat(result.usage().cachedTokens()).isEqualTo(cached);
                }
            }
        }
        assertThat(answer("model").usage().cachedTokens()).isEqualTo(WHOLE_PAGES);
    }

    /// A page behind a damaged one is not looked at, so the pages are damaged one after the other.
    @Test
    void aDamagedPageIsReadAgain() throws IOException {
        answer("model");
        List<Path> pages = pages();
        assertThat(pages).hasSizeGreaterThanOrEqualTo(4);
        for (Path page : pages) {
            byte[] bytes = Files.readAllBytes(page);
            bytes[bytes.length / 2] ^= 1;
            page.toFile().setWritable(true);
            Files.write(page, bytes);
            Result result = answer("model");
            assertThat(result.text()).isEqualTo(alone);
            assertThat(result.usage().cachedTokens()).isLessThan(WHOLE_PAGES);
            assertThat(answer("model").usage().cachedTokens()).isEqualTo(WHOLE_PAGES);
        }
    }

    @Test
    void anAnswerThatIsCancelledWhileItsPagesAreReadLeavesNothingBehind() {
        answer("model");
        for (int i = 0; i < 20; i++) {
            try (Engine engine = engine(ScriptedModel.babbling(), options("model"))) {
                engine.generate(request()).close();
                Result result = engine.generate(request()).result();
                assertThat(result.text()).isEqualTo(alone);
                engine.withModel(_ -> ""); // the load is told after each turn
                assertThat(engine.load().running()).isZero();
            }
        }
    }

    private Result answer(String modelName) {
        try (Engine engine = engine(ScriptedModel.babbling(), options(modelName))) {
            Result result = engine.generate(request()).result();
            assertThat(result.text()).isEqualTo(alone);
            return result;
        }
    }

    private List<Path> pages() throws IOException {
        try (Stream<Path> files = Files.walk(folder.resolve("prefixes"))) {
            return files.filter(Files::isRegularFile).filter(PrefixFolderTest::large).toList();
        }
    }

    private static boolean large(Path file) {
        try {
            return Files.size(file) > 1000;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Request request() {
        return Request.raw(LONG).withMaxTokens(20).withSeed(1);
    }

    private EngineOptions options(String modelName) {
        return EngineOptions.defaults()
                .withPrefixFolder(
                        new PrefixFolder(
                                folder.resolve("prefixes"),
                                folder.resolve("key"),
                                1 << 24,
                                modelName));
    }

    private static Engine engine(ScriptedModel model, EngineOptions options) {
        return new Engine(
                model,
                TestVocabulary.tokenizer(),
                ScriptedModel.TEMPLATE,
                Sampling.standard(),
                options);
    }
}
