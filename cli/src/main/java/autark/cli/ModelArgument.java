package autark.cli;

import autark.engine.store.ModelName;
import autark.engine.store.ModelStore;
import java.nio.file.Files;
import java.nio.file.Path;

/// A model as the user names it: a name in the store (`smollm2:135m`) or a path to a file.
///
/// What has a path separator or ends in `.gguf` is a path; everything else is a name.
///
/// @param text the argument as typed
record ModelArgument(String text) {
    /// The model of a command that names none.
    static final String DEFAULT = "smollm2:135m";

    /// The model file.
    ///
    /// @throws CommandException if there is no such file or no such name in the store
    Path file() {
        if (isPath()) {
            Path path = Path.of(text);
            if (!Files.isRegularFile(path)) {
                throw new CommandException("no such model file: " + text);
            }
            return path;
        }
        ModelName name = ModelName.parse(text);
        return ModelStore.open(ModelStore.standardRoot(System.getenv()))
                .find(name)
                .orElseThrow(() ->
                        new CommandException(
                                "no model %s in the store; see: autark list".formatted(name)))
                .file();
    }

    private boolean isPath() {
        return text.endsWith(".gguf") || text.contains("/") || text.contains("\\");
    }
}
