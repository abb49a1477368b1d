package autark.server.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;
import tools.jackson.dataformat.toml.TomlMapper;

/// The file with settings, in TOML: a table for each section.
///
/// @param path where it lies
/// @param root its content
public record ConfigFile(Path path, JsonNode root) {
    static final int BYTES_MAX = 1 << 20;

    private static final ObjectReader READER = TomlMapper.builder().build().reader();

    /// The file of the server: `given`, else the one that `AUTARK_CONFIG` names, which have to be
    /// there; else that of the user, else that of the machine, if there is one.
    ///
    /// @throws ConfigException if it cannot be read
    public static Optional<ConfigFile> find(Optional<Path> given, Map<String, String> environment) {
        Optional<Path> named = given.or(() -> variable(environment, "AUTARK_CONFIG").map(Path::of));
        if (named.isPresent()) {
            return named.map(ConfigFile::read);
        }
        Optional<Path> user =
                variable(environment, "XDG_CONFIG_HOME")
                        .map(Path::of)
                        .filter(Path::isAbsolute)
                        .or(() ->
                                variable(environment, "HOME").map(home -> Path.of(home, ".config")))
                        .map(folder -> folder.resolve("autark").resolve("config.toml"));
        return user.filter(Files::exists)
                .or(() -> Optional.of(Path.of("/etc/autark/config.toml")).filter(Files::exists))
                .map(ConfigFile::read);
    }

    private static Optional<String> variable(Map<String, String> environment, String name) {
        return Optional.of(environment.getOrDefault(name, "")).filter(text -> !text.isEmpty());
    }

    static ConfigFile read(Path path) {
        try (InputStream in = Files.newInputStream(path)) {
            byte[] bytes = in.readNBytes(BYTES_MAX + 1);
            if (bytes.length > BYTES_MAX) {
                throw new ConfigException(
                        "%s: expected at most %d bytes".formatted(path, BYTES_MAX));
            }
            return new ConfigFile(path, READER.readTree(new String(bytes, StandardCharsets.UTF_8)));
        } catch (JacksonException e) {
            throw new ConfigException(
                    "%s: line %d: found no TOML: %s"
                            .formatted(path, e.getLocation().getLineNr(), e.getOriginalMessage()));
        } catch (IOException e) {
            throw new ConfigException("%s: cannot be read: %s".formatted(path, reason(e)));
        }
    }

    private static String reason(IOException e) {
        return e.getClass().getSimpleName().replace("Exception", "");
    }
}
