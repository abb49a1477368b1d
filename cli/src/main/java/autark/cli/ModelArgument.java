package autark.cli;

import autark.cli.pull.CatalogueEntry;
import autark.engine.store.ModelName;
import autark.engine.store.StoredModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// A model as the user names it: a name in the store (`smollm2:135m`) or a path to a file.
///
/// What has a path separator or ends in `.gguf` is a path; everything else is a name.
///
/// @param text the argument as typed
/// @param models where names are looked up
record ModelArgument(String text, Models models) {
    /// The model of a command that names none.
    static final String DEFAULT = "smollm2:135m";

    /// The model file. A model that the catalogue knows is fetched first if it is not here; the
    /// progress goes to standard error.
    ///
    /// @throws CommandException if there is no such file or no such name
    Path file() {
        if (isPath()) {
            return existingFile();
        }
        Optional<StoredModel> stored = stored();
        if (stored.isPresent()) {
            return stored.get().file();
        }
        CatalogueEntry known =
                CatalogueEntry.find(ModelName.parse(text)).orElseThrow(this::unknown);
        return models.pull(known, Terminal.ERROR.writer()).file();
    }

    /// The model file, if it is here.
    ///
    /// @throws CommandException if it is not
    Path presentFile() {
        return isPath() ? existingFile() : stored().orElseThrow(this::unknown).file();
    }

    /// The model of the store that the argument names; empty if it is a path or not here.
    Optional<StoredModel> stored() {
        return isPath() ? Optional.empty() : models.store().find(ModelName.parse(text));
    }

    private boolean isPath() {
        return isPath(text);
    }

    /// Whether an argument is a path and no name.
    static boolean isPath(String text) {
        return text.endsWith(".gguf") || text.contains("/") || text.contains("\\");
    }

    private Path existingFile() {
        Path path = Path.of(text);
        if (!Files.isRegularFile(path)) {
            throw new CommandException("no such model file: " + text);
        }
        return path;
    }

    private CommandException unknown() {
        return new CommandException(
                "no model %s here; autark list shows those that are, autark pull gets others"
                        .formatted(ModelName.parse(text)));
    }
}
