package autark.checks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// The repository on disk. Tests of a module run in the module's folder, so the root is one above.
public final class Repository {
    /// The modules that users get, lowest first.
    public static final List<String> SHIPPED_MODULES =
            List.of("chip", "text", "model", "engine", "server", "cli");

    private static final Set<String> FOREIGN_FOLDERS = Set.of("target", ".git", ".idea", ".vscode");

    private Repository() {}

    public static Path root() {
        Path root = Path.of("").toAbsolutePath().getParent();
        if (root == null || !Files.exists(root.resolve("checks/pom.xml"))) {
            throw new IllegalStateException(
                    "found working directory %s, expected the folder `checks` of the repository"
                            .formatted(Path.of("").toAbsolutePath()));
        }
        return root;
    }

    /// All modules of the root `pom.xml`, in its order.
    public static List<String> modules() {
        return read(root().resolve("pom.xml"))
                .lines()
                .map(String::strip)
                .filter(line -> line.startsWith("<module>"))
                .map(line -> line.replace("<module>", "").replace("</module>", ""))
                .toList();
    }

    /// The files whose name ends with `suffix`, below the root or one of its folders; build output
    /// left out, in a fixed order.
    public static List<Path> files(Path folder, String suffix) {
        List<Path> found = new ArrayList<>();
        collect(folder, suffix, found);
        return found;
    }

    private static void collect(Path folder, String suffix, List<Path> found) {
        for (Path path : children(folder)) {
            String name = path.getFileName().toString();
            if (Files.isDirectory(path)) {
                if (!FOREIGN_FOLDERS.contains(name)) {
                    collect(path, suffix, found);
                }
            } else if (name.endsWith(suffix)) {
                found.add(path);
            }
        }
    }

    /// The entries of a folder, sorted; none if the folder is absent.
    public static List<Path> children(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(file.toString(), e);
        }
    }
}
