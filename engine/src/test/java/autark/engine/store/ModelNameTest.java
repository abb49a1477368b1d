package autark.engine.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ModelNameTest {
    private static final int HOSTILE_NAME_COUNT = 100_000;
    private static final long SEED = 0x5EED;

    /// What hostile names are made of; single letters make many of them nearly valid.
    private static final List<String> FRAGMENTS =
            List.of(
                    "a",
                    "b7",
                    "smollm2",
                    "135m",
                    ".",
                    "..",
                    "...",
                    "-",
                    "_",
                    ":",
                    "/",
                    "\\",
                    "//",
                    "../",
                    "..\\",
                    "/etc/passwd",
                    "C:",
                    "c:\\",
                    "~",
                    "$HOME",
                    "\0",
                    "\n",
                    "\r",
                    "\t",
                    " ",
                    "A",
                    "SMOLLM2",
                    "con",
                    "nul",
                    "aux.txt",
                    "COM1",
                    "lpt9",
                    "é",
                    "ß",
                    "ı",
                    "K",
                    "．",
                    "／",
                    "․․",
                    "∕",
                    "％",
                    "%2e%2e",
                    "%00",
                    "\u202e",
                    "\u200b",
                    "\uFEFF",
                    "😀",
                    "\uD800",
                    "\uDC00",
                    "١",
                    "*",
                    "?",
                    "\"",
                    "<",
                    "|",
                    ";",
                    "&",
                    "`",
                    "$(x)",
                    ".json",
                    "blobs",
                    "locks",
                    "sha256-",
                    "x".repeat(64),
                    "y".repeat(300),
                    "");

    @TempDir private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"smollm2:135m", "a", "qwen2.5-0.5b:q4_k_m", "7b", "a..b", "a_"})
    void acceptsOrdinaryNames(String text) {
        String expected = text.contains(":") ? text : text + ":latest";
        assertThat(ModelName.parse(text)).hasToString(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", ":", "a:", ":a", "a:b:c", ".", "..", "../a", "a/b", "a\\b", "/a", "A", "a b",
                "-a", ".a", "a.", "a:b.", "con", "a:nul", "aux.x", "com1", "a\0b", "é", "a\n", "ⅰ"
            })
    void refusesEverythingElse(String text) {
        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(() -> ModelName.parse(text))
                .withMessageStartingWith("not a model name: '")
                .withMessageContaining("expected name:tag")
                .withMessageMatching("\\p{Print}+");
    }

    @Test
    void limitsTheLength() {
        String longest = "a".repeat(64);
        assertThat(ModelName.parse(longest).name()).isEqualTo(longest);
        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(() -> ModelName.parse(longest + "a"));
    }

    /// Each hostile name is refused, or is one file of its own inside the store.
    @Test
    void hostileNamesStayInsideTheStore() throws IOException {
        Path root = Files.createDirectory(folder.resolve("store"));
        StoreLayout layout = new StoreLayout(root);
        SplittableRandom random = new SplittableRandom(SEED);
        Set<ModelName> accepted = new HashSet<>();
        for (int i = 0; i < HOSTILE_NAME_COUNT; i++) {
            String text = hostileName(random);
            ModelName name;
            try {
                name = ModelName.parse(text);
            } catch (StoreException e) {
                continue;
            }
            if (accepted.add(name)) {
                Path manifest = layout.manifest(name);
                Files.createDirectories(manifest.getParent());
                Files.createFile(manifest);
            }
        }
        assertThat(accepted).as("seed %d", SEED).hasSizeGreaterThan(1000);
        assertThat(filesUnder(root)).as("seed %d", SEED).hasSize(accepted.size());
        assertThat(filesUnder(folder)).as("seed %d", SEED).hasSize(accepted.size());
    }

    private static String hostileName(SplittableRandom random) {
        StringBuilder name = new StringBuilder();
        int count = 1 + random.nextInt(4);
        for (int i = 0; i < count; i++) {
            // Half of the fragments are harmless, so that many names nearly pass.
            int bound = random.nextBoolean() ? 10 : FRAGMENTS.size();
            name.append(FRAGMENTS.get(random.nextInt(bound)));
        }
        return name.toString();
    }

    private static Set<Path> filesUnder(Path root) throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            return all.filter(Files::isRegularFile).collect(Collectors.toSet());
        }
    }
}
