package autark.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class ConfigurationTest {
    @TempDir private Path folder;

    private Optional<ConfigFile> file(String toml) throws IOException {
        return Optional.of(ConfigFile.read(Files.writeString(folder.resolve("c.toml"), toml)));
    }

    private static Configuration of(Map<String, String> flags, Map<String, String> environment) {
        return Configuration.of(flags, environment, Optional.empty());
    }

    @Test
    void aFlagIsStrongerThanAVariableThanTheFileThanTheStandard() throws IOException {
        Map<String, String> flags = Map.of("--port", "1");
        Map<String, String> environment = Map.of("AUTARK_PORT", "2", "PORT", "3");
        Optional<ConfigFile> file = file("[server]\nport = 4\n");
        assertPort(Configuration.of(flags, environment, file), 1, "--port");
        assertPort(Configuration.of(Map.of(), environment, file), 2, "AUTARK_PORT");
        assertPort(Configuration.of(Map.of(), Map.of("PORT", "3"), file), 3, "PORT");
        assertPort(
                Configuration.of(Map.of(), Map.of("AUTARK_PORT", ""), file),
                4,
                folder.resolve("c.toml").toString());
        assertPort(of(Map.of(), Map.of()), 11434, "default");
    }

    private static void assertPort(Configuration configuration, int port, String source) {
        assertThat(configuration.get(Settings.PORT)).isEqualTo(port);
        assertThat(configuration.lines())
                .contains(new Configuration.Line("server.port", Integer.toString(port), source));
    }

    @Test
    void theFileHasTablesAndLists() throws IOException {
        Configuration configuration =
                Configuration.of(
                        Map.of(),
                        Map.of(),
                        file(
                                """
                                [server]
                                hosts = ["chat.example.org", 'b']
                                behind_proxy = true
                                [models]
                                keep_alive = -1
                                memory = "8GB"
                                [models.alias]
                                "gpt-4o" = "smollm2:135m"
                                [models.file]
                                own = "/models/own.gguf"
                                [models.adapter]
                                support = { model = "own", file = "/models/lora" }
                                """));
        assertThat(configuration.get(Settings.HOSTS)).containsExactly("chat.example.org", "b");
        assertThat(configuration.get(Settings.BEHIND_PROXY)).isTrue();
        assertThat(configuration.get(Settings.KEEP_ALIVE)).isEqualTo(Form.FOREVER);
        assertThat(configuration.get(Settings.MEMORY)).isEqualTo(8_000_000_000L);
        assertThat(configuration.get(Settings.ALIASES)).isEqualTo(Map.of("gpt-4o", "smollm2:135m"));
        assertThat(configuration.get(Settings.ADAPTERS))
                .isEqualTo(Map.of("support", new AdapterFile("own", Path.of("/models/lora"))));
        assertThat(configuration.get(Settings.FILES))
                .isEqualTo(Map.of("own", Path.of("/models/own.gguf")));
    }

    static Stream<Arguments> ollama() {
        return Stream.of(
                Arguments.of("0.0.0.0", "0.0.0.0", 11434),
                Arguments.of("0.0.0.0:8080", "0.0.0.0", 8080),
                Arguments.of(":8080", "127.0.0.1", 8080),
                Arguments.of("http://box.example.org:80/", "box.example.org", 80),
                Arguments.of("[::1]:8080", "[::1]", 8080),
                Arguments.of("https://box.example.org", "box.example.org", 11434));
    }

    @ParameterizedTest
    @MethodSource("ollama")
    void theHostOfOllamaIsHostAndPort(String value, String host, int port) {
        Configuration configuration = of(Map.of(), Map.of("OLLAMA_HOST", value));
        assertThat(configuration.get(Settings.HOST)).isEqualTo(host);
        assertThat(configuration.get(Settings.PORT)).isEqualTo(port);
    }

    @Test
    void variablesOfOllamaComeAfterOurs() {
        Configuration configuration =
                of(
                        Map.of(),
                        Map.of(
                                "OLLAMA_HOST", "0.0.0.0:8080",
                                "AUTARK_PORT", "9",
                                "OLLAMA_KEEP_ALIVE", "10m",
                                "OLLAMA_NUM_PARALLEL", "0",
                                "OLLAMA_MAX_LOADED_MODELS", "7",
                                "OLLAMA_CONTEXT_LENGTH", "4096",
                                "OLLAMA_KV_CACHE_TYPE", "q8_0",
                                "OLLAMA_ORIGINS", "https://a.example.org,https://b.example.org"));
        assertThat(configuration.get(Settings.PORT)).isEqualTo(9);
        assertThat(configuration.get(Settings.KEEP_ALIVE)).isEqualTo(Duration.ofMinutes(10));
        assertThat(configuration.get(Settings.PARALLEL)).isEqualTo(16);
        assertThat(configuration.get(Settings.MAX_LOADED)).isEqualTo(7);
        assertThat(configuration.get(Settings.CONTEXT)).isEqualTo(4096);
        assertThat(configuration.get(Settings.KV_TYPE)).isEqualTo("q8_0");
        assertThat(configuration.get(Settings.ORIGINS)).hasSize(2);
        assertThat(configuration.notes()).isEmpty();
    }

    @Test
    void variablesThatSayNothingHereAreNamed() {
        assertThat(
                        of(
                                        Map.of(),
                                        Map.of(
                                                "OLLAMA_FLASH_ATTENTION", "1",
                                                "OLLAMA_VULKAN", "",
                                                "OLLAMA_MODELS", "/m"))
                                .notes())
                .hasSize(2)
                .anyMatch(note -> note.startsWith("OLLAMA_FLASH_ATTENTION is not honoured: "))
                .anyMatch(note -> note.startsWith("OLLAMA_MODELS is not honoured: "));
    }

    @Test
    void allMistakesAreToldAtOnceEachWithItsPlace() throws IOException {
        Optional<ConfigFile> file =
                file(
                        """
                        port = 1
                        [server]
                        prot = 1
                        host = ["a"]
                        [sever]
                        host = "x"
                        """);
        String path = folder.resolve("c.toml").toString();
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() ->
                        Configuration.of(
                                Map.of("--parallel", "many"),
                                Map.of("AUTARK_PROT", "1", "AUTARK_PORT", "70000"),
                                file))
                .satisfies(e ->
                        assertThat(String.valueOf(e.getMessage()).lines())
                                .hasSize(7)
                                .anyMatch(l -> l.startsWith(path + ": unknown port; known"))
                                .anyMatch(l -> l.startsWith(path + ": unknown sever; "))
                                .anyMatch(l -> l.startsWith(path + ": unknown server.prot"))
                                .anyMatch(l -> l.startsWith("unknown variable AUTARK_PROT"))
                                .anyMatch(l -> l.startsWith("server.host of " + path))
                                .anyMatch(l -> l.startsWith("--parallel: found \"many\""))
                                .anyMatch(l -> l.startsWith("AUTARK_PORT: found \"70000\"")));
    }

    @Test
    void theFileIsTheFirstThatIsNamed() throws IOException {
        Path user = Files.createDirectories(folder.resolve("config/autark"));
        Files.writeString(user.resolve("config.toml"), "[server]\nport = 1\n");
        Path named = Files.writeString(folder.resolve("named.toml"), "[server]\nport = 2\n");
        Map<String, String> environment =
                Map.of("XDG_CONFIG_HOME", folder.resolve("config").toString());
        assertThat(path(Optional.empty(), environment)).contains(user.resolve("config.toml"));
        assertThat(path(Optional.empty(), Map.of("AUTARK_CONFIG", named.toString())))
                .contains(named);
        assertThat(path(Optional.of(named), environment)).contains(named);
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> path(Optional.of(folder.resolve("absent.toml")), environment))
                .withMessageContaining("absent.toml: cannot be read: NoSuchFile");
    }

    private static Optional<Path> path(Optional<Path> given, Map<String, String> environment) {
        return ConfigFile.find(given, environment).map(ConfigFile::path);
    }

    @Test
    void aFileThatIsNoTomlIsRefusedWithItsLine() {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> file("[server]\nport = \n"))
                .withMessageContaining("c.toml: line 2: found no TOML");
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> file("#".repeat(ConfigFile.BYTES_MAX + 1)))
                .withMessageContaining("expected at most");
    }

    @Test
    void eachSettingHasAPlaceAndAStandardThatItTakes() {
        assertThat(Settings.ALL).extracting(Setting::key).doesNotHaveDuplicates();
        assertThat(Settings.ALL.stream().flatMap(setting -> setting.flags().stream()))
                .doesNotHaveDuplicates();
        List<Configuration.Line> lines = of(Map.of(), Map.of()).lines();
        assertThat(lines).hasSameSizeAs(Settings.ALL);
    }
}
