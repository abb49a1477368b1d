package autark.checks.program;

import static org.assertj.core.api.Assertions.assertThat;

import autark.engine.store.Sha256;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/// The test suite of the JSON Schema organisation (MIT licence), as the source distribution of a
/// Python package carries it. It is downloaded once, by the machine's own pip, checked against its
/// digest, and kept in the user's cache.
final class SchemaSuite {
    private static final String PACKAGE = "jsonschema==4.25.1";
    private static final String FILE = "jsonschema-4.25.1.tar.gz";
    private static final String SHA256 =
            "e4a9655ce0da0c0b67a085847e00a3a51449e1157f4f75e9fb5aa545e122eb85";
    private static final String TESTS = "jsonschema-4.25.1/json/tests/";
    private static final int BLOCK_BYTES = 512;
    private static final int DOWNLOAD_MINUTES = 5;

    private SchemaSuite() {}

    /// A schema and values with the verdicts on them.
    record Group(String file, String description, String schema, List<Case> cases) {}

    /// @param text the value, without white space, else as it stands in the suite
    record Case(String text, boolean valid) {}

    /// The mandatory tests of a draft.
    static List<Group> groups(String draft) {
        try {
            List<Group> groups = new ArrayList<>();
            files(archive(), TESTS + draft + "/")
                    .forEach((file, json) -> groups.addAll(groups(file, json)));
            return groups;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Group> groups(String file, String json) {
        List<Group> groups = new ArrayList<>();
        for (RawJson group : RawJson.parse(json).items()) {
            List<Case> cases = new ArrayList<>();
            for (RawJson test : group.member("tests").items()) {
                boolean valid = test.member("valid").text().equals("true");
                cases.add(new Case(test.member("data").text(), valid));
            }
            groups.add(
                    new Group(
                            file,
                            group.member("description").text(),
                            group.member("schema").text(),
                            cases));
        }
        return groups;
    }

    private static synchronized Path archive() throws IOException {
        Path kept = cache().resolve(FILE);
        if (!Files.exists(kept)) {
            Files.createDirectories(cache());
            Path folder = Files.createTempDirectory(cache(), "download");
            try {
                download(folder);
                check(folder.resolve(FILE));
                Files.move(folder.resolve(FILE), kept, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                delete(folder);
            }
        }
        check(kept);
        return kept;
    }

    private static void check(Path file) throws IOException {
        assertThat(Sha256.ofFile(file).toString()).as("digest of %s", file).isEqualTo(SHA256);
    }

    private static Path cache() {
        String cache = System.getenv().getOrDefault("XDG_CACHE_HOME", "");
        Path folder =
                Path.of(cache).isAbsolute()
                        ? Path.of(cache)
                        : Path.of(System.getProperty("user.home"), ".cache");
        return folder.resolve("autark").resolve("checks");
    }

    private static void download(Path folder) throws IOException {
        Path log = folder.resolve("log.txt");
        Process pip =
                new ProcessBuilder(
                                "python3",
                                "-m",
                                "pip",
                                "download",
                                "--no-deps",
                                "--no-binary",
                                ":all:",
                                "--no-input",
                                "--dest",
                                folder.toString(),
                                PACKAGE)
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        try {
            boolean ended = pip.waitFor(DOWNLOAD_MINUTES, TimeUnit.MINUTES);
            assertThat(ended && pip.exitValue() == 0)
                    .as("pip download %s: %s", PACKAGE, Files.readString(log))
                    .isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            pip.destroyForcibly();
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }

    /// The JSON files right in a folder of a tar archive, by name.
    private static Map<String, String> files(Path archive, String folder) throws IOException {
        Map<String, String> files = new TreeMap<>();
        try (InputStream bytes = new GZIPInputStream(Files.newInputStream(archive));
                DataInputStream tar = new DataInputStream(bytes)) {
            byte[] header = new byte[BLOCK_BYTES];
            while (true) {
                tar.readFully(header);
                String name = text(header, 0, 100);
                if (name.isEmpty()) {
                    return files;
                }
                int size = Integer.parseInt(text(header, 124, 12).strip(), 8);
                byte[] content = new byte[size];
                tar.readFully(content);
                tar.skipNBytes((BLOCK_BYTES - size % BLOCK_BYTES) % BLOCK_BYTES);
                String prefix = text(header, 345, 155);
                String path = prefix.isEmpty() ? name : prefix + "/" + name;
                String rest = path.startsWith(folder) ? path.substring(folder.length()) : "/";
                if (rest.endsWith(".json") && !rest.contains("/")) {
                    files.put(rest, new String(content, StandardCharsets.UTF_8));
                }
            }
        } catch (EOFException e) {
            throw new IOException("the archive breaks off", e);
        }
    }

    private static String text(byte[] header, int from, int length) {
        int end = from;
        while (end < from + length && header[end] != 0) {
            end++;
        }
        return new String(header, from, end - from, StandardCharsets.UTF_8);
    }
}
